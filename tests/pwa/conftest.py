"""Phones with a service worker at hand: pushes are delivered to it as Chromium's own push service would, which is not here."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core.clock import utcnow
from app.messages import service
from app.messages.channels import Parcel
from app.messages.models import Channel, Delivery, Message, PushSubscription
from app.messages.payloads import payload
from tests.factories import MOTHER, make_case, make_person, make_signed_in
from tests.look.walk import sign_in

#: What Chromium's push service would do for a page: a subscription that lasts as long as the browser, or never an answer.
PUSH_SERVICE = """(() => {
  const P256DH = 'BJiocejPTk_Zalm2NMOuJ2nH0CSxExB6n5VcDGwMRD9xu-TjFj-Hnwp27pW2bl2oXpZHynPhLBvJ1uXiGi8QBzA';
  const made = (number, key) => ({
    endpoint: `https://fcm.googleapis.com/fcm/send/${number}`, expirationTime: null,
    options: { applicationServerKey: Uint8Array.from(key).buffer },
    toJSON() { return { endpoint: this.endpoint, expirationTime: null, keys: { p256dh: P256DH, auth: 'A'.repeat(22) } }; },
    async unsubscribe() { localStorage.removeItem('push-service'); return true; },
  });
  PushManager.prototype.getSubscription = async () => {
    const kept = JSON.parse(localStorage.getItem('push-service'));
    return kept && made(kept.number, kept.key);
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (localStorage.getItem('push-service-hangs')) await new Promise(() => {});
    const kept = { number: crypto.randomUUID(), key: Array.from(applicationServerKey) };
    localStorage.setItem('push-service', JSON.stringify(kept));
    return made(kept.number, kept.key);
  };
})()"""
IN_CHARGE = "() => navigator.serviceWorker.controller !== null"
#: What lies among the notifications, once there are so many.
SHOWN = """async (many) => {
  const registration = await navigator.serviceWorker.ready;
  for (let tries = 200; ; tries -= 1) {
    const all = await registration.getNotifications();
    if (all.length === many || !tries) {
      return all.map(({ title, body, tag, lang, silent, data }) => ({ title, body, tag, lang, silent, ...data }));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


class Phone:
    """A page, whose it is, and the other end of its service worker."""

    def __init__(self, page: Any, server: str, session: Session, person: Person) -> None:
        self.page, self.server, self.session, self.person = page, server, session, person
        self.registration = ""
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.cdp.send("ServiceWorker.enable")

    def _registered(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            if one["scopeURL"].startswith(self.server) and not one["isDeleted"]:
                self.registration = one["registrationId"]

    def open(self, path: str) -> None:
        """A page with its service worker in charge."""
        self.page.goto(path)
        self.page.wait_for_function(IN_CHARGE)

    def is_(self, state: str) -> None:
        """How it stands with push here, once the page knows."""
        expect(self.page.locator("body")).to_have_attribute("data-push", state)

    def turn_on(self) -> None:
        """What a person does: open 消息, tap the card."""
        self.open("/messages")
        self.page.locator("[data-push-on]").click()
        self.is_("on")

    def push(self, data: str) -> None:
        """What arrives, decrypted; no receipt is waited for."""
        self.cdp.send("ServiceWorker.deliverPushMessage", self.to_worker(data))

    def to_worker(self, data: str) -> dict[str, str]:
        """What CDP wants to know of a push."""
        return {"origin": self.server, "registrationId": self.registration, "data": data}

    def receives(self, delivery: Delivery) -> Delivery:
        """A push of ours arrives; gives its delivery once the server has its receipt."""
        data = self.payload(delivery)
        with self.page.context.expect_event("requestfinished", lambda request: "/push/shown/" in request.url):
            self.push(data)
        self.session.refresh(delivery)
        self.session.commit()
        return delivery

    def shown(self, many: int = 1) -> list[dict[str, Any]]:
        """What lies among the notifications, once there are so many."""
        found: list[dict[str, Any]] = self.page.evaluate(SHOWN, many)
        assert len(found) == many
        return found

    def told(self, kind: str = "item_accepted") -> Delivery:
        """Something happens in a case of the person's; gives the delivery of its push."""
        case = make_case(self.session, self.person)
        message = service.tell(
            self.session, self.person.id, case.id, case.number, kind, {"service": "newborn"}, False, utcnow()
        )
        self.session.commit()
        found = select(Delivery).where(Delivery.message_id == message.id, Delivery.channel == Channel.PUSH)
        delivery = self.session.exec(found).one()
        self.session.commit()
        return delivery

    def payload(self, delivery: Delivery) -> str:
        """What our worker sends of it."""
        d, m = delivery, self.session.get_one(Message, delivery.message_id)
        parcel = Parcel(
            d.id, d.id, d.channel, d.target, d.host, 0, d.give_up_at, m.id, m.person_id, None, None, m.case_number, m.kind,
            m.params, m.created_at, None,
        )  # fmt: skip
        self.session.commit()  # on SQLite this session holds the write lock, for which the receipt waits
        return payload(parcel, "zh", 1).decode()

    def subscriptions(self) -> list[PushSubscription]:
        """Where the server pushes to, as the rows are now."""
        found = select(PushSubscription).order_by(col(PushSubscription.created_at))
        rows = list(self.session.exec(found.execution_options(populate_existing=True)))
        self.session.commit()
        return rows

    def signs_in(self, person: Person) -> UUID:
        """The next person takes the phone; gives their id."""
        self.person = person
        sign_in(self.page, self.server, make_signed_in(self.session, person))
        self.session.commit()
        return person.id


@pytest.fixture
def mother(phone: Any, server: str, session: Session) -> Phone:
    """王晓兰's phone, on which notifications are allowed once they are asked for."""
    phone.context.grant_permissions(["notifications"])
    phone.context.add_init_script(PUSH_SERVICE)
    mine = Phone(phone, server, session, make_person(session, MOTHER))
    mine.signs_in(mine.person)
    return mine
