"""Accounts of staff: what an administrator may do with others', never with their own; a look is kept whatever happens."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.accounts import passwords, second_factor, staff
from app.accounts.errors import LastAdministrator, NotOneself, UsernameTaken
from app.accounts.models import Look, RecoveryCode, Role, SessionRow, Staff, StaffAction
from app.accounts.officers import Officer
from app.accounts.staff import StaffDetails
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, BadInput, Busy, NotFound
from app.core.ids import new_id
from tests.factories import DIVISION, make_department, make_person, make_staff, make_staff_signed_in

NOW = utcnow()


def details(**changed: Any) -> StaffDetails:
    made = {"name": "赵敏", "badge": "0042", "department_id": "msb", "jurisdiction": DIVISION, "role": Role.REVIEWER}
    return StaffDetails(**{**made, **changed})


def as_officer(who: Staff) -> Officer:
    return Officer(new_id(), who.id, who.name, who.badge, who.department_id, "", "", who.jurisdiction, who.role, who.username)


@pytest.fixture
def boss(session: Session) -> Officer:
    """An administrator of one town."""
    make_department(session, "msb")
    return as_officer(make_staff(session, "das1", role=Role.ADMINISTRATOR, jurisdiction=DIVISION))


def actions(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return list(session.exec(select(StaffAction.action, StaffAction.object_part).order_by(StaffAction.sequence)))


def test_a_new_account_opens_once_with_a_password_for_a_day(session: Session, boss: Officer) -> None:
    made, password = staff.make_staff(session, boss, " Zhao.Min ", details(), NOW)
    assert (made.username, made.name, made.role, made.active) == ("zhao.min", "赵敏", Role.REVIEWER, True)
    assert passwords.right(made.password_hash, password)
    assert made.one_time_until == NOW + timedelta(hours=24)
    assert passwords.must_change(made, NOW)
    assert actions(session) == [("staff.make", "reviewer")]
    assert password not in repr(session.exec(select(StaffAction)).all())


def test_two_at_once_get_no_account_of_the_same_name(session: Session, boss: Officer) -> None:
    staff.make_staff(session, boss, "zhao", details(), NOW)
    with pytest.raises(UsernameTaken):
        staff.make_staff(session, boss, "ZHAO", details(name="赵敏敏"), NOW)
    assert session.exec(select(Staff.name).where(Staff.username == "zhao")).one() == "赵敏"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "赵"}, {"badge": " "}, {"badge": "1" * 21}, {"department_id": "nowhere"}, {"jurisdiction": "3"},
        {"jurisdiction": "北京"}, {"jurisdiction": "110101"},
    ],
    ids=str,
)  # fmt: skip
def test_details_that_cannot_be_are_refused_in_words(session: Session, boss: Officer, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        staff.make_staff(session, boss, "zhao", details(**wrong), NOW)


@pytest.mark.parametrize("name", ["", "ab", "a b c", "王敏", "a" * 61, "-", "a'--"])
def test_a_user_name_is_plain(name: str) -> None:
    with pytest.raises(BadInput):
        staff.user_name(name)


def test_a_change_names_in_its_record_what_was_changed_but_not_to_what(session: Session, boss: Officer) -> None:
    other = make_staff(session, "msb1")
    staff.change(session, boss, other.id, details(name=other.name, badge=other.badge, role=Role.HEAD), NOW)
    assert other.role is Role.HEAD
    assert actions(session) == [("staff.change", "role")]


VERBS: dict[str, Callable[[Session, Officer | None, UUID], object]] = {
    "change": lambda session, by, who: staff.change(session, by, who, details(role=Role.AUDITOR), NOW),
    "reset_password": lambda session, by, who: staff.reset_password(session, by, who, NOW),
    "reset_second_factor": lambda session, by, who: staff.reset_second_factor(session, by, who, NOW),
    "deactivate": lambda session, by, who: staff.deactivate(session, by, who, NOW),
    "unlock": lambda session, by, who: staff.unlock(session, by, who, NOW),
}


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_does_to_themself_what_another_administrator_must_do(session: Session, boss: Officer, verb: str) -> None:
    make_staff(session, "das2", role=Role.ADMINISTRATOR)
    with pytest.raises(NotOneself):
        VERBS[verb](session, boss, boss.staff_id)


@pytest.mark.parametrize("verb", VERBS)
def test_staff_of_another_jurisdiction_do_not_exist(session: Session, verb: str) -> None:
    town = as_officer(make_staff(session, "das1", role=Role.ADMINISTRATOR, jurisdiction="320507104"))
    elsewhere = make_staff(session, "msb1", jurisdiction="320507105")
    for who in (elsewhere.id, new_id()):
        with pytest.raises(NotFound):
            VERBS[verb](session, town, who)


@pytest.mark.parametrize("verb", ["change", "deactivate"])
def test_the_last_administrator_stays_even_for_the_terminal(session: Session, boss: Officer, verb: str) -> None:
    with pytest.raises(LastAdministrator):
        VERBS[verb](session, None, boss.staff_id)
    other = make_staff(session, "das2", role=Role.ADMINISTRATOR)
    VERBS[verb](session, boss, other.id)


def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed(session: Session, boss: Officer) -> None:
    other = as_officer(make_staff(session, "das2", role=Role.ADMINISTRATOR))
    session.commit()
    refusals: list[AppError] = []

    def close_boss() -> None:
        try:
            with db.writing() as theirs:
                staff.deactivate(theirs, other, boss.staff_id, NOW)
        except (LastAdministrator, Busy) as error:
            refusals.append(error)

    thread = threading.Thread(target=close_boss)
    with db.writing() as mine:
        staff.deactivate(mine, boss, other.staff_id, NOW)
        thread.start()
        thread.join(0.5)  # it waits for us
    thread.join()
    session.rollback()
    assert len(refusals) == 1
    active = select(Staff.username).where(Staff.role == Role.ADMINISTRATOR, Staff.active)
    assert session.exec(active).all() == ["das1"]


@pytest.mark.parametrize("verb", ["reset_password", "reset_second_factor", "deactivate"])
def test_what_takes_a_way_to_sign_in_away_ends_the_sessions(session: Session, boss: Officer, verb: str) -> None:
    other = make_staff(session, "msb1")
    make_staff_signed_in(session, other)
    second_factor.new_recovery_codes(session, other.id, NOW)
    VERBS[verb](session, boss, other.id)
    session.flush()
    assert session.exec(select(SessionRow)).all() == []
    assert (other.totp_secret is None) == (verb == "reset_second_factor")
    assert bool(session.exec(select(RecoveryCode)).all()) == (verb != "reset_second_factor")


def test_whoever_comes_back_chooses_a_new_password(session: Session, boss: Officer) -> None:
    other = make_staff(session, "msb1")
    staff.deactivate(session, boss, other.id, NOW)
    password = staff.activate(session, boss, other.id, NOW)
    assert other.active
    assert passwords.right(other.password_hash, password)
    assert passwords.must_change(other, NOW)
    assert [action for action, _ in actions(session)] == ["staff.deactivate", "staff.activate"]


def test_the_terminal_is_named_as_such_in_the_records(session: Session) -> None:
    other = make_staff(session, "msb1")
    staff.unlock(session, None, other.id, NOW)
    session.flush()
    row = session.exec(select(StaffAction)).one()
    assert (row.staff_id, row.role, row.object_id) == (None, "terminal", str(other.id))


def test_a_look_is_kept_whatever_becomes_of_the_request(session: Session) -> None:
    person, made = make_person(session), make_staff(session)
    session.commit()
    staff.record_look(made.id, person.id, "261125000018", "review", "case", NOW)
    with db.reading() as read:
        look = read.exec(select(Look)).one()
    assert (look.staff_id, look.person_id, look.what) == (made.id, person.id, "review")
