"""A push in Chromium: shown once, with the right words; its receipt reaches us; a tap opens its page, also with none open."""

import json
from typing import Any

from app.messages.models import DeliveryState, Message
from app.messages.texts import push_text

from .conftest import Phone

#: A tap on a notification of ours: CDP has none, so the worker is told as the browser tells it.
TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""
#: Only a real tap may open a window or bring one to the front: what the worker asks the browser for is noted instead.
NOTED = """() => {
  self.asked = [];
  const note = (what) => async (url) => { self.asked.push(url ? `${what} ${url}` : what); return null; };
  self.clients.openWindow = note('open');
  WindowClient.prototype.focus = note('focus');
}"""
#: What was asked, once a window that is asked and does not answer has had its time.
ASKED = "new Promise((done) => setTimeout(() => done(self.asked), 600))"


def worker_of(phone: Phone) -> Any:
    """The service worker, where scripts can be run in it."""
    [worker] = phone.page.context.service_workers
    return worker


def test_a_push_is_shown_and_its_receipt_is_in_the_ledger(mother: Phone) -> None:
    mother.turn_on()
    delivery = mother.receives(mother.told())
    [shown] = mother.shown()
    assert (shown["title"], shown["body"], shown["lang"]) == ("邻办", push_text("item_accepted", "zh"), "zh-CN")
    assert shown["navigate"] == f"{mother.server}/messages/{delivery.message_id}"
    assert delivery.state is DeliveryState.SHOWN
    assert delivery.shown_at is not None


def test_delivered_twice_it_is_one_and_the_second_makes_no_sound(mother: Phone) -> None:
    mother.turn_on()
    delivery = mother.told()
    first = mother.receives(delivery).shown_at
    assert mother.receives(delivery).shown_at == first
    [shown] = mother.shown()
    assert shown["silent"] is True
    mother.receives(mother.told())
    assert [one["silent"] for one in mother.shown(2)] == [True, False]


def test_what_cannot_be_read_is_shown_all_the_same(mother: Phone) -> None:
    mother.open("/messages")
    mother.push("no json")
    [shown] = mother.shown()
    assert (shown["title"], shown["body"], shown["navigate"]) == ("邻办", "您有新消息，点开看。", "/messages")
    mother.push(json.dumps({"web_push": 8030, "notification": {"body": "x"}}))
    assert len(mother.shown()) == 1


def test_a_tap_leads_the_open_page_to_the_message_and_it_is_read(mother: Phone) -> None:
    mother.turn_on()
    delivery = mother.receives(mother.told())
    mother.open("/services")
    worker_of(mother).evaluate(NOTED)
    with mother.page.expect_navigation(url="**/cases/*"):
        worker_of(mother).evaluate(TAP)
    assert worker_of(mother).evaluate("self.asked") == ["focus"]
    mother.shown(0)
    message = mother.session.get_one(Message, delivery.message_id, populate_existing=True)
    assert message.read_at is not None


def test_a_tap_leaves_a_page_alone_in_which_somebody_is_typing(mother: Phone) -> None:
    mother.turn_on()
    delivery = mother.receives(mother.told())
    mother.open("/receipts/verify")
    mother.page.locator("textarea").first.fill("还没写完")
    worker_of(mother).evaluate(NOTED)
    worker_of(mother).evaluate(TAP)
    assert worker_of(mother).evaluate(ASKED) == [f"open {mother.server}/messages/{delivery.message_id}"]
    assert mother.page.url.endswith("/receipts/verify")


def test_a_tap_with_no_page_open_opens_one(mother: Phone) -> None:
    mother.turn_on()
    delivery = mother.told()
    data = mother.payload(delivery)
    elsewhere = mother.page.context.new_page()  # the phone's other end needs a page to hang on; this one is nobody's
    cdp = elsewhere.context.new_cdp_session(elsewhere)
    cdp.send("ServiceWorker.enable")
    mother.page.close()
    with elsewhere.context.expect_event("requestfinished", lambda request: "/push/shown/" in request.url):
        cdp.send("ServiceWorker.deliverPushMessage", mother.to_worker(data))
    worker_of(mother).evaluate(NOTED)
    worker_of(mother).evaluate(TAP)
    address = f"{mother.server}/messages/{delivery.message_id}"
    assert worker_of(mother).evaluate(ASKED) == [f"open {address}"]
    with elsewhere.expect_navigation(url="**/cases/*"):
        elsewhere.goto(address)
