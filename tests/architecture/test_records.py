"""No act of staff goes unrecorded: every unsafe door of the desk and of the administrators is tried as every role."""

import re
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, col, func, select

from app.accounts import records
from app.accounts.models import Outcome, Role, Staff, StaffAction
from app.administration.records_words import ACTIONS
from app.core import db
from tests.architecture.test_routes import DOORS, address, headers
from tests.conftest import Visit
from tests.factories import make_staff, make_staff_signed_in

ROOT = Path(__file__).parents[2]
#: The steps before a session: there is nobody yet; each records itself (tests/desk/test_sign_in.py).
BEFORE = "/desk/sign-in"
STAFF_DOORS = [(method, path) for method, path in DOORS if path.startswith("/desk") and not path.startswith(BEFORE)]


def newest() -> StaffAction | None:
    with db.reading() as session:
        return session.exec(select(StaffAction).order_by(col(StaffAction.sequence).desc())).first()


def written() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(StaffAction)).one()


def test_there_are_doors() -> None:
    assert len(STAFF_DOORS) > 10


@pytest.mark.parametrize(("method", "path"), STAFF_DOORS, ids=lambda part: part)
def test_every_unsafe_request_of_staff_leaves_exactly_one_record(
    session: Session, visit: Visit, method: str, path: str
) -> None:
    for number, role in enumerate(Role, start=1):
        staff = make_staff(session, f"msb{number}", role=role)
        token = make_staff_signed_in(session, staff)
        session.commit()
        before = written()
        answer = visit(staff=token).request(method, address(path), headers=headers(path), data={"code": "1", "q": "x"})
        assert written() == before + 1, f"{role} {method} {path} answered {answer.status_code}"
        row = newest()
        assert row is not None
        assert row.staff_id == staff.id
        assert (row.username, row.role) == (staff.username, role.value)
        assert (row.outcome is Outcome.REFUSED) == (answer.status_code >= 400), f"{role} {path} {answer.status_code}"
    with db.reading() as reading:
        assert records.broken(reading) == []


def test_every_act_has_words_for_the_auditor() -> None:
    class Route:
        def __init__(self, path: str) -> None:
            self.path = path

    words = {records._action({"route": Route(path)}) for _, path in STAFF_DOORS}
    for file in (ROOT / "app").rglob("*.py"):
        words |= set(re.findall(r'record\([^"\n]*"([a-z.-]+\.[a-z-]+)"', file.read_text()))
    assert words - set(ACTIONS) == set(), "say in app/administration/records_words.py what it is called"


def test_a_read_leaves_none(session: Session, visit: Visit) -> None:
    token = make_staff_signed_in(session, make_staff(session))
    session.commit()
    client: httpx.Client = visit(staff=token)
    for path in ("/desk", "/desk/account", "/desk/items/261125000018/msb.x"):
        client.get(path)
    assert written() == 0


def test_a_strangers_request_leaves_none_but_changes_nothing_either(session: Session, visit: Visit) -> None:
    make_staff(session)
    session.commit()
    for method, path in STAFF_DOORS:
        visit().request(method, address(path), headers=headers(path))
    assert written() == 0
    with db.reading() as reading:
        assert reading.exec(select(Staff)).one().active
