"""The inbox at the desk in a browser: fit for everybody, by keyboard, told while it is open; and without a script."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.accounts.models import Role, Staff
from app.accounts.tokens import STAFF_COOKIE
from app.core import db
from app.core.clock import utcnow
from app.messages import service
from tests import factories
from tests.look.walk import complaints, wear
from tests.support.browsers import DESK, PHONE, Open

from .conftest import BENEFIT

ITEM = {"service": "newborn", "item": BENEFIT, "department": "msb"}
LOOKS: tuple[dict[str, str], ...] = ({}, {"theme": "dark"}, {"lang": "en"}, {"mode": "care"})
DIGEST = {"n": 12, "review": 12, "fresh": 3, "waiting": 2, "soon": 1, "over": 1, "finished": 7}


@pytest.fixture
def me(session: Session) -> Staff:
    return factories.make_staff(session, "msb1")


@pytest.fixture
def token(session: Session, me: Staff) -> str:
    """A reviewer's session; one message of each kind in their inbox."""
    made, now = factories.make_staff_signed_in(session, me), utcnow()
    for kind in ("staff_item_new", "staff_due_soon", "staff_overdue", "staff_escalated"):
        service.tell_staff(session, me.id, kind, ITEM | {"n": 4, "due": now.isoformat()}, now)
    service.tell_staff(session, me.id, "staff_digest", DIGEST, now)
    service.tell_staff(session, me.id, "staff_item_back", ITEM, now, case_number="260318000018", your_turn=True)
    session.commit()
    return made


def enter(page: Any, server: str, token: str, path: str = "/desk/messages") -> Any:
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": server}])
    page.goto(path)
    return page


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_wrong_with_it(browser: Open, server: str, token: str, look: dict[str, str], screen: dict[str, Any]) -> None:
    page = browser(**screen)
    wear(page, server, look)
    enter(page, server, token)
    tap = 40 if screen is DESK else 48
    assert [said for said in complaints(page, tap) if '<a href="/desk' not in said] == []
    page.goto("/desk/messages?show=unread")
    assert [said for said in complaints(page, tap) if '<a href="/desk' not in said] == []


def test_what_comes_while_it_is_open_is_there_and_on_the_bell(
    session: Session, desk_page: Any, server: str, me: Staff, token: str
) -> None:
    page = enter(desk_page, server, token)
    expect(page.locator("#inbox tbody tr")).to_have_count(6)
    with db.writing() as writing:
        service.tell_staff(writing, me.id, "staff_item_new", ITEM | {"n": 77}, utcnow())
    expect(page.locator("#inbox tbody tr")).to_have_count(7)
    expect(page.locator("#inbox")).to_contain_text("77 件")
    expect(page.locator("[data-dot]")).to_have_text("7")
    expect(page.locator("[data-arrived]")).to_have_text("有新消息")


def test_by_keyboard_alone_to_the_message_and_what_it_is_about(desk_page: Any, server: str, token: str) -> None:
    page = enter(desk_page, server, token)
    page.get_by_role("link", name="4 件").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server}/desk?light=over&claim=all")
    page.goto("/desk/messages")
    expect(page.locator("[data-dot]")).to_have_text("5")


def test_without_a_script_it_is_read_and_marked(browser: Open, server: str, token: str) -> None:
    page = enter(browser(**DESK, java_script_enabled=False), server, token)
    with page.expect_navigation():
        page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".tag", has_text="未读")).to_have_count(0)
    expect(page.locator("[data-dot]")).to_be_hidden()


def test_the_rail_of_every_role_leads_to_it(session: Session, browser: Open, server: str) -> None:
    for number, role in enumerate(Role):
        staff = factories.make_staff(session, f"das{number}", role=role)
        made = factories.make_staff_signed_in(session, staff)
        session.commit()
        page = enter(browser(**DESK), server, made, "/desk")
        with page.expect_navigation():
            page.get_by_role("link", name="消息", exact=True).click()
        expect(page.get_by_role("heading", name="还没有消息")).to_be_visible()
