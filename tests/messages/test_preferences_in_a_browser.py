"""消息通知 and the ledger in Chromium: by keyboard alone, in every look, on a phone and on a desktop."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from app.accounts.models import Person
from app.core import db
from app.core.clock import utcnow
from app.messages import service
from app.messages.models import Delivery, DeliveryState, Preference, SmsWhen
from tests.e2e.test_keyboard import pick, tab_to
from tests.factories import MOTHER, make_person, make_signed_in
from tests.look.walk import LARGEST, LOOKS, complaints, sign_in, wear
from tests.messages.test_preferences import subscribe

AT = "/me/notifications"


@pytest.fixture
def mother(session: Session) -> Person:
    return make_person(session, MOTHER)


@pytest.fixture
def token(session: Session, mother: Person) -> str:
    made = make_signed_in(session, mother)
    subscribe(session, mother, made)
    session.commit()
    return made


def test_by_keyboard_alone(desk_page: Any, server: str, mother: Person, token: str) -> None:
    sign_in(desk_page, server, token)
    desk_page.goto(AT)
    pick(desk_page, "sms", "at_once")
    tab_to(desk_page, lambda focus: focus["name"] == "progress")
    desk_page.keyboard.press("Space")
    tab_to(desk_page, lambda focus: focus["name"] == "quiet_from")
    desk_page.keyboard.press("ArrowUp")
    tab_to(desk_page, lambda focus: focus["form"] == "wishes" and focus["tag"] == "BUTTON")
    with desk_page.expect_navigation():
        desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_role("status").filter(has_text="存好了")).to_be_visible()
    with db.reading() as session:
        row = session.get_one(Preference, mother.id)
        assert (row.sms, row.quiet_from, row.muted) == (SmsWhen.AT_ONCE, 21, ["progress.push"])


def test_a_mistake_is_said_beside_it_and_axe_finds_nothing(phone: Any, server: str, token: str) -> None:
    sign_in(phone, server, token)
    phone.goto(AT)
    for box in phone.locator("[name=turn]").all():
        box.uncheck()
    with phone.expect_navigation():
        phone.get_by_role("button", name="存好").click()
    expect(phone.locator("#f-turn-error")).to_have_text("手机通知和短信，至少留一样。")
    expect(phone.locator("[name=turn]").first).not_to_be_checked()
    assert complaints(phone, 48) == []


@pytest.mark.parametrize("look", [*LOOKS, *LARGEST], ids=str)
def test_both_pages_in_every_look(
    phone: Any, server: str, session: Session, mother: Person, token: str, look: dict[str, str]
) -> None:
    message = service.tell(session, mother.id, None, "", "correction_asked", {"service": "newborn"}, True, utcnow())
    session.commit()
    sign_in(phone, server, token)
    wear(phone, server, look)
    wrong = []
    for path in (AT, f"/messages/{message.id}/deliveries"):
        for width, height in ((390, 844), (1280, 800), (320, 640)):
            phone.set_viewport_size({"width": width, "height": height})
            phone.goto(path)
            wrong += [f"{path} at {width}: {said}" for said in complaints(phone, 60 if look.get("mode") == "care" else 48)]
    assert wrong == [], "\n".join(wrong)


def test_the_ledger_follows_what_happens_while_it_is_open(phone: Any, server: str, token: str) -> None:
    sign_in(phone, server, token)
    phone.goto(AT)
    with phone.expect_navigation():
        phone.get_by_role("button", name="发一条试试").click()
    page = phone.locator("#deliveries")
    expect(page.get_by_text("马上就发")).to_have_count(2)
    with db.writing() as session:
        for delivery in session.exec(select(Delivery)):
            delivery.state, delivery.shown_at = DeliveryState.SHOWN, utcnow()
    expect(page.get_by_text("已显示")).to_have_count(1)
    expect(page.get_by_text("已送到")).to_have_count(1)
    expect(page.get_by_text("过几秒自己更新")).to_have_count(0)


def test_without_scripts_everything_is_there(browser: Any, server: str, mother: Person, token: str) -> None:
    page = browser(java_script_enabled=False)
    sign_in(page, server, token)
    page.goto("/me")
    with page.expect_navigation():
        page.get_by_role("link", name="消息通知").click()
    page.locator("label").filter(has_text="不要").click()
    with page.expect_navigation():
        page.get_by_role("button", name="存好").click()
    expect(page.locator("[name=sms][value=never]")).to_be_checked()
    with page.expect_navigation():
        page.get_by_role("button", name="发一条试试").click()
    expect(page.get_by_text("没有发：您选了不要")).to_be_visible()
    expect(page.get_by_text("请刷新一下")).to_be_visible()
