"""The delivery table: what a push service may answer, over real TLS, and what becomes of the delivery and the subscription.

Each row goes the whole way: a message is told, its delivery claimed, sent by the worker's sender, and the outcome recorded.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.settings import settings
from app.messages import service
from app.messages.models import Delivery, DeliveryState, Message, PushSubscription
from app.messages.push import PushDoor
from app.messages.sending import Sender, Times
from app.outside import web_push
from app.outside.web_push import WebPush
from tests.devices import Device, subscribe
from tests.factories import make_person, make_signed_in
from tests.support import databases
from tests.support.push_service import Answer, PushService

QUEUED, ACCEPTED, FAILED = DeliveryState.QUEUED, DeliveryState.ACCEPTED, DeliveryState.FAILED
KIND = "test"  # one that is sent at night, too


class Row(NamedTuple):
    """An answer and what follows: state, reason, seconds until the next try at least, whether host and subscription stay."""

    name: str
    answer: Answer
    state: DeliveryState
    because: str = ""
    wait: float = 0
    suspect: bool = False
    kept: bool = True
    receipt: str | None = None


MADE = (("Location", "https://push.example/m/1"),)
APPLE = b'{"reason":"BadJwtToken"}'
GOOGLE = (
    b"the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions."
)
TABLE = [
    Row("201", Answer(201, MADE), ACCEPTED, receipt="https://push.example/m/1"),
    Row("200", Answer(200), ACCEPTED),
    Row("202", Answer(202), ACCEPTED),
    Row("201 with a very long location", Answer(201, (("Location", "https://push.example/" + "x" * 200),)), ACCEPTED),
    Row("404", Answer(404), FAILED, "gone", kept=False),
    Row("410", Answer(410), FAILED, "gone", kept=False),
    Row("413", Answer(413), FAILED, "too_large"),
    Row("429 for two minutes", Answer(429, (("Retry-After", "120"),)), QUEUED, "busy", 120),
    Row("429 until whenever", Answer(429, (("Retry-After", "soon"),)), QUEUED, "busy"),
    Row("400", Answer(400), FAILED, "bad_request"),
    Row("401", Answer(401), FAILED, "vapid_refused"),
    Row("403 from Apple", Answer(403, body=APPLE), FAILED, "vapid_refused"),
    Row("403 because of another key", Answer(403, body=GOOGLE), FAILED, "gone", kept=False),
    Row("418", Answer(418), FAILED, "refused_418"),
    Row("500", Answer(500), QUEUED, "server_error"),
    Row("503 for a minute", Answer(503, (("Retry-After", "60"),)), QUEUED, "server_error", 60),
    Row("a redirect", Answer(307, (("Location", "https://localhost/elsewhere"),)), FAILED, "redirect"),
    Row("no answer", Answer(fault="silent"), QUEUED, "timeout", suspect=True),
    Row("a cut line", Answer(fault="reset"), QUEUED, "unreachable", suspect=True),
    Row("201 with a body drop by drop without end", Answer(201, fault="endless"), ACCEPTED),
    Row("201 with a huge body", Answer(201, fault="flood"), ACCEPTED),
    Row("410 with a huge body", Answer(410, fault="flood"), FAILED, "gone", kept=False),
    Row("a promise of more bytes than there are", Answer(201, (("Content-Length", "99999999999"),), fault="endless"), ACCEPTED),
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production, only sooner."""
    monkeypatch.setattr(web_push, "SECONDS", 0.8)
    monkeypatch.setattr(web_push, "BODY_SECONDS", 0.3)


def tell(session: Session, device: Device, kind: str = KIND) -> UUID:
    """Somebody with this browser is told something; gives the message's id."""
    person = make_person(session)
    subscribe(session, make_signed_in(session, person), device)
    message = service.tell(session, person.id, new_id(), "261125000018", kind, {"service": "newborn"}, True, utcnow())
    message_id = message.id
    session.commit()
    return message_id


def send(until: Callable[[], bool], client: WebPush | None = None) -> Sender:
    """Let the worker's sender work until something is true."""
    return asyncio.run(_send(until, client))


async def _send(until: Callable[[], bool], client: WebPush | None) -> Sender:
    sender = Sender([PushDoor(client)], Times(look=0.02, gather=0.005, again=0.02, grace=0.2))
    working = asyncio.create_task(sender.run())
    async with asyncio.timeout(15):
        while not await asyncio.to_thread(until):
            await asyncio.sleep(0.01)
        sender.stop()
        await working
    return sender


def deliveries(message_id: UUID | None = None) -> list[Delivery]:
    with db.reading() as session:
        found = select(Delivery).where(Delivery.channel == "push").order_by(col(Delivery.id))
        return list(session.exec(found.where(Delivery.message_id == message_id) if message_id else found))


def tried(message_id: UUID) -> Callable[[], bool]:
    """Whether the one delivery of a message was tried, and the outcome written."""
    return lambda: all(
        one.state is not DeliveryState.SENDING and (one.attempts or one.ended_at) for one in deliveries(message_id)
    )


def subscriptions() -> list[PushSubscription]:
    with db.reading() as session:
        return list(session.exec(select(PushSubscription)))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_answer_has_its_outcome(session: Session, pushes: PushService, row: Row) -> None:
    pushes.answers["phone"] = row.answer
    device = Device(pushes.url("phone"))
    message_id, before = tell(session, device), utcnow()
    sender = send(tried(message_id))
    [one] = deliveries(message_id)
    assert (one.state, one.because, one.receipt) == (row.state, row.because, row.receipt)
    assert (one.accepted_at is not None) == (row.state is ACCEPTED)
    assert len(subscriptions()) == row.kept
    assert sender.hosts["localhost"].failures == row.suspect  # what reached nothing counts against the host, nothing else does
    if row.state is QUEUED:
        assert one.due_at >= before + timedelta(seconds=row.wait)
    # Once on a new line: a line that was cut is not tried a second time at once.
    assert [pushed.device for pushed in pushes.pushed] == ["phone"]
    assert device.read(pushes.pushed[0].body)["web_push"] == 8030


def test_a_time_to_come_again_may_be_a_date(session: Session, pushes: PushService) -> None:
    then = utcnow() + timedelta(minutes=10)
    pushes.answers["phone"] = Answer(429, (("Retry-After", format_datetime(then, usegmt=True)),))
    message_id = tell(session, Device(pushes.url("phone")))
    send(tried(message_id))
    [one] = deliveries(message_id)
    assert (one.state, one.because) == (QUEUED, "busy")
    assert one.due_at >= then - timedelta(seconds=1)


def test_a_certificate_that_proves_nothing_counts_as_unreachable(
    session: Session, pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = tell(session, Device(pushes.url("phone")))
    client = asyncio.run(_trusting_nobody())
    send(tried(message_id), client)
    [one] = deliveries(message_id)
    assert (one.state, one.because) == (QUEUED, "unreachable")
    assert pushes.pushed == []


async def _trusting_nobody() -> WebPush:
    import ssl

    client = WebPush()
    client.http.context = ssl.create_default_context()  # knows the world's authorities, not the test's
    return client


def test_nobody_at_the_door_counts_as_unreachable(session: Session, pushes: PushService) -> None:
    message_id = tell(session, Device("https://127.0.0.1:9/phone"))
    send(tried(message_id))
    [one] = deliveries(message_id)
    assert (one.state, one.because) == (QUEUED, "unreachable")


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.5"], ["192.168.1.1"], ["169.254.169.254"], ["100.64.0.1"], ["::1"], ["fd00::1"],
                  ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["8.8.8.8", "127.0.0.1"], []],
    ids=lambda found: " ".join(found) or "none",
)  # fmt: skip
def test_a_push_service_at_a_private_address_is_refused_and_nothing_is_connected(
    session: Session, pushes: PushService, addresses: list[str]
) -> None:
    message_id = tell(session, Device("https://updates.push.services.mozilla.com/wpush/v2/x"))

    async def answer(host: str, port: int) -> list[str]:
        return addresses

    sender = send(tried(message_id), WebPush(answer))
    [one] = deliveries(message_id)
    assert (one.state, one.because) == (FAILED, "private_address")
    assert pushes.connections == 0
    assert not sender.hosts["updates.push.services.mozilla.com"].failures


def test_a_name_whose_answer_changes_is_asked_once_and_gains_nothing(session: Session, pushes: PushService) -> None:
    """DNS rebinding: first a public address, for the check, then this machine, for the connection."""
    port = pushes.base.rsplit(":", 1)[1]
    asked: list[str] = []

    async def answer(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    dialled: list[str] = []

    async def dial(address: str, _port: int) -> None:
        dialled.append(address)
        raise OSError("no internet in tests")

    message_id = tell(session, Device("https://updates.push.services.mozilla.com/wpush/v2/x"))
    client = WebPush(answer)
    client.http.backend.dial = dial  # type: ignore[attr-defined] # the one thing that cannot be had here: the internet
    send(tried(message_id), client)
    assert asked == ["updates.push.services.mozilla.com"]
    assert dialled == ["8.8.8.8"], "the address that was checked is the address that is dialled"
    with db.writing() as writing:
        for one in writing.exec(select(Delivery)):
            one.due_at, one.attempts = utcnow(), 0
            writing.add(one)
    send(tried(message_id), client)
    assert [one.because for one in deliveries(message_id)] == ["private_address"]
    assert dialled == ["8.8.8.8"]
    assert (pushes.connections, port) == (0, port)


def test_an_endpoint_that_is_allowed_no_more_is_not_used(
    session: Session, pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = tell(session, Device("https://updates.push.services.mozilla.com/wpush/v2/x"))
    monkeypatch.setenv("PUSH_HOSTS", "fcm.googleapis.com")
    databases.forget_settings()
    send(tried(message_id))
    assert [(one.state, one.because) for one in deliveries(message_id)] == [(FAILED, "bad_endpoint")]


def test_without_the_tests_own_setting_this_machine_is_no_push_service(
    session: Session, pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = tell(session, Device(pushes.url("phone")))
    monkeypatch.delenv("PUSH_TEST_CA")
    databases.forget_settings()
    assert settings().push_test_ca is None
    send(tried(message_id))
    assert [one.because for one in deliveries(message_id)] == ["bad_endpoint"]
    assert pushes.connections == 0


def test_a_browser_that_is_gone_takes_everything_that_is_queued_for_it_along(session: Session, pushes: PushService) -> None:
    pushes.answers["phone"] = Answer(410)
    first = tell(session, Device(pushes.url("phone")))
    message = session.get(Message, first)
    assert message is not None
    assert message.person_id is not None
    later = service.tell(session, message.person_id, new_id(), "261125000018", KIND, {"service": "newborn"}, True, utcnow())
    later_id = later.id
    session.flush()
    for one in session.exec(select(Delivery).where(Delivery.message_id == later_id)):
        one.due_at = utcnow() + timedelta(hours=1)
        session.add(one)
    session.commit()
    send(tried(first))
    assert [(one.state, one.because) for one in deliveries(later_id)] == [(FAILED, "gone")]
    assert len(pushes.pushed) == 1
