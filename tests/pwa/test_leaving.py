"""Signing out takes this phone off the list, here and on the server, and what lies among its notifications with it."""

from typing import Any

from playwright.sync_api import expect
from sqlmodel import Session

from tests.factories import MOTHER, make_person, make_signed_in, make_staff, make_staff_signed_in
from tests.look.walk import sign_in

from .conftest import Phone


def leave(page: Any) -> None:
    with page.expect_navigation(url="**/"):
        page.get_by_role("button", name="退出登录").click()


def test_signing_out_unsubscribes_deletes_and_clears_the_screen(mother: Phone) -> None:
    mother.turn_on()
    mother.receives(mother.told())
    mother.open("/me")
    with mother.page.expect_request(lambda request: request.method == "DELETE" and "/api/push-subscriptions/" in request.url):
        leave(mother.page)
    mother.shown(0)
    assert mother.subscriptions() == []
    assert mother.page.evaluate("localStorage.getItem('push-service')") is None


def test_signing_out_is_never_held_up_by_the_network(mother: Phone) -> None:
    mother.turn_on()
    mother.page.route("**/api/push-subscriptions/*", lambda route: route.abort())
    mother.open("/me")
    leave(mother.page)
    assert mother.subscriptions() == []  # it went with its session
    assert mother.page.evaluate("localStorage.getItem('push-service')") is None


def test_a_browser_that_answers_nothing_is_not_waited_for(mother: Phone) -> None:
    mother.turn_on()
    mother.page.add_init_script("PushManager.prototype.getSubscription = () => new Promise(() => {})")
    mother.page.clock.install()
    mother.open("/me")
    with mother.page.expect_navigation(url="**/"):
        mother.page.get_by_role("button", name="退出登录").click()
        mother.page.clock.run_for(3000)
    assert mother.subscriptions() == []


def test_without_script_the_server_drops_it_with_the_session(browser: Any, server: str, session: Session) -> None:
    page = browser(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(page, server, make_signed_in(session, make_person(session, MOTHER)))
    session.commit()
    page.goto("/me")
    leave(page)
    expect(page).to_have_url(f"{server}/")


def test_whoever_leaves_the_desk_takes_nothing_of_the_resident_along(mother: Phone) -> None:
    mother.turn_on()
    token = make_staff_signed_in(mother.session, make_staff(mother.session))
    mother.session.commit()
    mother.page.context.add_cookies([{"name": "linban_desk", "value": token, "url": mother.server}])
    mother.open("/desk/account")
    with mother.page.expect_navigation(url="**/desk/sign-in*"):
        mother.page.get_by_role("button", name="退出登录").click()
    assert len(mother.subscriptions()) == 1
    mother.open("/messages")
    mother.is_("on")
