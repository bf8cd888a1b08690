"""What operators do from a terminal."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from app.accounts import passwords
from app.accounts.models import Department, Role, Staff, StaffAction
from app.accounts.staff import DEMO_PASSWORD
from app.accounts.staff_sign_in import check_password
from app.cli import app
from app.core import crypto, db
from app.core.settings import settings
from tests import factories
from tests.support import databases

Linban = Callable[..., Result]


@pytest.fixture
def linban(database: Engine) -> Linban:
    """linban("states"): runs a command on this test's installation."""
    return lambda *words, **options: CliRunner().invoke(app, list(words), **options)


def test_the_catalogue_holds(linban: Linban) -> None:
    result = linban("catalogue", "check")
    assert (result.exit_code, result.output) == (0, "Every definition holds.\n")


def test_a_wrong_definition_is_named_with_file_and_line(linban: Linban, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.catalogue import loader

    monkeypatch.setattr(loader, "check", lambda: ["newborn.yaml:12: unknown key 'depatment'"])
    result = linban("catalogue", "check")
    assert result.exit_code == 1
    assert "newborn.yaml:12" in result.output


def test_migrating_twice_changes_nothing(linban: Linban) -> None:
    assert linban("migrate").exit_code == 0
    assert linban("migrate").output == "Database is up to date.\n"


def test_demo_staff_is_made_once_for_every_department(linban: Linban) -> None:
    assert "msb2" in linban("demo").output
    assert linban("demo").output.startswith("0 added.")
    with db.reading() as session:
        departments = set(session.exec(select(Department.id)))
        names = set(session.exec(select(Staff.username)))
    assert names == {f"{department}1" for department in departments} | {"msb2", "msb9", "super1", "admin1", "audit1"}


def test_demo_staff_can_sign_in_with_the_password_that_is_shown_on_a_demo_only(
    linban: Linban, monkeypatch: pytest.MonkeyPatch
) -> None:
    linban("demo")
    with db.reading() as session:
        assert check_password(session, "msb1", DEMO_PASSWORD) is None
        monkeypatch.setenv("DEMO", "1")
        databases.forget_settings()
        assert check_password(session, "msb1", DEMO_PASSWORD)
        assert check_password(session, "admin1", DEMO_PASSWORD)


def staff_add(linban: Linban, name: str = "赵敏", department: str = "msb", role: str = "head") -> Result:
    return linban(
        "staff", "add", "zhao", "--name", name, "--department", department, "--badge", "320507001", "--role", role
    )  # fmt: skip


def test_staff_is_added_with_role_and_the_whole_jurisdiction(linban: Linban) -> None:
    said = staff_add(linban)
    assert said.exit_code == 0
    password = said.output.split()[-1]
    with db.reading() as session:
        added = session.exec(select(Staff)).one()
        assert (added.username, added.role, added.jurisdiction) == ("zhao", Role.HEAD, settings().division)
        assert passwords.right(added.password_hash, password)
        assert added.one_time_until is not None


@pytest.mark.parametrize("wrong", [{"name": "赵"}, {"department": "nowhere"}, {"role": "king"}])
def test_staff_with_something_wrong_is_refused(linban: Linban, wrong: dict[str, str]) -> None:
    assert staff_add(linban, **wrong).exit_code == 2
    with db.reading() as session:
        assert session.exec(select(Staff)).first() is None


def test_a_user_name_is_given_once(linban: Linban) -> None:
    staff_add(linban)
    assert staff_add(linban).exit_code == 2


def test_after_a_rotation_old_data_opens_and_new_data_has_the_new_key(linban: Linban) -> None:
    old = crypto.keyring().seal(b"secret", "here")
    assert "k002" in linban("keys", "rotate").output
    assert crypto.keyring().open(old, "here") == b"secret"
    assert crypto.keyring().seal(b"secret", "here").startswith(b"k002")


def test_chains_that_hold_are_said_to_hold(linban: Linban, session: Session) -> None:
    factories.make_case(session, factories.make_person(session))
    session.commit()
    assert linban("verify").output == "All chains hold.\n"


def test_a_changed_past_is_found(linban: Linban, session: Session) -> None:
    case = factories.make_case(session, factories.make_person(session))
    session.commit()
    session.execute(text("UPDATE case_event SET kind = 'item_approved' WHERE sequence = 1"))
    session.commit()
    result = linban("verify")
    assert result.exit_code == 1
    assert f"case {case.id}: event 1 does not hold" in result.output


def test_accounts_are_listed_reset_unlocked_and_closed_and_each_act_is_recorded(linban: Linban) -> None:
    staff_add(linban, role="reviewer")
    assert "zhao" in linban("staff", "list").output
    password = linban("staff", "reset-password", "zhao").output.split()[-1]
    with db.reading() as session:
        assert passwords.right(session.exec(select(Staff.password_hash)).one(), password)
    for words in (("reset-second-factor", "zhao"), ("unlock", "zhao"), ("close", "zhao")):
        assert linban("staff", *words).exit_code == 0
    assert linban("staff", "list").output.rstrip().endswith("closed")
    assert linban("staff", "unlock", "nobody").exit_code == 2
    with db.reading() as session:
        acts = session.exec(select(StaffAction.action).order_by(StaffAction.sequence)).all()
    assert acts == ["staff.make", "staff.reset-password", "staff.reset-second-factor", "staff.unlock", "staff.deactivate"]
    assert linban("verify").output == "All chains hold.\n"


def test_a_changed_record_of_staff_is_found(linban: Linban, session: Session) -> None:
    staff_add(linban)
    session.execute(text("UPDATE staff_action SET action = 'staff.unlock'"))
    session.commit()
    result = linban("verify")
    assert result.exit_code == 1
    assert "staff: record 1 does not hold" in result.output


def test_the_state_table_prints_a_line_for_each_row(linban: Linban) -> None:
    from app.cases.states import TABLE

    lines = linban("states").output.splitlines()
    assert len(lines) == len(TABLE) + 1
    assert "行政许可法 art. 32(1)(4)" in "\n".join(lines)


def test_every_text_has_its_english(linban: Linban) -> None:
    result = linban("words")
    assert result.exit_code == 0, result.output
