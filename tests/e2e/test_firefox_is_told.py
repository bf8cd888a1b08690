"""A real Firefox, from the tap on 打开通知 to the tap on the notification: the worker's own push, decrypted by the browser."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.accounts.tokens import COOKIE
from app.core import db
from app.core.clock import utcnow
from app.core.settings import settings
from app.messages.models import DeliveryState, Message, Preference
from app.messages.texts import push_text
from tests.cases.hands import ask, decide
from tests.factories import MOTHER, make_case, make_person, make_signed_in
from tests.messages.test_delivery_table import deliveries, subscriptions
from tests.support.firefox import Firefox, firefox
from tests.support.push_browsers import browsers_of
from tests.support.push_service import PushService

ITEM = "msb.maternity_benefit"
#: Firefox's own windows that show notifications, and the words in one.
TEXT = "(one) => one.document.getElementById('alertTextLabel').textContent"
ALERTS = '[...Services.wm.getEnumerator("alert:alert")]'


@contextmanager
def worker() -> Iterator[None]:
    """The real worker, a process of its own, on this test's installation."""
    now = settings()
    env = {
        **os.environ, "DATABASE_URL": now.database_url, "DATA_DIR": str(now.data_dir), "PUBLIC_URL": now.public_url,
        "SANDBOX_URL": now.sandbox_url, "PUSH_TEST_CA": str(now.push_test_ca),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "app.worker"], env=env)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.browser
def test_firefox_is_told_of_an_event_shows_it_once_and_a_click_opens_the_case(
    session: Session, pushes: PushService, server: str, tmp_path: Path
) -> None:
    person = make_person(session, MOTHER)
    session.add(Preference(person_id=person.id, quiet_from=0, quiet_to=0, updated_at=utcnow()))  # this test runs at night, too
    case = make_case(session, person)
    decide(session, case, "health.birth_cert", utcnow(), "accept", "approve")  # so that the next item may be looked at
    token = make_signed_in(session, person)
    session.commit()
    number = case.number
    with browsers_of(pushes) as connected, firefox(connected.url, tmp_path / "profile") as browser, worker():
        _subscribe(browser, server, token)
        [subscription] = subscriptions()
        assert subscription.person_id == person.id
        ask(session, case, ITEM, utcnow())
        session.commit()

        [shown] = browser.do("notifications", atLeast=1)["found"]
        assert (shown["title"], shown["body"], shown["lang"]) == ("邻办", push_text("correction_asked", "zh"), "zh-CN")
        _wait(lambda: [one.state for one in deliveries()] == [DeliveryState.SHOWN])  # the phone said so itself
        assert connected.acks == [100]  # decrypted
        assert browser.do("chrome", source=f"{ALERTS}.map({TEXT})")["value"] == [push_text("correction_asked", "zh")]

        pushes.heard_again()  # a push service may deliver twice, and so may we after a kill
        _wait(lambda: connected.acks == [100, 100])
        assert len(browser.do("notifications")["found"]) == 1

        browser.do("chrome", source=f"{ALERTS}[0].document.getElementById('alertTextLabel').click()")
        _wait(lambda: any(f"/cases/{number}" in url for url in browser.do("pages")["urls"]))
    with db.reading() as reading:
        told = reading.exec(select(Message).where(Message.kind == "correction_asked")).one()
    assert told.read_at is not None


def _wait(until: Callable[[], bool]) -> None:
    """Until something outside has happened; ten seconds at most."""
    end = time.monotonic() + 10
    while not until():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def _subscribe(browser: Firefox, server: str, token: str) -> None:
    """As somebody does: open 消息, tap the card."""
    host, _ = server.removeprefix("http://").split(":")
    cookie = {"name": COOKIE, "value": token, "domain": host, "path": "/", "httpOnly": True, "sameSite": "Lax"}
    browser.do("open", url=f"{server}/messages", cookies=[cookie])
    browser.do("tap", selector="[data-push-card] [data-push-on]")
    browser.do("until", source="document.body.dataset.push === 'on'")
