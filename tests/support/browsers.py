"""Chromium, watched: a console error, a page error, a CSP violation or a missing asset fails the test."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEBIAN = Path("/usr/bin/chromium")
ARGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync"]  # fmt: skip
SHARED = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
Open = Callable[..., Any]


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    args = [*ARGS, "--no-sandbox"] if os.geteuid() == 0 else ARGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(DEBIAN) if DEBIAN.exists() else None, args=args)
        yield browser
        browser.close()


@contextmanager
def pages(browser: Any, base_url: str) -> Iterator[Open]:
    """A function that opens pages in contexts of their own; what they complained about is raised at the end.

    `page.complaints` is the list of complaints: a test that provokes one takes it out.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(**options: Any) -> Any:
        context = browser.new_context(base_url=base_url, **SHARED, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("page", lambda page: _watch(page, complaints))
        page = context.new_page()
        page.complaints = complaints
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def _watch(page: Any, complaints: list[str]) -> None:
    """Refusals (4xx) are answers, not faults, except for our own assets; offline is said by the test itself."""

    def said(message: Any) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{page.url}: {message.text}")

    def answered(response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            complaints.append(f"{response.status} {response.url}")

    page.on("console", said)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
