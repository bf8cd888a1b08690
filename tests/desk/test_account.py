"""My own account at the desk: what is shown, a new password, recovery codes, ending my sessions; never anybody else's."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.accounts import records
from app.accounts.models import Outcome, Role, SessionRow, Staff, StaffAction
from app.accounts.records import Thing, Who
from app.accounts.tokens import digest
from app.core import db
from app.core.clock import utcnow
from tests import factories
from tests.support.authenticator import code_of

from .conftest import Seat

OWN = "Rote-Laterne-7"
PASSWORDS = {"password": factories.PASSWORD, "new": OWN, "again": OWN}


def newest() -> tuple[str, Outcome]:
    with db.reading() as session:
        row = session.exec(select(StaffAction).order_by(StaffAction.sequence.desc())).first()  # type: ignore[attr-defined]
    assert row is not None
    return row.action, row.outcome


def password_hash() -> str:
    with db.reading() as session:
        return session.exec(select(Staff.password_hash)).one()


def test_it_says_who_i_am_and_when_i_was_here_before(session: Session, seat: Seat) -> None:
    at = seat("msb1")
    staff = session.exec(select(Staff)).one()
    who = Who(staff.id, "msb1", staff.role, staff.department_id)
    for days in (2, 0):
        moment = utcnow() - timedelta(days=days)
        device = "Mac Safari" if days else "Windows Chrome"
        records.append(session, who, "sign-in", Thing(), Outcome.DONE, moment, "203.0.113.*", device)
    session.commit()
    text = at.client.get("/desk/account").text
    assert "<dd>相城区</dd>" in text
    for word in ("周敏", "msb1", staff.badge, "经办", "Mac Safari", "203.0.113.*", "还剩 0 个"):
        assert word in text, word


def test_a_new_password_ends_my_other_sessions_and_keeps_this_one(session: Session, seat: Seat) -> None:
    at = seat("msb1")
    staff = session.exec(select(Staff)).one()
    other = factories.make_staff_signed_in(session, staff)
    session.commit()
    answer = at.client.post("/desk/account/password", data=PASSWORDS)
    assert answer.headers["location"] == "/desk/account?done=password"
    assert at.client.get("/desk/account?done=password").status_code == 200
    at.client.cookies.set("linban_desk", other, domain="127.0.0.1")
    assert at.client.get("/desk/account").status_code == 303
    assert newest() == ("account.password", Outcome.DONE)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "wrong"}, "用户名或密码不对"), ({"again": "else"}, "两次填的不一样"), ({"new": "short"}, "新密码还不行"),
        ({"new": factories.PASSWORD, "again": factories.PASSWORD}, "新密码还不行"),
    ],
    ids=str,
)  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing_and_says_why(seat: Seat, wrong: dict[str, str], words: str) -> None:
    at = seat("msb1")
    before = password_hash()
    answer = at.client.post("/desk/account/password", data=PASSWORDS | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert OWN not in answer.text
    assert newest() == ("account.password", Outcome.REFUSED)
    assert password_hash() == before


def test_an_unlocked_screen_is_no_way_around_the_lock(seat: Seat) -> None:
    client = seat("msb1").client
    statuses = [
        client.post("/desk/account/password", data=PASSWORDS | {"password": f"wrong {n}"}).status_code for n in range(6)
    ]
    assert statuses == [422] * 4 + [429] * 2
    assert client.post("/desk/account/password", data=PASSWORDS).status_code == 429
    assert client.post("/desk/account/recovery-codes", data={"code": code_of("msb1")}).status_code == 429


def test_recovery_codes_are_shown_to_this_browser_until_they_are_kept(session: Session, seat: Seat) -> None:
    client = seat("msb1").client
    assert client.post("/desk/account/recovery-codes", data={"code": "000000"}).status_code == 422
    assert newest() == ("account.recovery-codes", Outcome.REFUSED)
    answer = client.post("/desk/account/recovery-codes", data={"code": code_of("msb1")})
    assert answer.headers["location"] == "/desk/account/recovery-codes"
    codes = re.findall(r'<code class="num">([0-9 ]+)</code>', client.get("/desk/account/recovery-codes").text)
    assert len(codes) == 10
    other = seat("msb2").client
    for name, value in client.cookies.items():
        if name == "linban_desk_codes":
            other.cookies.set(name, value, domain="127.0.0.1")
    assert codes[0] not in other.get("/desk/account/recovery-codes").text
    assert client.post("/desk/account/recovery-codes/kept").headers["location"] == "/desk"
    assert codes[0] not in client.get("/desk/account/recovery-codes").text
    assert "还剩 10 个" in client.get("/desk/account").text


def test_i_end_my_sessions_and_nobody_elses(session: Session, seat: Seat) -> None:
    mine, other = seat("msb1"), seat("msb2")
    second = factories.make_staff_signed_in(session, session.exec(select(Staff).where(Staff.username == "msb1")).one())
    session.commit()
    with db.reading() as reading:
        rows = reading.exec(select(SessionRow)).all()
    theirs = next(row for row in rows if row.staff_id == other.id)
    assert mine.client.post(f"/desk/account/sessions/{theirs.id}/end").status_code == 404
    assert other.client.get("/desk/account").status_code == 200
    my_second = next(row for row in rows if row.token_hash == digest(second))
    assert mine.client.post(f"/desk/account/sessions/{my_second.id}/end").status_code == 303
    mine.client.cookies.set("linban_desk", second, domain="127.0.0.1")
    assert mine.client.get("/desk/account").status_code == 303


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page_with_the_menu_of_their_role(seat: Seat, role: Role) -> None:
    text = seat("msb1", role=role).client.get("/desk/account").text
    shown = set(re.findall(r'<a href="(/desk[a-z/?=]*)"', text.split("</nav>")[0]))
    expected = {
        Role.REVIEWER: {"/desk?tab=todo", "/desk?tab=correction", "/desk?tab=finish", "/desk?tab=done"},
        Role.HEAD: {"/desk?tab=todo", "/desk?tab=correction", "/desk?tab=finish", "/desk?tab=done"},
        Role.SUPERVISOR: {"/desk/overview"},
        Role.AUDITOR: {"/desk/records", "/desk/looks", "/desk/texts"},
    }
    if role in expected:
        assert shown == expected[role] | {"/desk/messages", "/desk/account"}
    else:
        assert {"/desk/staff", "/desk/town", "/desk/account"} <= shown
        assert "/desk/records" not in shown


def test_the_overview_is_the_supervisors_and_says_what_is_missing(seat: Seat) -> None:
    assert "还没做好" in seat("msb1", role=Role.SUPERVISOR).client.get("/desk/overview").text
    assert seat("msb2").client.get("/desk/overview").status_code == 403
