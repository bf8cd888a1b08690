"""Deliveries in the outbox, many at once, and a channel of the tests' own that says what it is told to say."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.accounts.models import Person, SessionRow
from app.core import db, notify
from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.push_keys import push_keys
from app.messages.channels import Outcome, Parcel, Ready, Result
from app.messages.models import Channel, Delivery, Message, PushSubscription
from tests.factories import make_person, make_signed_in

HOST = "push.example"
SENT = Outcome(Result.ACCEPTED)


def dice(seed: int = 1) -> Random:
    """Chance that is the same each time."""
    return Random(seed)  # noqa: S311 - no secret


def make_deliveries(
    session: Session, number: int = 1, *, host: str = HOST, due: datetime | None = None, person: Person | None = None,
    give_up: timedelta = timedelta(hours=24), kind: str = "test", **changed: Any,
) -> list[UUID]:  # fmt: skip
    """Messages with one queued push each; gives the deliveries' ids. The kind is one that is sent at night, too."""
    due, person = due or utcnow(), person or make_person(session)
    messages = [
        {
            "id": new_id(), "person_id": person.id, "case_number": "", "kind": kind, "your_turn": False,
            "params": {"service": "newborn"}, "created_at": due,
        }
        for _ in range(number)
    ]  # fmt: skip
    deliveries = [
        {
            "id": new_id(), "message_id": message["id"], "channel": Channel.PUSH, "target": new_id(), "host": host,
            "queued_at": due, "due_at": due, "give_up_at": due + give_up, "state": "queued", "attempts": 0, "because": "",
        }
        | changed
        for message in messages
    ]  # fmt: skip
    session.execute(insert(Message), messages)
    session.execute(insert(Delivery), deliveries)
    notify.announce(session, notify.DELIVERY)
    return [one["id"] for one in deliveries]


class Phone(NamedTuple):
    """Somebody's browser that may be pushed to."""

    person: Person
    id: UUID


def make_phones(session: Session, number: int, endpoint: str) -> list[Phone]:
    """People with one browser each, at `endpoint`/<its id>; their keys are real, nobody can read what they get."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    p256dh, key_id, now = base64.urlsafe_b64encode(raw).decode().rstrip("="), push_keys().current, utcnow()
    made = []
    for _ in range(number):
        person, phone = make_person(session), new_id()
        make_signed_in(session, person)
        session_id = session.exec(select(SessionRow.id).where(SessionRow.person_id == person.id)).one()
        keys = {"endpoint": f"{endpoint}/{phone.hex}", "p256dh": p256dh, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
        session.add(
            PushSubscription(
                id=phone, session_id=session_id, person_id=person.id, endpoint_index=phone.hex, sealed=json.dumps(keys),
                host=str(urlsplit(endpoint).hostname), key_id=key_id, lang="zh", created_at=now, seen_at=now,
            )
        )  # fmt: skip
        made.append(Phone(person, phone))
    session.flush()
    return made


def ledger(*ids: UUID) -> list[Delivery]:
    """What the ledger says of deliveries, in the order of their ids; of all when none is named."""
    with db.reading() as session:
        wanted = select(Delivery).order_by(col(Delivery.id))
        return list(session.exec(wanted.where(col(Delivery.id).in_(ids)) if ids else wanted))


def states() -> Counter[str]:
    """How many deliveries are in each state."""
    return Counter(one.state.value for one in ledger())


@dataclass
class OwnDoor:
    """A channel whose answers a test decides: `answer` gets each parcel, and may raise or be awaited."""

    answer: Callable[[Parcel], Any] = lambda _: SENT
    channel: Channel = Channel.PUSH
    sent: list[Parcel] = field(default_factory=list)
    settled: list[tuple[Parcel, Outcome]] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)
    most_under_way: Counter[str] = field(default_factory=Counter)
    closed: bool = False

    def prepare(self, session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Ready | tuple[Parcel, Outcome]]:
        """Nothing to read."""
        return [Ready(parcel, None) for parcel in parcels]

    async def send(self, ready: Ready) -> Outcome:
        """As told, with a breath in between."""
        parcel = ready.parcel
        self.sent.append(parcel)
        self.under_way[parcel.host] += 1
        self.most_under_way[parcel.host] = max(self.most_under_way[parcel.host], self.under_way[parcel.host])
        try:
            await asyncio.sleep(0)
            outcome = self.answer(parcel)
            result: Outcome = await outcome if asyncio.iscoroutine(outcome) else outcome
            return result
        finally:
            self.under_way[parcel.host] -= 1

    def settle(self, session: Session, ended: Sequence[tuple[Parcel, Outcome]], now: datetime) -> None:
        """Keep it."""
        self.settled += ended

    async def close(self) -> None:
        """Keep that too."""
        self.closed = True
