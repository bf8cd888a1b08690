"""Home, 我的, sign-in and its sisters in a browser: axe, targets, width, in every look; read aloud; the settings' switches."""

from typing import Any

import pytest
from sqlmodel import Session

from tests.factories import MOTHER, make_case, make_draft, make_person, make_phone, make_signed_in
from tests.look.walk import LARGEST, LOOKS, complaints, overflow, sign_in, wear

OPEN = ("/", "/me", "/me/settings", "/sign-in?next=/forms/x", "/privacy", "/no/such/page")
OWN = ("/", "/me", "/me/devices")


@pytest.fixture
def resident(session: Session) -> str:
    """A signed-in resident with a case, a draft and a second device."""
    person = make_person(session, MOTHER)
    make_case(session, person)
    make_draft(session, person)
    make_signed_in(session, person)
    token = make_signed_in(session, person)
    session.commit()
    return token


def walk(page: Any, server: str, paths: tuple[str, ...], look: dict[str, str]) -> list[str]:
    """Every page in this look, as it is and on the narrowest phone."""
    wear(page, server, look)
    wrong = []
    for path in paths:
        page.goto(server + path)
        wrong += [f"{path}: {said}" for said in complaints(page, 60 if look.get("mode") == "care" else 48)]
        size = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320: {said}" for said in overflow(page)]
        page.set_viewport_size(size)
    return wrong


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_pages_for_everybody_on_a_phone(phone: Any, server: str, look: dict[str, str]) -> None:
    assert walk(phone, server, OPEN, look) == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_residents_own_pages_on_a_phone(phone: Any, server: str, resident: str, look: dict[str, str]) -> None:
    sign_in(phone, server, resident)
    assert walk(phone, server, OWN, look) == []


@pytest.mark.parametrize("look", [{}, {"mode": "care", "theme": "dark"}], ids=str)
def test_pages_on_a_desktop(desk_page: Any, server: str, resident: str, look: dict[str, str]) -> None:
    wear(desk_page, server, look)
    sign_in(desk_page, server, resident)
    wrong = []
    for path in (*OPEN, *OWN):
        desk_page.goto(server + path)
        wrong += [f"{path}: {said}" for said in complaints(desk_page, 60 if look.get("mode") == "care" else 48)]
    assert wrong == []


@pytest.mark.parametrize("look", LARGEST, ids=str)
def test_the_largest_text_still_fits_the_narrowest_phone(phone: Any, server: str, resident: str, look: dict[str, str]) -> None:
    wear(phone, server, look)
    sign_in(phone, server, resident)
    phone.set_viewport_size({"width": 320, "height": 640})
    wrong = []
    for path in (*OPEN, *OWN):
        phone.goto(server + path)
        wrong += [f"{path}: {said}" for said in overflow(phone)]
    assert wrong == []


@pytest.mark.parametrize("look", LOOKS[:4], ids=str)
def test_real_name_and_code_pages_with_their_mistakes(phone: Any, server: str, session: Session, look: dict[str, str]) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    tap = 60 if look.get("mode") == "care" else 48
    wear(phone, server, look)
    phone.goto(f"{server}/sign-in")
    phone.fill("[name=phone]", "13911113333")
    phone.click("main form button.pri")
    phone.wait_for_url("**/sign-in/code")
    wrong = complaints(phone, tap)
    phone.fill("[name=code]", "abc")
    with phone.expect_navigation():
        phone.click("main form button.pri")
    wrong += complaints(phone, tap)
    sign_in(phone, server, token)
    phone.goto(f"{server}/real-name")
    wrong += complaints(phone, tap)
    with phone.expect_navigation():
        phone.click(".actions button")
    assert phone.locator("[role=alert]").count() == 1
    assert [*wrong, *complaints(phone, tap)] == []


def test_the_id_number_counts_what_is_missing(phone: Any, server: str, session: Session) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    sign_in(phone, server, token)
    phone.goto(f"{server}/real-name")
    phone.fill("[name=id_number]", "320507 1993 06")
    assert phone.get_by_text("已填 12 位，还差 6 位").is_visible()
    phone.fill("[name=id_number]", MOTHER.id_number)
    assert not phone.get_by_text("还差").is_visible()


def test_one_tap_to_the_senior_view_and_one_back(phone: Any, server: str) -> None:
    phone.goto(server)
    with phone.expect_navigation():
        phone.get_by_role("button", name="长辈版").click()
    assert phone.evaluate("document.documentElement.dataset.mode") == "care"
    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "22px"
    with phone.expect_navigation():
        phone.get_by_role("button", name="标准版").click()
    assert phone.evaluate("document.documentElement.dataset.mode") is None


def test_text_sizes_are_the_five_that_are_shown(phone: Any, server: str) -> None:
    phone.goto(f"{server}/me/settings")
    for number, pixels in enumerate(("17px", "19px", "22px", "26px", "30px"), 1):
        button = phone.locator(f"button[name=text][value='{number}']")
        assert button.evaluate("el => getComputedStyle(el).fontSize") == pixels
        with phone.expect_navigation():
            button.click()
        assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == pixels


def test_dark_follows_the_device_until_one_is_chosen(browser: Any, server: str) -> None:
    page = browser(color_scheme="dark", viewport={"width": 390, "height": 844})
    ground = "getComputedStyle(document.body).backgroundColor"
    page.goto(f"{server}/me/settings")
    assert page.evaluate(ground) == "rgb(12, 21, 23)"
    with page.expect_navigation():
        page.click("button[name=theme][value=light]")
    assert page.evaluate(ground) == "rgb(245, 242, 232)"


def test_reading_aloud_starts_and_stops(phone: Any, server: str) -> None:
    phone.add_init_script("""
        const said = []; let speaking = false; window.said = said;
        Object.defineProperty(window, 'speechSynthesis', { value: {
          get speaking() { return speaking; }, cancel() { speaking = false; },
          speak(u) { speaking = true; said.push([u.text, u.lang]); } } });
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    """)
    phone.goto(f"{server}/privacy")
    phone.get_by_role("button", name="读给我听").click()
    assert ["用大白话写，两份同意分开，各有版本。", "zh-CN"] in phone.evaluate("said")
    phone.get_by_role("button", name="停").click()
    assert phone.get_by_role("button", name="读给我听").is_visible()


def test_without_a_script_no_button_is_dead(browser: Any, server: str) -> None:
    page = browser(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(f"{server}/privacy")
    assert page.locator("button:visible").count() == 0
    page.goto(f"{server}/me/settings")
    with page.expect_navigation():
        page.click("button[name=lang][value=en]")
    assert page.locator("html").get_attribute("lang") == "en"
