"""The browser changes the subscription by itself while no page of ours is looking: the service worker tells the server."""

from .conftest import PUSH_SERVICE, Phone

#: The page's push service has no localStorage here: this one remembers nothing, as after a change that lost the subscription.
IN_WORKER = PUSH_SERVICE.replace("localStorage", "({ getItem: () => null, setItem() {}, removeItem() {} })")
CHANGED = "self.dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))"


def test_a_changed_subscription_is_told_in_the_same_session_without_a_page(mother: Phone) -> None:
    mother.turn_on()
    [(old, session_id)] = [(one.id, one.session_id) for one in mother.subscriptions()]
    mother.open("/services")
    [worker] = mother.page.context.service_workers
    worker.evaluate(IN_WORKER)
    with mother.page.context.expect_event("requestfinished", lambda request: request.method == "PUT"):
        worker.evaluate(CHANGED)
    [now] = mother.subscriptions()
    assert now.id != old
    assert (now.person_id, now.session_id) == (mother.person.id, session_id)


def test_where_nobody_asked_for_notifications_nothing_is_told(mother: Phone) -> None:
    mother.open("/services")
    [worker] = mother.page.context.service_workers
    worker.evaluate(IN_WORKER)
    worker.evaluate(CHANGED)
    mother.open("/messages")
    mother.is_("off")
    assert mother.subscriptions() == []
