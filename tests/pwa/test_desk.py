"""Staff turn notifications on at the desk; a colleague who sits down there gets none of them."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.factories import make_staff, make_staff_signed_in

from .conftest import PUSH_SERVICE, Phone


def sits_down(page: Any, server: str, session: Session, username: str) -> Any:
    staff = make_staff(session, username)
    page.context.add_cookies([{"name": "linban_desk", "value": make_staff_signed_in(session, staff), "url": server}])
    session.commit()
    return staff


@pytest.fixture
def desk(desk_page: Any, server: str, session: Session) -> Phone:
    desk_page.context.grant_permissions(["notifications"])
    desk_page.context.add_init_script(PUSH_SERVICE)
    return Phone(desk_page, server, session, sits_down(desk_page, server, session, "msb1"))


def test_at_the_desk_the_same_card_subscribes_the_officer(desk: Phone) -> None:
    desk.open("/desk/messages")
    expect(desk.page.get_by_role("heading", name="轮到您了，马上告诉您")).to_be_visible()
    desk.page.locator("[data-push-on]").click()
    desk.is_("on")
    [row] = desk.subscriptions()
    assert (row.staff_id, row.person_id) == (desk.person.id, None)


def test_another_officer_at_the_same_desk_has_none_of_it(desk: Phone) -> None:
    desk.open("/desk/messages")
    desk.page.locator("[data-push-on]").click()
    desk.is_("on")
    sits_down(desk.page, desk.server, desk.session, "msb2")
    desk.open("/desk/messages")
    desk.is_("off")
    assert desk.page.evaluate("localStorage.getItem('push-service')") is None
