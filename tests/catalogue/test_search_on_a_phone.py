"""Searching on a phone: suggestions, arrow keys, the microphone where there is one, without script, in every look."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.walk import complaints, overflow, wear
from tests.support import browsers

LOOKS: tuple[dict[str, str], ...] = (
    {}, {"mode": "care"}, {"theme": "dark", "lang": "en", "text": "5"}, {"mode": "care", "theme": "dark"},
)  # fmt: skip
PAGES = (
    "/", "/services", "/search", "/search?q=孩子落沪", "/search?q=修桥头路灯", "/search?q=child", "/search?number=1",
    "/services/events/birth", "/services/events/closing", "/services/departments/psb", "/services/sscard",
    "/services/contribution-proof",
)  # fmt: skip
#: A recognition that hears what the test says, and one that cannot be reached.
HEARS = """window.SpeechRecognition = class { start() {
  setTimeout(() => { this.onresult({results: [[{transcript: '狗证。'}]]}); this.onend(); }, 10); } };"""
DEAF = """window.SpeechRecognition = class { start() {
  setTimeout(() => { this.onerror({error: 'network'}); this.onend(); }, 10); } };"""
NONE = "delete window.webkitSpeechRecognition; delete window.SpeechRecognition;"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_cut_too_small_or_unreadable(phone: Any, server: str, look: dict[str, str]) -> None:
    wear(phone, server, look)
    wrong = []
    for path in PAGES:
        answer = phone.goto(server + path)
        wrong += [f"{path}: {answer.status}"] if answer.status != 200 else []
        wrong += [f"{path}: {said}" for said in complaints(phone, 60 if look.get("mode") == "care" else 48)]
        phone.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320: {said}" for said in overflow(phone)]
        phone.set_viewport_size({"width": 390, "height": 844})
    assert wrong == [], "\n".join(wrong)


def test_a_desktop_shows_the_pages_without_complaint(desk_page: Any, server: str) -> None:
    wrong = []
    for path in PAGES:
        desk_page.goto(server + path)
        wrong += [f"{path}: {said}" for said in complaints(desk_page, 40)]
    assert wrong == [], "\n".join(wrong)


def test_suggestions_come_while_typing_and_lead_to_the_guide(phone: Any, server: str) -> None:
    phone.goto(f"{server}/services")
    phone.get_by_role("searchbox").press_sequentially("gouz")
    suggestion = phone.get_by_role("list", name="建议").get_by_role("link", name="养犬登记")
    expect(suggestion).to_be_visible()
    expect(phone.locator("mark").first).to_have_text("养犬") if suggestion.locator("mark").count() else None
    assert complaints(phone, 48) == []
    with phone.expect_navigation():
        suggestion.click()
    assert phone.url.endswith("/services/dog-registration")


def test_arrow_keys_walk_through_suggestions_and_escape_puts_them_away(desk_page: Any, server: str) -> None:
    desk_page.goto(f"{server}/")
    box = desk_page.get_by_role("searchbox")
    box.fill("社保")
    links = desk_page.get_by_role("list", name="建议").get_by_role("link")
    expect(links.first).to_be_visible()
    box.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    desk_page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    desk_page.keyboard.press("ArrowUp")
    desk_page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    desk_page.keyboard.press("Escape")
    expect(desk_page.get_by_role("list", name="建议")).to_have_count(0)
    box.fill("狗证")
    with desk_page.expect_navigation():
        box.press("Enter")
    expect(desk_page.locator("mark").first).to_have_text("狗证")


def test_a_number_of_a_person_is_never_sent_while_typing(phone: Any, server: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{server}/search")
    phone.get_by_role("searchbox").fill("320507199001011234")
    phone.get_by_role("searchbox").press("End")
    with phone.expect_navigation():
        phone.get_by_role("searchbox").press("Enter")
    expect(phone.get_by_text("这里不用填号码")).to_be_visible()
    assert not [url for url in asked if "suggestions" in url]
    assert "3205" not in phone.url


def test_what_is_said_is_searched(phone: Any, server: str) -> None:
    phone.add_init_script(HEARS)
    phone.goto(f"{server}/")
    with phone.expect_navigation():
        phone.get_by_role("button", name="说话搜索").click()
    expect(phone.get_by_role("link", name="养犬登记")).to_be_visible()


def test_a_microphone_that_hears_nothing_is_taken_away_and_one_that_is_not_there_never_shown(phone: Any, server: str) -> None:
    phone.add_init_script(DEAF)
    phone.goto(f"{server}/search")
    phone.get_by_role("button", name="说话搜索").click()
    expect(phone.get_by_role("button", name="说话搜索")).to_be_hidden()
    expect(phone.locator("[data-said]")).to_have_text("现在听不了，请打字")
    phone.add_init_script(NONE)
    phone.reload()
    expect(phone.get_by_role("searchbox")).to_be_visible()
    expect(phone.get_by_role("button", name="说话搜索")).to_be_hidden()


def test_it_works_without_script(browser: browsers.Open, server: str) -> None:
    page = browser(**browsers.PHONE, java_script_enabled=False)
    page.goto(f"{server}/")
    page.get_by_role("searchbox").fill("孩子落沪")
    with page.expect_navigation():
        page.get_by_role("button", name="搜索", exact=True).click()
    expect(page.get_by_text("按“孩子落户”找到")).to_be_visible()
    expect(page.get_by_role("button", name="说话搜索")).to_be_hidden()
    with page.expect_navigation():
        page.get_by_role("link", name="新生儿出生一件事").click()
    expect(page.get_by_role("heading", name="新生儿出生一件事")).to_be_visible()


def test_the_tab_key_goes_from_the_box_to_its_suggestions(desk_page: Any, server: str) -> None:
    desk_page.goto(f"{server}/services")
    desk_page.get_by_role("searchbox").fill("结婚")
    first = desk_page.get_by_role("list", name="建议").get_by_role("link").first
    expect(first).to_be_visible()
    for _ in range(3):
        desk_page.keyboard.press("Tab")
        if first.evaluate("el => el === document.activeElement"):
            return
    raise AssertionError("the list is not next to the box")


@pytest.mark.parametrize("look", [{}, {"lang": "en"}, {"mode": "care"}, {"mode": "care", "lang": "en"}], ids=str)
def test_the_hint_in_the_search_box_is_seen_whole(phone: Any, server: str, look: dict[str, str]) -> None:
    wear(phone, server, look)
    phone.goto(server)
    wide, room = phone.get_by_role("searchbox").evaluate(
        """box => { const pen = document.createElement("canvas").getContext("2d"), drawn = getComputedStyle(box);
           pen.font = drawn.font;
           return [pen.measureText(box.placeholder).width,
                   box.clientWidth - parseFloat(drawn.paddingLeft) - parseFloat(drawn.paddingRight)]; }"""
    )
    assert wide <= room
