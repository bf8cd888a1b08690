"""The desk in a real browser: the whole of it by keyboard, a mark by pointer and keyboard, without JavaScript, and axe."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select

from app.cases.models import Case, Correction
from app.cases.states import ItemState
from app.core import db
from tests import factories
from tests.look.walk import complaints, wear
from tests.support import authenticator
from tests.support.browsers import DESK, PHONE, Open

from .conftest import BENEFIT, BIRTH, Seat, address, item_of, many

TABLET = {"viewport": {"width": 834, "height": 1112}}
SCREENS = {"desktop": DESK, "tablet": TABLET, "phone": PHONE}


def enter(page: Any, username: str = "msb1") -> Any:
    """Sign in through the form."""
    authenticator.sign_in(page, username, factories.PASSWORD)
    page.wait_for_url("**/desk")
    return page


def state(case: Case, item: str = BENEFIT) -> ItemState:
    with db.reading() as session:
        return item_of(session, case, item).state


def test_the_queue_and_the_review_by_keyboard_alone(session: Session, browser: Open, seat: Seat) -> None:
    first, second = many(session, 2)
    seat("health1")
    page = enter(browser(**DESK), "health1")
    rows = page.locator("[data-row]")
    assert rows.nth(0).get_attribute("data-on") == ""
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert rows.nth(1).get_attribute("data-on") == ""
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") == address(first, BIRTH)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(first, BIRTH)}")
    page.keyboard.press("a")
    assert page.locator("#d-accept").is_checked()
    assert page.evaluate("document.activeElement.textContent").strip() == "受理，开始计时"
    page.keyboard.press("Enter")
    page.wait_for_url("**sent=accept")
    assert state(first, BIRTH) is ItemState.ACCEPTED
    page.keyboard.press("j")
    page.wait_for_url(f"**{address(second, BIRTH)}")
    page.go_back()
    page.goto("/desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**sent=claim")


def test_shortcuts_are_listed_and_can_be_switched_off(session: Session, browser: Open, seat: Seat) -> None:
    many(session, 2)
    seat("health1")
    page = enter(browser(**DESK), "health1")
    page.keyboard.press("?")
    dialog = page.locator("dialog[data-keys]")
    assert dialog.is_visible()
    dialog.get_by_label("开着单键快捷键").uncheck()
    dialog.get_by_role("button", name="知道了").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("[data-row]").nth(0).get_attribute("data-on") == ""
    page.reload()
    page.keyboard.press("?")
    assert not dialog.get_by_label("开着单键快捷键").is_checked()


def test_a_mark_drawn_with_the_pointer_is_sent_and_drawn_again_after_a_refusal(case: Case, browser: Open, seat: Seat) -> None:
    seat("msb1")
    page = enter(browser(**DESK))
    page.goto(address(case))
    page.locator("[data-thumb]", has_text="卡号面").click()
    page.locator("[data-sheet]:not([hidden]) img").evaluate("image => image.decode()")
    page.get_by_role("button", name="圈出问题").click()
    box = page.locator("[data-sheet]:not([hidden]) [data-pic]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    assert page.locator("#d-correction").is_checked()
    assert page.get_by_label("卡号面").is_checked()
    page.get_by_role("button", name="发出补正，看下一件").click()
    page.wait_for_url("**/decision")
    assert "请写一句给申请人的话" in page.locator("#refused").inner_text()
    assert page.locator('[data-mark="m:M-BANK:1"]').input_value().startswith("m:M-BANK:1@0.")
    page.get_by_role("button", name="照片反光，字看不清").click()
    assert page.locator("[data-preview] [data-words]").inner_text() == "照片反光，字看不清"
    assert "卡号面" in page.locator("[data-preview] [data-asked]").inner_text()
    page.get_by_role("button", name="发出补正，看下一件").click()
    page.wait_for_url("**/desk?sent=correction")
    with db.reading() as reading:
        (target,) = reading.exec(select(Correction)).one().targets
    assert (target["material"], target["page"]) == ("M-BANK", 1)
    assert target["mark"] == pytest.approx([0.5, 0.4, 0.25, 0.2], abs=0.01)


def test_a_mark_is_made_by_keyboard_on_a_turned_picture(case: Case, browser: Open, seat: Seat) -> None:
    seat("msb1")
    page = enter(browser(**DESK))
    page.goto(address(case))
    page.get_by_role("button", name="旋转").click()
    page.keyboard.press("m")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    field = page.locator('[data-mark="m:P01-bill:1"]')
    assert field.input_value() == "m:P01-bill:1@0.39,0.35,0.3,0.32"
    page.keyboard.press("Delete")
    assert field.input_value() == ""


def test_everything_works_without_javascript(case: Case, browser: Open, seat: Seat) -> None:
    seat("msb1")
    page = enter(browser(**DESK, java_script_enabled=False))
    page.get_by_role("button", name=re.compile("^领办")).click()
    page.wait_for_url("**sent=claim")
    assert page.locator("figure img").count() == 2
    page.locator("#d-correction").check()
    page.locator(".pickchip", has_text="卡号面").click()
    page.get_by_label("写给申请人的话").fill("重拍一张就行。")
    page.get_by_role("button", name="申请人会看到").click()
    assert page.locator("[data-words]").inner_text() == "重拍一张就行。"
    page.get_by_role("button", name="提交决定").click()
    page.wait_for_url("**/desk?sent=correction")
    assert state(case) is ItemState.CORRECTION_ASKED


LOOKS = {"light": {"theme": "light"}, "dark": {"theme": "dark"}, "english": {"lang": "en"}}


@pytest.mark.parametrize(
    ("screen", "look"), [(s, look) for s in SCREENS for look in ("light", "dark")] + [("phone", "english")]
)
def test_axe_finds_nothing_targets_are_large_enough_and_nothing_overflows(
    case: Case, browser: Open, seat: Seat, server: str, screen: str, look: str
) -> None:
    seat("msb1")
    page = enter(browser(**SCREENS[screen]))
    wear(page, server, LOOKS[look])
    found: list[str] = []
    for path in ("/desk", address(case), address(case) + "#correction", "/desk/sign-in"):
        page.goto(path)
        if path.endswith("#correction"):
            page.locator("#d-correction").check()
        found += [f"{path}: {wrong}" for wrong in complaints(page, 48 if screen == "phone" else 40)]
    assert found == []
