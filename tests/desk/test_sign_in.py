"""Staff sign-in, page by page: its own cookies, what each step wants, lock-out in words, demo accounts only in a demo."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import Outcome, RecoveryCode, Role, SessionRow, Staff, StaffAction
from app.accounts.passwords import give_one_time
from app.accounts.second_factor import WINDOW, code_at, demo_secret, step_of
from app.accounts.tokens import COOKIE, STAFF_COOKIE, STAFF_DOOR_COOKIE
from app.core import db
from app.core.clock import utcnow
from app.desk import landing
from tests import factories
from tests.conftest import Visit
from tests.support import databases
from tests.support.authenticator import code_of

from .conftest import Seat

OWN = "Rote-Laterne-7"


def send(client: httpx.Client, password: str = factories.PASSWORD, **more: str) -> httpx.Response:
    return client.post("/desk/sign-in", data={"username": "msb1", "password": password, **more})


def give(client: httpx.Client, code: str | None = None) -> httpx.Response:
    return client.post("/desk/sign-in/code", data={"code": code or code_of("msb1")})


def whole(client: httpx.Client, **more: str) -> httpx.Response:
    assert send(client, **more).headers["location"] == "/desk/sign-in/code"
    return give(client)


@pytest.fixture
def msb1(session: Session) -> Staff:
    made = factories.make_staff(session)
    session.commit()
    return made


def test_password_and_code_lead_to_the_queue(msb1: Staff, visit: Visit) -> None:
    client = visit()
    assert send(client).headers["location"] == "/desk/sign-in/code"
    assert STAFF_COOKIE not in client.cookies
    answer = give(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert STAFF_COOKIE in client.cookies
    assert STAFF_DOOR_COOKIE not in client.cookies
    assert COOKIE not in client.cookies
    assert client.get("/desk").status_code == 200


def test_halfway_opens_nothing_but_its_next_step(msb1: Staff, visit: Visit) -> None:
    client = visit()
    send(client)
    for path in ("/desk", "/desk/account", "/desk/records", "/desk/staff"):
        assert client.get(path).headers["location"].startswith("/desk/sign-in?"), path
    for path in ("/desk/sign-in/password", "/desk/sign-in/second-factor"):
        assert client.get(path).headers["location"] == "/desk/sign-in/code", path
        assert (
            client.post(path, data={"new": OWN, "again": OWN, "code": "123456"}).headers["location"].startswith("/desk/sign-in")
        )
    client.cookies.set(STAFF_COOKIE, client.cookies[STAFF_DOOR_COOKIE], domain="127.0.0.1")
    assert client.get("/desk").status_code == 303


def test_without_the_first_step_the_others_lead_back_to_it(visit: Visit) -> None:
    for path in ("code", "password", "second-factor"):
        assert visit().get(f"/desk/sign-in/{path}").headers["location"] == "/desk/sign-in"
        forged = visit()
        forged.cookies.set(STAFF_DOOR_COOKIE, "bm90aGluZw==", domain="127.0.0.1")
        assert forged.post(f"/desk/sign-in/{path}", data={"code": "1"}).headers["location"] == "/desk/sign-in"


def test_it_returns_to_the_page_that_was_asked_for_but_never_leaves_the_desk(msb1: Staff, visit: Visit) -> None:
    asked = visit().get("/desk/items/261125000018/msb.resident_enrol")
    assert asked.headers["location"] == "/desk/sign-in?next=%2Fdesk%2Fitems%2F261125000018%2Fmsb.resident_enrol"
    assert whole(visit(), next="/desk?tab=done").headers["location"] == "/desk?tab=done"
    assert whole(visit(), next="//example.org/desk").headers["location"] == "/desk"


@pytest.mark.parametrize("foreign", ["https://example.org/", "/desk\\@example.org", "/me", "/desk/sign-out"])
def test_a_way_back_outside_the_desk_is_none(foreign: str) -> None:
    from app.desk.landing import onward

    assert onward(foreign, "reviewer") == "/desk"
    assert onward(foreign, "auditor") == "/desk/records"


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(msb1: Staff, visit: Visit) -> None:
    answer = send(visit(), "wrong")
    assert answer.status_code == 422
    assert 'value="msb1"' in answer.text
    assert "用户名或密码不对" in answer.text
    assert "wrong" not in answer.text


def test_five_wrong_ones_lock_and_say_for_how_long(msb1: Staff, visit: Visit) -> None:
    client = visit()
    for _ in range(5):
        send(client, "wrong")
    answer = send(client)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.text


def test_wrong_codes_lock_too_and_a_right_password_between_them_forgives_nothing(msb1: Staff, visit: Visit) -> None:
    client = visit()
    for _ in range(4):
        send(client)
        assert give(client, "000000").status_code == 422
    send(client)
    assert give(client, "000000").status_code == 429
    assert give(client).status_code == 429
    assert send(client).status_code == 429


def test_a_code_works_once(msb1: Staff, visit: Visit) -> None:
    first, second = visit(), visit()
    send(first)
    send(second)
    code = code_of("msb1")
    assert give(first, code).status_code == 303
    answer = give(second, code)
    assert answer.status_code == 422
    assert "或者已经用过" in answer.text
    assert second.get("/desk").status_code == 303


@pytest.mark.parametrize(("off", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_off(msb1: Staff, visit: Visit, off: int, status: int) -> None:
    client = visit()
    send(client)
    now = step_of(utcnow())
    answer = give(client, code_at(demo_secret("msb1"), now + off))
    if step_of(utcnow()) == now:  # else the half minute ended in between
        assert answer.status_code == status


def test_a_code_of_an_earlier_step_does_not_come_after_a_later_one(msb1: Staff, visit: Visit) -> None:
    client, now = visit(), step_of(utcnow())
    send(client)
    assert give(client, code_at(demo_secret("msb1"), now + WINDOW)).status_code == 303
    send(client)
    assert give(client, code_at(demo_secret("msb1"), now)).status_code == 422


def one_time(session: Session, **made: Any) -> str:
    staff = factories.make_staff(session, second_factor=False, **made)
    staff.password_changed_at = None
    password = give_one_time(staff, utcnow())
    session.commit()
    return password


def test_the_first_sign_in_changes_the_password_sets_the_factor_up_and_shows_recovery_codes(
    session: Session, visit: Visit
) -> None:
    client = visit()
    password = one_time(session)
    assert send(client, password).headers["location"] == "/desk/sign-in/password"
    answer = client.post("/desk/sign-in/password", data={"new": "short", "again": "shorter"})
    assert answer.status_code == 422
    assert "两次填的不一样" in answer.text
    assert client.post("/desk/sign-in/password", data={"new": OWN, "again": OWN}).headers["location"].endswith("/second-factor")
    page = client.get("/desk/sign-in/second-factor").text
    assert "<svg" in page
    secret = "".join(re.findall(r'<code class="num">([A-Z2-7 ]+)</code>', page)[0].split())
    assert client.post("/desk/sign-in/second-factor", data={"code": "12"}).status_code == 422
    answer = client.post("/desk/sign-in/second-factor", data={"code": code_at(secret, step_of(utcnow()))})
    assert answer.headers["location"] == "/desk/account/recovery-codes"
    codes = re.findall(r'<code class="num">([0-9 ]+)</code>', client.get("/desk/account/recovery-codes").text)
    assert len(set(codes)) == 10
    assert client.post("/desk/account/recovery-codes/kept", data={"next": "/desk"}).headers["location"] == "/desk"
    assert codes[0] not in client.get("/desk/account/recovery-codes").text
    assert client.get("/desk").status_code == 200
    with db.reading() as reading:
        hashes = reading.exec(select(RecoveryCode.code_hash)).all()
    assert not set(hashes) & {code.replace(" ", "") for code in codes}
    assert send(visit(), password).status_code == 422
    again = visit()
    assert send(again, OWN).headers["location"] == "/desk/sign-in/code"
    assert give(again, codes[3]).headers["location"] == "/desk"
    assert send(again, OWN).status_code == 303
    assert give(again, codes[3]).status_code == 422


def test_a_one_time_password_ends_after_a_day(session: Session, visit: Visit) -> None:
    password = one_time(session)
    with db.writing() as writing:
        staff = writing.exec(select(Staff)).one()
        assert staff.one_time_until is not None
        staff.one_time_until -= timedelta(hours=25)
        writing.add(staff)
    answer = send(visit(), password)
    assert answer.status_code == 422
    assert "一次性密码已经过期" in answer.text


def test_a_password_of_90_days_must_be_changed_after_the_code(session: Session, visit: Visit) -> None:
    staff = factories.make_staff(session)
    staff.password_changed_at = utcnow() - timedelta(days=91)
    session.commit()
    client = visit()
    assert send(client).headers["location"] == "/desk/sign-in/code"
    assert give(client).headers["location"] == "/desk/sign-in/password"
    answer = client.post("/desk/sign-in/password", data={"new": factories.PASSWORD, "again": factories.PASSWORD})
    assert answer.status_code == 422
    assert client.post("/desk/sign-in/password", data={"new": OWN, "again": OWN}).headers["location"] == "/desk"


def test_a_reset_meanwhile_ends_a_sign_in_halfway(msb1: Staff, session: Session, visit: Visit) -> None:
    client = visit()
    send(client)
    with db.writing() as writing:
        staff = writing.exec(select(Staff)).one()
        give_one_time(staff, utcnow())
        writing.add(staff)
    assert give(client).headers["location"] == "/desk/sign-in?late=true"
    assert "请从头再来" in client.get("/desk/sign-in?late=true").text


def test_where_the_second_factor_is_optional_nobody_without_one_is_asked(
    session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_staff(session, second_factor=False)
    session.commit()
    monkeypatch.setenv("STAFF_SECOND_FACTOR", "optional")
    databases.forget_settings()
    assert send(visit()).headers["location"] == "/desk"


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.REVIEWER, "/desk"), (Role.HEAD, "/desk"), (Role.SUPERVISOR, "/desk/overview"),
        (Role.ADMINISTRATOR, "/desk/staff"), (Role.AUDITOR, "/desk/records"),
    ],
)  # fmt: skip
def test_each_role_lands_on_its_own_page(session: Session, visit: Visit, role: Role, home: str) -> None:
    factories.make_staff(session, role=role)
    session.commit()
    client = visit()
    assert whole(client).headers["location"] == home
    assert client.get(home).status_code == 200


def test_demo_accounts_are_shown_in_a_demo_only(msb1: Staff, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visit()
    assert "演示账号" not in client.get("/desk/sign-in").text
    send(client)
    code = code_at(demo_secret("msb1"), step_of(utcnow()))
    assert code not in client.get("/desk/sign-in/code").text
    monkeypatch.setenv("DEMO", "1")
    databases.forget_settings()
    text = client.get("/desk/sign-in").text
    assert "演示账号" in text
    assert "<code>msb1</code>" in text
    shown = re.search(r'value="(\d{6})"', client.get("/desk/sign-in/code").text)
    assert shown
    assert give(client, shown[1]).status_code == 303


def test_an_account_with_a_factor_of_its_own_never_shows_its_code(
    session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_staff(session).totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    session.commit()
    monkeypatch.setenv("DEMO", "1")
    databases.forget_settings()
    client = visit()
    send(client)
    assert not re.search(r'value="\d{6}"', client.get("/desk/sign-in/code").text)


def test_every_step_leaves_a_record_but_what_was_typed_never(msb1: Staff, visit: Visit) -> None:
    client = visit()
    client.post("/desk/sign-in", data={"username": "my-secret-password", "password": "x"})
    send(client, "wrong")
    send(client)
    give(client, "000000")
    give(client)
    client.post("/desk/sign-out")
    with db.reading() as reading:
        rows = list(reading.exec(select(StaffAction).order_by(StaffAction.sequence)))
    assert [(r.action, r.outcome, r.username) for r in rows] == [
        ("sign-in.password", Outcome.REFUSED, ""), ("sign-in.password", Outcome.REFUSED, "msb1"),
        ("sign-in.code", Outcome.REFUSED, "msb1"), ("sign-in", Outcome.DONE, "msb1"), ("sign-out", Outcome.DONE, "msb1"),
    ]  # fmt: skip
    assert {row.address for row in rows} == {"127.0.0.*"}
    assert "my-secret" not in repr(rows)


def test_a_resident_and_a_reviewer_are_signed_in_side_by_side(session: Session, visit: Visit) -> None:
    resident = factories.make_signed_in(session, factories.make_person(session))
    staff = factories.make_staff_signed_in(session, factories.make_staff(session))
    session.commit()
    client = visit(resident, staff=staff)
    assert client.get("/desk").status_code == 200
    assert client.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
    assert client.get("/desk").status_code == 303
    assert client.get("/drafts").status_code == 200


def test_a_residents_token_in_the_staff_cookie_opens_nothing(session: Session, visit: Visit) -> None:
    resident = factories.make_signed_in(session, factories.make_person(session))
    session.commit()
    assert visit(staff=resident).get("/desk").status_code == 303


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_other_roles_decide_nothing(seat: Seat, role: Role) -> None:
    client = seat("msb1", role=role).client
    assert client.get("/desk").status_code == 303
    assert client.post("/desk/items/261125000018/msb.resident_enrol/claim").status_code == 403
    assert client.post("/desk/search", data={"q": "王晓兰"}).status_code == 403


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_whoever_has_no_queue_is_led_from_it_to_their_own_first_page(seat: Seat, role: Role) -> None:
    client = seat("msb1", role=role).client
    answer = client.get("/desk?tab=done")
    assert (answer.status_code, answer.headers["location"]) == (303, landing.home(role))
    assert client.get(answer.headers["location"]).status_code == 200


def test_a_head_may_review(seat: Seat) -> None:
    assert seat("msb1", role=Role.HEAD).client.get("/desk").status_code == 200


def test_half_an_hour_without_a_request_ends_a_session_and_work_keeps_it(session: Session, seat: Seat) -> None:
    at = seat("msb1")
    row = session.exec(select(SessionRow)).one()
    row.seen_at = utcnow() - timedelta(minutes=29)
    session.commit()
    assert at.client.get("/desk").status_code == 200
    with db.reading() as reading:
        assert reading.exec(select(SessionRow)).one().seen_at > utcnow() - timedelta(minutes=1)
    row.seen_at = utcnow() - timedelta(minutes=31)
    session.add(row)
    session.commit()
    assert at.client.get("/desk").status_code == 303


def test_whoever_was_closed_or_moved_is_what_they_are_now_with_the_next_request(session: Session, seat: Seat) -> None:
    at = seat("msb1")
    assert at.client.get("/desk").status_code == 200
    staff = session.exec(select(Staff)).one()
    staff.role = Role.AUDITOR
    session.commit()
    assert at.client.get("/desk").headers["location"] == "/desk/records"
    assert at.client.get("/desk/records").status_code == 200
    staff.active = False
    session.commit()
    assert at.client.get("/desk/records").status_code == 303
