"""Staff passwords: five wrong ones lock, and nothing tells a stranger which part was wrong."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.accounts import expiry, staff
from app.accounts.errors import AccountLocked, WrongPassword
from app.accounts.models import Look, SessionRow, WrongPasswords
from app.core import db
from app.core.clock import utcnow
from tests.factories import PASSWORD, make_person, make_staff

NOW = utcnow()


def attempt(session: Session, password: str, *, username: str = "msb1", minutes: float = 0) -> object:
    right = staff.check_password(session, username, password)
    return staff.sign_in(session, username, right, "Windows Chrome", NOW + timedelta(minutes=minutes))


def test_the_right_password_opens_a_session_of_twelve_hours(session: Session) -> None:
    made = make_staff(session)
    token = attempt(session, PASSWORD)
    session.flush()
    row = session.exec(select(SessionRow)).one()
    assert isinstance(token, str)
    assert (row.staff_id, row.expires_at - row.created_at) == (made.id, timedelta(hours=12))
    assert token not in str(row)


@pytest.mark.parametrize(("username", "password"), [("msb1", "wrong"), ("nobody", PASSWORD), ("msb1", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_alike(session: Session, username: str, password: str) -> None:
    make_staff(session)
    assert isinstance(attempt(session, password, username=username), WrongPassword)


def test_five_wrong_ones_lock_even_for_the_right_one_until_a_quarter_of_an_hour_is_over(session: Session) -> None:
    make_staff(session)
    answers = [attempt(session, "wrong") for _ in range(5)]
    assert [type(answer) for answer in answers] == [WrongPassword] * 4 + [AccountLocked]
    locked = attempt(session, PASSWORD, minutes=14)
    assert isinstance(locked, AccountLocked)
    assert locked.params == {"minutes": 1}
    assert isinstance(attempt(session, PASSWORD, minutes=15), str)


def test_a_right_one_forgets_the_wrong_ones_before(session: Session) -> None:
    make_staff(session)
    for password in ("wrong", "wrong", "wrong", "wrong", PASSWORD, "wrong"):
        last = attempt(session, password)
    assert isinstance(last, WrongPassword)
    assert session.exec(select(WrongPasswords)).one().failures == 1


def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(session: Session) -> None:
    make_staff(session)
    tries = [[attempt(session, "wrong", username=name) for _ in range(6)] for name in ("msb1", "nobody")]
    real, invented = ([(type(answer), answer.params) for answer in answers] for answers in tries)
    assert real == invented


def test_a_locked_name_locks_no_other_one(session: Session) -> None:
    make_staff(session)
    for _ in range(5):
        attempt(session, "wrong", username="msb2")
    assert isinstance(attempt(session, PASSWORD), str)


def test_what_was_counted_is_forgotten_after_two_days(session: Session) -> None:
    attempt(session, "wrong")
    session.flush()
    assert expiry.sweep(session, NOW + timedelta(days=1), 100) == 0
    assert expiry.sweep(session, NOW + timedelta(days=3), 100) == 1


def test_who_has_left_cannot_sign_in(session: Session) -> None:
    made = make_staff(session)
    made.active = False
    session.flush()
    assert isinstance(attempt(session, PASSWORD), WrongPassword)


def test_only_the_argon2_hash_of_a_password_rests(session: Session) -> None:
    made = staff.make_staff(session, "psb9", "周敏", "1", PASSWORD, make_staff(session).department_id, "320507", NOW)
    assert made.password_hash.startswith("$argon2id$")
    assert PASSWORD not in made.password_hash


def test_a_look_is_kept_whatever_becomes_of_the_request(session: Session) -> None:
    person, made = make_person(session), make_staff(session)
    session.commit()
    staff.record_look(made.id, person.id, "261125000018", "review", "case", NOW)
    with db.reading() as read:
        look = read.exec(select(Look)).one()
    assert (look.staff_id, look.person_id, look.what) == (made.id, person.id, "review")
