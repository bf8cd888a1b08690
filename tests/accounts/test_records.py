"""Records of staff: written with the act or not at all, in one order, and a changed, missing or cut-off past is found."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.accounts import records
from app.accounts.models import Outcome, RecordChain, Staff, StaffAction
from app.accounts.records import NOBODY, Thing, Who
from app.core import db
from app.core.clock import utcnow
from tests.factories import make_staff

NOW = utcnow()


def three(session: Session) -> Staff:
    """Three records by one person."""
    staff = make_staff(session)
    who = Who(staff.id, staff.username, staff.role, staff.department_id)
    for number in range(3):
        thing = Thing("case", f"26112500001{number}", "msb.resident_enrol")
        moment = NOW + timedelta(seconds=number)
        records.append(session, who, "items.claim", thing, Outcome.DONE, moment, "203.0.113.*", "Windows Chrome")
    return staff


def test_records_stand_in_one_chain(session: Session) -> None:
    three(session)
    rows = session.exec(select(StaffAction).order_by(StaffAction.sequence)).all()
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [records.START, rows[0].digest, rows[1].digest]
    assert records.broken(session) == []


def test_what_was_written_is_what_is_read_back(session: Session) -> None:
    three(session)
    session.commit()
    with db.reading() as reading:
        assert records.broken(reading) == []


FORGERIES: dict[str, tuple[str, list[int]]] = {
    "another time": ("UPDATE staff_action SET at = '2020-01-01 00:00:00' WHERE sequence = 2", [2]),
    "another person": ("UPDATE staff_action SET username = 'msb2' WHERE sequence = 1", [1]),
    "nobody": ("UPDATE staff_action SET staff_id = NULL WHERE sequence = 1", [1]),
    "another outcome": ("UPDATE staff_action SET outcome = 'refused' WHERE sequence = 3", [3]),
    "another case": ("UPDATE staff_action SET object_id = '261125000020' WHERE sequence = 2", [2]),
    "one less": ("DELETE FROM staff_action WHERE sequence = 2", [3]),
    "the last one less": ("DELETE FROM staff_action WHERE sequence = 3", [3]),
    "all": ("DELETE FROM staff_action", [1]),
    "the end forgotten": ("DELETE FROM record_chain", [4]),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_changed_past_is_found(session: Session, forgery: str) -> None:
    three(session)
    session.flush()
    statement, found = FORGERIES[forgery]
    session.connection().execute(text(statement))
    session.expire_all()
    assert records.broken(session) == found


def fail_after_recording() -> None:
    with db.writing() as writing:
        records.record(writing, None, "staff.unlock", ("staff", "x"), NOW)
        raise RuntimeError


def test_an_act_that_is_rolled_back_leaves_no_record_and_no_gap(session: Session) -> None:
    three(session)
    session.commit()
    with pytest.raises(RuntimeError):
        fail_after_recording()
    with db.writing() as writing:
        records.append(writing, NOBODY, "sign-in.password", Thing(), Outcome.REFUSED, NOW, "", "")
    with db.reading() as reading:
        assert records.broken(reading) == []
        chain = reading.exec(select(RecordChain)).one()
        assert chain.count == 4


def test_over_long_words_are_cut_and_hold(session: Session) -> None:
    records.append(session, NOBODY, "a" * 999, Thing("k" * 999, "i" * 999, "p" * 999), Outcome.DONE, NOW, "n" * 99, "d" * 999)
    session.commit()
    with db.reading() as reading:
        assert records.broken(reading) == []


@pytest.mark.parametrize(
    ("path", "parameters", "word", "thing"),
    [
        ("/desk/items/{number}/{item_id}/claim", {"number": "261125000018", "item_id": "msb.x"}, "items.claim",
         Thing("case", "261125000018", "msb.x")),
        ("/desk/staff/{staff_id}/password", {"staff_id": "01936f2e-7a00-7000-8000-000000000001"}, "staff.password",
         Thing("staff", "01936f2e-7a00-7000-8000-000000000001")),
        ("/desk/search", {}, "search", Thing()),
        ("/desk", {}, "desk", Thing()),
        ("/desk/items/{number}", {"number": "王晓兰 的办件"}, "items", Thing("case", "?")),
    ],
)  # fmt: skip
def test_word_and_object_come_from_the_route(path: str, parameters: dict[str, str], word: str, thing: Thing) -> None:
    class Route:
        pass

    route = Route()
    route.path = path  # type: ignore[attr-defined]
    assert records._action({"route": route}) == word
    assert records._thing(parameters) == thing
