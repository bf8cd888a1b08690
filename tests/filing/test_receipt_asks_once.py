"""The receipt gives the reason and asks for notifications: after the first filing, once."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.walk import complaints

from .conftest import Resident, draft_id, submission_body

CARD = "[data-push-card]"


def file(alice: Resident, edition: str) -> str:
    """A case; gives the address of its receipt."""
    answer = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition))
    return f"/receipts/{answer.raise_for_status().json()['receipt']['case']}"


@pytest.fixture
def receipts(alice: Resident, edition: str, phone: Any, server: str) -> list[str]:
    """Two receipts of 王晓兰, who reads them on this phone."""
    phone.context.add_cookies([{"name": "linban_session", "value": alice.page.cookies["linban_session"], "url": server}])
    phone.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'default' })")
    return [file(alice, edition), file(alice, edition)]


def opened(page: Any, path: str) -> Any:
    page.goto(path)
    expect(page.locator("body")).to_have_attribute("data-push", "off")
    return page.locator(CARD)


def test_the_first_receipt_asks_and_the_next_one_does_not(phone: Any, receipts: list[str]) -> None:
    first, second = receipts
    expect(opened(phone, first)).to_be_visible()
    expect(phone.get_by_role("heading", name="有进展，马上告诉您？")).to_be_visible()
    assert complaints(phone, 44) == []
    expect(opened(phone, second)).to_be_hidden()
    expect(opened(phone, first)).to_be_visible()
    expect(opened(phone, "/messages")).to_be_visible()


def test_who_says_later_there_is_left_in_peace_everywhere(phone: Any, receipts: list[str]) -> None:
    opened(phone, receipts[0])
    phone.get_by_role("button", name="以后再说").click()
    for path in (receipts[0], "/messages"):
        expect(opened(phone, path)).to_be_hidden()
