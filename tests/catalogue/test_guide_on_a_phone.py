"""The guide on a phone: nothing to complain about for axe, nothing cut, and the way into the form."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ("/services", "/services/newborn")
LOOKS: tuple[dict[str, str], ...] = ({}, {"lang": "en"}, {"theme": "dark"}, {"mode": "care"}, {"lang": "en", "text": "5"})
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look(page: Any, server: str, cookies: dict[str, str]) -> None:
    """Choose language, theme, mode and text size as the settings do."""
    page.context.clear_cookies()
    if cookies:
        page.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])


@pytest.mark.parametrize("cookies", LOOKS, ids=str)
def test_axe_finds_nothing_and_nothing_is_cut(phone: Any, server: str, cookies: dict[str, str]) -> None:
    look(phone, server, cookies)
    for path in PAGES:
        phone.goto(server + path)
        found = Axe().run(phone, options={"resultTypes": ["violations"]})
        assert [v["id"] for v in found.response["violations"]] == [], f"{path}: {found.generate_report()}"
        assert not phone.evaluate(WIDE), path
        phone.set_viewport_size({"width": 320, "height": 640})
        assert not phone.evaluate(WIDE), f"{path} at 320"
        phone.set_viewport_size({"width": 390, "height": 844})


def test_a_reader_jumps_to_a_part_and_goes_on_to_apply(phone: Any, server: str) -> None:
    phone.goto(f"{server}/services")
    phone.get_by_text("新生儿出生一件事").click()
    phone.get_by_role("link", name="常见问题").click()
    assert phone.evaluate("location.hash") == "#faq"
    phone.get_by_text("双胞胎怎么办？").click()
    assert phone.get_by_text("每个孩子交一次").is_visible()
    phone.get_by_role("button", name="在线办理").click()
    phone.wait_for_url(lambda url: "/services/newborn" not in url)
    assert "/forms/newborn/" in phone.url or "/sign-in" in phone.url
