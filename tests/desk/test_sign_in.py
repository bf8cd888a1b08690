"""Staff sign-in in the browser: its own cookie, lock-out in words, demo accounts only in a demo."""

import httpx
import pytest
from sqlmodel import Session

from app.accounts.models import Role
from app.accounts.tokens import COOKIE, STAFF_COOKIE
from tests import factories
from tests.conftest import Visit
from tests.support import databases

from .conftest import Seat


def send(client: httpx.Client, password: str = factories.PASSWORD, **more: str) -> httpx.Response:
    return client.post("/desk/sign-in", data={"username": "msb1", "password": password, **more})


def test_the_right_password_leads_to_the_queue(session: Session, visit: Visit) -> None:
    factories.make_staff(session)
    session.commit()
    client = visit()
    answer = send(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert STAFF_COOKIE in client.cookies
    assert COOKIE not in client.cookies
    assert client.get("/desk").status_code == 200


def test_it_returns_to_the_page_that_was_asked_for_but_never_leaves_the_desk(session: Session, visit: Visit) -> None:
    factories.make_staff(session)
    session.commit()
    client = visit()
    asked = client.get("/desk/items/261125000018/msb.resident_enrol")
    assert asked.headers["location"] == "/desk/sign-in?next=%2Fdesk%2Fitems%2F261125000018%2Fmsb.resident_enrol"
    assert send(client, next="/desk?tab=done").headers["location"] == "/desk?tab=done"
    for foreign in ("https://example.org/", "//example.org/desk", "/desk\\@example.org", "/me"):
        assert send(client, next=foreign).headers["location"] in ("/desk", "/desk\\@example.org"[:5])


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(session: Session, visit: Visit) -> None:
    factories.make_staff(session)
    session.commit()
    answer = send(visit(), "wrong")
    assert answer.status_code == 422
    assert 'value="msb1"' in answer.text
    assert "用户名或密码不对" in answer.text
    assert "wrong" not in answer.text


def test_five_wrong_ones_lock_and_say_for_how_long(session: Session, visit: Visit) -> None:
    factories.make_staff(session)
    session.commit()
    client = visit()
    for _ in range(5):
        send(client, "wrong")
    answer = send(client)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.text


def test_demo_accounts_are_shown_in_a_demo_only(session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_staff(session)
    session.commit()
    client = visit()
    assert "演示账号" not in client.get("/desk/sign-in").text
    monkeypatch.setenv("DEMO", "1")
    databases.forget_settings()
    text = client.get("/desk/sign-in").text
    assert "演示账号" in text
    assert "<code>msb1</code>" in text


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
    assert client.get("/desk").status_code == 403
    assert client.post("/desk/items/261125000018/msb.resident_enrol/claim").status_code == 403
    assert client.post("/desk/search", data={"q": "王晓兰"}).status_code == 403


def test_a_head_may_review(seat: Seat) -> None:
    assert seat("msb1", role=Role.HEAD).client.get("/desk").status_code == 200
