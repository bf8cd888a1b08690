"""A correction in a real browser: photos by the uploader, typing kept as it goes, a session that ends, no network."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from app.documents import queries as documents
from tests.documents import files
from tests.newborn import picture

from .test_case_correction import CARD, HOLDER
from .test_correction_kept import Waiting

COOKIE = "linban_session"
SEND = "footer button[form=reply]"


@pytest.fixture
def waiting(session: Session, visit: Any) -> Waiting:
    return Waiting(session, visit, HOLDER, CARD)


def enter(page: Any, server: str, waiting: Waiting) -> None:
    """王晓兰 signs in on this page's browser."""
    token = waiting.client(waiting.mother).cookies[COOKIE]
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": server}])


@pytest.fixture
def page(phone: Any, server: str, waiting: Waiting) -> Any:
    enter(phone, server, waiting)
    phone.goto(waiting.at)
    return phone


def saved(page: Any) -> None:
    page.locator("[data-savebar][data-state=saved]").wait_for()


def choose(page: Any, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "IMG_7.JPG"
    path.write_bytes(body)
    page.locator("[data-shots] .shot.add input").set_input_files(str(path))


def test_a_photo_is_made_small_and_sent_while_typing_stays(page: Any, waiting: Waiting, tmp_path: Path) -> None:
    page.fill("#f-bank-holder", "陈志远")
    choose(page, tmp_path, files.jpeg_with_exif(orientation=6))
    page.locator("[data-shots] [data-document]").wait_for()
    assert page.locator(".shot.add").is_hidden(), "one photo was asked for"
    assert page.input_value("#f-bank-holder") == "陈志远"
    saved(page)
    page.reload()
    assert page.input_value("#f-bank-holder") == "陈志远"
    assert page.locator("[data-shots] [data-document]").count() == 1
    page.click(SEND)
    page.wait_for_url(f"**/cases/{waiting.case.number}")
    kept = documents.of_case(waiting.session, waiting.case.id, {"M-BANK"})
    assert [d.revision for d in kept] == [1, 2]
    assert '"bank.holder":"陈志远"' in waiting.stored()


def test_sending_waits_for_the_photo_that_is_on_its_way(page: Any, waiting: Waiting, tmp_path: Path) -> None:
    held: list[Any] = []
    page.route("**/api/uploads/*", lambda route: held.append(route) if not held else route.continue_())
    choose(page, tmp_path, picture(seed=8))
    page.fill("#f-bank-holder", "陈志远")
    page.locator("[data-shots] progress:visible").wait_for()
    page.click(SEND)
    page.get_by_text("照片还在传，传好就交").wait_for()
    held[0].continue_()
    page.wait_for_url(f"**/cases/{waiting.case.number}")
    assert waiting.state() == "resubmitted"


def test_signed_out_while_typing_nothing_is_lost(page: Any, server: str, waiting: Waiting) -> None:
    waiting.end_sessions()
    page.fill("#f-bank-holder", "陈志远")
    page.get_by_text("登录过期了，填的已经替您留着").wait_for()
    page.click(SEND)
    page.wait_for_url(re.compile(r"/sign-in\?next="))
    enter(page, server, waiting)
    page.goto(waiting.at)
    assert page.input_value("#f-bank-holder") == "陈志远"
    assert page.get_by_text("登录前填的还没交").is_visible()


def test_without_network_the_page_stays_and_sends_later(page: Any, waiting: Waiting) -> None:
    page.context.set_offline(True)
    page.fill("#f-bank-holder", "陈志远")
    page.click(SEND)
    page.get_by_text("没有网，还没存上").wait_for()
    assert page.input_value("#f-bank-holder") == "陈志远"
    page.context.set_offline(False)
    saved(page)


def test_without_script_a_photo_and_the_reply_go_in_one_step(
    browser: Any, server: str, waiting: Waiting, tmp_path: Path
) -> None:
    plain = browser(java_script_enabled=False, viewport={"width": 390, "height": 844})
    enter(plain, server, waiting)
    plain.goto(waiting.at)
    plain.fill("#f-bank-holder", "陈志远")
    path = tmp_path / "card.jpg"
    path.write_bytes(picture(seed=9))
    plain.set_input_files("#file-M-BANK-1", str(path))
    with plain.expect_navigation():
        plain.click("button[value=upload]")
    assert plain.input_value("#f-bank-holder") == "陈志远"
    assert plain.locator("[data-shots] [data-document]").count() == 1
    path.write_bytes(picture(seed=10))
    plain.set_input_files("#file-M-BANK-1", str(path))
    plain.click(SEND)
    plain.wait_for_url(f"**/cases/{waiting.case.number}")
    assert waiting.state() == "resubmitted"
