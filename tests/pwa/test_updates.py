"""A new release: its service worker waits, the page offers it, never over what is typed; taken, the page loads anew once."""

from typing import Any

import pytest
from playwright.sync_api import expect

from app.pwa import routes
from tests.conftest import Visit

NOTICE = "[data-update]"


def test_it_is_served_at_the_top_asked_for_anew_each_time_and_names_the_modules_of_this_release(visit: Visit) -> None:
    from app.core import static

    answer = visit().get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert f'from "/static/{static.version()}/js/messages/pushed.js"' in answer.text
    assert "./app/static" not in answer.text
    for line in answer.text.splitlines():
        if line.startswith("import "):
            module = visit().get(line.split('"')[1])
            assert module.headers["cache-control"].endswith("immutable")


def test_a_release_that_changes_a_file_changes_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core import static

    before = routes.script()
    routes.script.cache_clear()
    monkeypatch.setattr(static, "version", lambda: "0123456789ab")
    try:
        assert routes.script() != before
    finally:
        routes.script.cache_clear()


def test_it_has_no_handler_that_does_nothing() -> None:
    assert '"fetch"' not in routes.script()


class Releases:
    """One address for the service worker, and what it answers now."""

    def __init__(self, page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.page, self.monkeypatch = page, monkeypatch

    def next(self) -> None:
        """A new release is there; the browser looks for it."""
        text = f"{routes.script()}\n// another release\n"
        self.monkeypatch.setattr(routes, "script", lambda: text)
        self.page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => null)")


@pytest.fixture
def releases(phone: Any, monkeypatch: pytest.MonkeyPatch) -> Releases:
    phone.add_init_script("sessionStorage.setItem('loads', Number(sessionStorage.getItem('loads')) + 1)")
    return Releases(phone, monkeypatch)


def opened(page: Any, path: str) -> None:
    page.goto(path)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def loads(page: Any) -> int:
    return int(page.evaluate("sessionStorage.getItem('loads')"))


WAITING = "navigator.serviceWorker.ready.then((registration) => registration.waiting !== null)"
#: Until a new release is installed.
INSTALLED = """navigator.serviceWorker.ready.then((registration) => registration.waiting || new Promise((done) =>
  registration.installing.addEventListener('statechange', done))).then(() => null)"""


def test_the_first_visit_offers_nothing(phone: Any, releases: Releases) -> None:
    opened(phone, "/services")
    expect(phone.locator(NOTICE)).to_be_hidden()
    assert loads(phone) == 1


def test_a_new_release_waits_to_be_taken_and_then_the_page_loads_anew_once(phone: Any, releases: Releases) -> None:
    opened(phone, "/services")
    releases.next()
    notice = phone.locator(NOTICE)
    expect(notice).to_be_visible()
    assert phone.evaluate(WAITING)
    assert loads(phone) == 1
    with phone.expect_navigation():
        notice.get_by_role("button").click()
    expect(phone.locator(NOTICE)).to_be_hidden()
    assert loads(phone) == 2
    assert not phone.evaluate(WAITING)


def test_it_is_not_offered_over_what_is_typed(phone: Any, releases: Releases) -> None:
    opened(phone, "/receipts/verify")
    field = phone.locator("textarea").first
    field.fill("还没写完")
    releases.next()
    phone.evaluate(INSTALLED)
    expect(phone.locator(NOTICE)).to_be_hidden()
    field.fill("")
    expect(phone.locator(NOTICE)).to_be_visible()
    field.fill("又写了")
    expect(phone.locator(NOTICE)).to_be_hidden()
    assert loads(phone) == 1


def test_taken_in_one_tab_the_other_keeps_what_is_typed_in_it(phone: Any, releases: Releases) -> None:
    opened(phone, "/receipts/verify")
    phone.locator("textarea").first.fill("还没写完")
    other = phone.context.new_page()
    opened(other, "/services")
    releases.next()
    with other.expect_navigation():
        other.locator(f"{NOTICE} button").click()
    expect(other.locator(NOTICE)).to_be_hidden()
    assert phone.locator("textarea").first.input_value() == "还没写完"
    assert loads(phone) == 1


def test_everybody_can_use_the_offer(phone: Any, releases: Releases) -> None:
    from tests.look.walk import complaints

    opened(phone, "/services")
    releases.next()
    expect(phone.locator(NOTICE)).to_be_visible()
    assert complaints(phone, 44) == []
