"""The card and the strip of channels say what is true in this browser; asking comes after a tap, never before."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.factories import FATHER, MOTHER, make_person, make_signed_in
from tests.look.walk import complaints, sign_in

from .conftest import Phone

CARD = "[data-push-card]"
ASKS = """Notification.requestPermission = async () => { window.asked = (window.asked ?? 0) + 1; return 'granted'; }"""


def strip(page: Any) -> str:
    """What the strip says of this phone."""
    return str(page.locator(".chan > div").first.inner_text()).replace("\n", " ")


def test_nothing_is_asked_at_load_and_a_tap_turns_it_on_for_this_session(mother: Phone) -> None:
    page = mother.page
    page.context.clear_permissions()
    page.add_init_script(ASKS)
    mother.open("/messages")
    mother.is_("off")
    assert strip(page) == "手机通知 未开启"
    assert "138****6021" in page.locator(".chan").inner_text()
    assert page.evaluate("window.asked") is None
    page.context.grant_permissions(["notifications"])
    page.locator("[data-push-on]").click()
    mother.is_("on")
    assert page.evaluate("window.asked") == 1
    expect(page.locator(CARD)).to_be_hidden()
    expect(page.get_by_text("开好了。")).to_be_visible()
    assert strip(page) == "手机通知 开着"
    [row] = mother.subscriptions()
    assert (row.person_id, row.host, row.lang) == (mother.person.id, "fcm.googleapis.com", "zh")
    mother.open("/messages")
    mother.is_("on")
    expect(page.locator(CARD)).to_be_hidden()
    expect(page.get_by_text("开好了。")).to_be_hidden()
    assert [one.id for one in mother.subscriptions()] == [row.id]


def test_later_hides_the_card_and_the_strip_still_says_off(mother: Phone) -> None:
    mother.open("/messages")
    mother.page.get_by_role("button", name="以后再说").click()
    expect(mother.page.locator(CARD)).to_be_hidden()
    mother.open("/messages")
    mother.is_("off")
    expect(mother.page.locator(CARD)).to_be_hidden()
    assert strip(mother.page) == "手机通知 未开启"


def test_a_push_service_out_of_reach_is_told_in_eight_seconds(mother: Phone) -> None:
    page = mother.page
    page.clock.install()
    page.add_init_script("localStorage.setItem('push-service-hangs', '1')")
    mother.open("/messages")
    mother.is_("off")
    with page.expect_response("**/push/key"):
        page.locator("[data-push-on]").click()
    expect(page.locator("[data-push-on]")).to_have_text("正在开…")
    page.clock.run_for(8000)
    mother.is_("unreachable")
    expect(page.get_by_text("这个浏览器连不上它的通知服务")).to_be_visible()
    assert strip(page) == "手机通知 浏览器收不到"
    assert mother.subscriptions() == []


def test_the_switch_says_that_it_is_at_work_while_a_push_service_does_not_answer(mother: Phone) -> None:
    page = mother.page
    page.clock.install()
    page.add_init_script("localStorage.setItem('push-service-hangs', '1')")
    mother.open("/me/notifications")
    mother.is_("off")
    with page.expect_response("**/push/key"):
        page.locator("[data-push-switch]").click()
    expect(page.get_by_text("正在开，要几秒钟…")).to_be_visible()
    page.clock.run_for(8000)
    mother.is_("unreachable")
    expect(page.get_by_text("正在开，要几秒钟…")).to_be_hidden()
    expect(page.get_by_text("连不上通知服务，点一下再试")).to_be_visible()


def test_blocked_it_says_how_to_unblock_it_in_this_browser(phone: Any, server: str, session: Session) -> None:
    sign_in(phone, server, make_signed_in(session, make_person(session, MOTHER)))
    session.commit()
    phone.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    phone.goto("/messages")
    expect(phone.locator("body")).to_have_attribute("data-push", "denied")
    assert strip(phone) == "手机通知 浏览器没允许"
    assert phone.locator("[data-push-steps]:visible").count() == 1
    expect(phone.locator(CARD)).to_be_hidden()
    assert complaints(phone, 44) == []


@pytest.mark.parametrize("lacks", ["PushManager", "Notification"])
def test_a_browser_that_cannot_says_so_and_shows_no_card(phone: Any, server: str, session: Session, lacks: str) -> None:
    sign_in(phone, server, make_signed_in(session, make_person(session, MOTHER)))
    session.commit()
    phone.add_init_script(f"delete window.{lacks}")
    phone.goto("/messages")
    expect(phone.locator("body")).to_have_attribute("data-push", "unsupported")
    assert strip(phone) == "手机通知 浏览器收不到"
    expect(phone.locator(CARD)).to_be_hidden()


def test_without_script_there_is_no_card_and_the_strip_is_true(browser: Any, server: str, session: Session) -> None:
    page = browser(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(page, server, make_signed_in(session, make_person(session, MOTHER)))
    session.commit()
    page.goto("/messages")
    expect(page.locator(CARD)).to_be_hidden()
    assert strip(page) == "手机通知 未开启"


def test_the_switch_turns_it_on_and_off_here(mother: Phone) -> None:
    mother.open("/me/notifications")
    switch = mother.page.get_by_role("switch", name="这台手机的通知")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert len(mother.subscriptions()) == 1
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert mother.subscriptions() == []


def test_another_person_on_the_phone_is_never_pushed_the_first_ones_messages(mother: Phone) -> None:
    mother.turn_on()
    mother.receives(mother.told())
    mother.signs_in(make_person(mother.session, FATHER))
    mother.open("/")
    mother.shown(0)
    assert mother.page.evaluate("localStorage.getItem('push-service')") is None
    mother.open("/messages")
    mother.is_("off")
    expect(mother.page.locator(CARD)).to_be_visible()
    mother.page.locator("[data-push-on]").click()
    mother.is_("on")
    assert mother.subscriptions()[-1].person_id == mother.person.id


def test_signed_in_again_the_same_person_has_it_without_a_tap(mother: Phone) -> None:
    mother.turn_on()
    [(id_, first)] = [(one.id, one.session_id) for one in mother.subscriptions()]
    mother.signs_in(mother.person)
    mother.open("/messages")
    mother.is_("on")
    [now] = mother.subscriptions()
    assert now.id == id_
    assert now.session_id != first


def test_everybody_can_use_card_and_strip(mother: Phone) -> None:
    mother.open("/messages")
    mother.is_("off")
    assert complaints(mother.page, 44) == []
