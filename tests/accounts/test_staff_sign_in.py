"""The rules of staff sign-in: failures of password and code lock alike, nothing tells a stranger which names are real."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, select

from app.accounts import expiry, passwords, records, staff
from app.accounts import staff_sign_in as door
from app.accounts.errors import AccountLocked, SignInTooSlow, WrongPassword, WrongSecondFactor
from app.accounts.models import Outcome, Role, SessionRow, Staff, StaffAction, WrongPasswords
from app.accounts.second_factor import code_at, demo_secret, step_of
from app.accounts.staff_sign_in import Client, Halfway, Step
from app.core import db
from app.core.clock import utcnow
from tests.conftest import Visit
from tests.factories import PASSWORD, make_staff
from tests.support.authenticator import code_of

NOW = utcnow()
HERE, THERE = Client("203.0.113.*", "Windows Chrome"), Client("198.51.100.*", "Mac Safari")


def attempt(session: Session, password: str, *, username: str = "msb1", minutes: float = 0, client: Client = HERE) -> object:
    right = door.check_password(session, username, password)
    return door.begin(session, username, right, client, "", NOW + timedelta(minutes=minutes))


def halfway(session: Session, minutes: float = 0) -> Halfway:
    found = attempt(session, PASSWORD, minutes=minutes)
    assert isinstance(found, Halfway)
    return found


def test_password_and_code_open_a_session_of_twelve_hours(session: Session) -> None:
    made = make_staff(session)
    ticket = halfway(session)
    assert door.step(made, ticket, NOW) is Step.CODE
    with pytest.raises(SignInTooSlow):
        door.open_session(session, ticket, HERE, NOW)
    proved = door.give_code(session, ticket, code_at(demo_secret("msb1"), step_of(NOW)), HERE, NOW)
    assert isinstance(proved, Halfway)
    signed = door.open_session(session, proved, HERE, NOW)
    session.flush()
    row = session.exec(select(SessionRow)).one()
    assert (row.staff_id, row.expires_at - row.created_at) == (made.id, timedelta(hours=12))
    assert signed.token not in str(row)


@pytest.mark.parametrize(("username", "password"), [("msb1", "wrong"), ("nobody", PASSWORD), ("msb1", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_alike(session: Session, username: str, password: str) -> None:
    make_staff(session)
    assert isinstance(attempt(session, password, username=username), WrongPassword)


def test_five_wrong_ones_from_wherever_lock_even_for_the_right_one_until_a_quarter_of_an_hour_is_over(session: Session) -> None:
    make_staff(session)
    answers = [attempt(session, "wrong", client=client) for client in (HERE, THERE, HERE, THERE, THERE)]
    assert [type(answer) for answer in answers] == [WrongPassword] * 4 + [AccountLocked]
    locked = attempt(session, PASSWORD, minutes=14)
    assert isinstance(locked, AccountLocked)
    assert locked.params == {"minutes": 1}
    assert isinstance(attempt(session, PASSWORD, minutes=15), Halfway)


def test_wrong_codes_count_with_wrong_passwords_and_only_a_whole_sign_in_forgives_them(session: Session) -> None:
    make_staff(session)
    attempt(session, "wrong")
    attempt(session, "wrong")
    for _ in range(2):
        assert isinstance(door.give_code(session, halfway(session), "000000", HERE, NOW), WrongSecondFactor)
    ticket = halfway(session)
    assert isinstance(door.give_code(session, ticket, "000000", HERE, NOW), AccountLocked)
    right = code_at(demo_secret("msb1"), step_of(NOW))
    assert isinstance(door.give_code(session, ticket, right, HERE, NOW), AccountLocked)
    later = NOW + timedelta(minutes=16)
    proved = door.give_code(session, halfway(session, 16), code_at(demo_secret("msb1"), step_of(later)), HERE, later)
    assert isinstance(proved, Halfway)
    door.open_session(session, proved, HERE, later)
    session.flush()
    assert session.exec(select(WrongPasswords)).all() == []


def test_an_administrator_may_end_a_lock(session: Session) -> None:
    made = make_staff(session)
    for _ in range(5):
        attempt(session, "wrong")
    assert staff.locked_until(session, "msb1", NOW) == NOW + timedelta(minutes=15)
    staff.unlock(session, None, made.id, NOW)
    assert staff.locked_until(session, "msb1", NOW) is None
    assert isinstance(attempt(session, PASSWORD), Halfway)


def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(session: Session) -> None:
    make_staff(session)
    tries = [[attempt(session, "wrong", username=name) for _ in range(6)] for name in ("msb1", "nobody")]
    real, invented = ([(type(answer), getattr(answer, "params", None)) for answer in answers] for answers in tries)
    assert real == invented


def test_a_locked_name_locks_no_other_one(session: Session) -> None:
    make_staff(session)
    for _ in range(5):
        attempt(session, "wrong", username="msb2")
    assert isinstance(attempt(session, PASSWORD), Halfway)


def test_what_was_counted_is_forgotten_after_two_days(session: Session) -> None:
    attempt(session, "wrong")
    session.flush()
    assert expiry.sweep(session, NOW + timedelta(days=1), 100) == 0
    assert expiry.sweep(session, NOW + timedelta(days=3), 100) == 1


def test_who_has_left_cannot_sign_in(session: Session) -> None:
    made = make_staff(session)
    ticket = halfway(session)
    made.active = False
    session.flush()
    assert isinstance(attempt(session, PASSWORD), WrongPassword)
    with pytest.raises(SignInTooSlow):
        door.give_code(session, ticket, code_at(demo_secret("msb1"), step_of(NOW)), HERE, NOW)


def test_a_sign_in_halfway_ends_by_itself(session: Session) -> None:
    made = make_staff(session)
    ticket = halfway(session)
    assert door.find(session, ticket, NOW + timedelta(minutes=20)) is made
    for moment in (NOW + timedelta(minutes=21), NOW - timedelta(minutes=1)):
        with pytest.raises(SignInTooSlow):
            door.find(session, ticket, moment)


def test_a_name_that_nobody_has_costs_the_time_of_a_real_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1)
    monkeypatch.setattr("app.accounts.passwords.hasher", slow)
    passwords.nobodys.cache_clear()
    made = make_staff(session)
    made.password_hash = slow.hash(PASSWORD)
    session.flush()
    door.check_password(session, "nobody", "wrong")
    spent: dict[str, list[float]] = {"msb1": [], "nobody": []}
    for _ in range(7):
        for name, times in spent.items():
            began = time.perf_counter()
            door.check_password(session, name, "wrong")
            times.append(time.perf_counter() - began)
    passwords.nobodys.cache_clear()
    real, invented = (statistics.median(times) for times in spent.values())
    assert 0.5 < real / invented < 2, spent


def test_twenty_at_once_with_one_code_open_one_session(session: Session, visit: Visit) -> None:
    make_staff(session)
    session.commit()
    clients = [visit() for _ in range(20)]
    for client in clients:
        client.post("/desk/sign-in", data={"username": "msb1", "password": PASSWORD})
    code = code_of("msb1")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda client: client.post("/desk/sign-in/code", data={"code": code}), clients))
    assert sorted({answer.status_code for answer in answers}) in ([303, 422], [303, 422, 429])
    assert sum(answer.status_code == 303 for answer in answers) == 1
    with db.reading() as reading:
        assert len(reading.exec(select(SessionRow)).all()) == 1
        assert records.broken(reading) == []


def test_twenty_people_at_once_all_come_in_and_are_recorded_in_one_order(session: Session, visit: Visit) -> None:
    names = [f"msb{n}" for n in range(1, 21)]
    for name in names:
        make_staff(session, name, role=Role.REVIEWER)
    session.commit()

    def whole(name: str) -> int:
        client = visit()
        client.post("/desk/sign-in", data={"username": name, "password": PASSWORD})
        return client.post("/desk/sign-in/code", data={"code": code_of(name)}).status_code

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(whole, names)) == [303] * 20
    with db.reading() as reading:
        rows = reading.exec(select(StaffAction).order_by(StaffAction.sequence)).all()
        assert records.broken(reading) == []
    assert [row.sequence for row in rows] == list(range(1, 21))
    assert {(row.action, row.outcome) for row in rows} == {("sign-in", Outcome.DONE)}
    assert {row.username for row in rows} == set(names)


def test_twenty_wrong_passwords_at_once_are_counted_one_by_one(session: Session, visit: Visit) -> None:
    make_staff(session)
    session.commit()

    def wrong(_: int) -> int:
        return visit().post("/desk/sign-in", data={"username": "msb1", "password": "wrong"}).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(wrong, range(20)))
    assert answers.count(422) == 4
    assert answers.count(429) == 16
    with db.reading() as reading:
        assert reading.exec(select(Staff)).one().active
