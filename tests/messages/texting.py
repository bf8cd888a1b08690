"""A resident, a message that matters, and the outbox at any hour of a test's own: what is due is claimed, sent and recorded."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import Session, col, select

from app.accounts.models import Budget, Person, Phone
from app.core import db
from app.messages import batches, service
from app.messages.channels import LEASE
from app.messages.models import Channel, Delivery, DeliveryState, Message, Preference
from app.messages.sms import SmsDoor
from tests import factories as make
from tests.messages.queued import dice

#: Ten in the morning of a Wednesday in China, and eleven at night.
NOON, NIGHT = datetime(2026, 11, 25, 2, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)
LATE, MOMENT = timedelta(minutes=20), timedelta(seconds=1)
AFTER = NOON + LATE
NUMBER = "261125000018"
TURN = {"service": "newborn", "item": "psb.birth_reg", "department": "psb", "reply_by": "2026-12-02T09:00:00+00:00"}


def tell(session: Session, person: Person, now: datetime, kind: str = "correction_asked", **how: Any) -> Message:
    """A message that matters, with what follows from it, committed."""
    message = service.tell(session, person.id, make.new_id(), NUMBER, kind, TURN, True, now, **how)
    session.commit()
    return message


def wish(session: Session, person: Person, **wished: Any) -> None:
    """How a person wishes to be told."""
    row = session.get(Preference, person.id) or Preference(person_id=person.id, updated_at=NOON)
    for name, value in wished.items():
        setattr(row, name, value)
    session.add(row)
    session.commit()


def phone_of(session: Session, person: Person) -> Phone:
    return session.exec(select(Phone).where(Phone.person_id == person.id)).one()


@contextmanager
def door(**how: Any) -> Iterator[SmsDoor]:
    """The SMS channel of one worker."""
    opened = SmsDoor(**how)
    try:
        yield opened
    finally:
        asyncio.run(opened.close())


def claim(by: SmsDoor, now: datetime, most: int = 200) -> batches.Taken:
    """A worker's turn: what is due is claimed and made ready."""
    return batches.take({Channel.SMS: by}, (), most, now, LEASE)


def finish(by: SmsDoor, taken: batches.Taken, now: datetime) -> None:
    """What was made ready is handed over, and what became of it recorded."""
    ended = [*taken.ended, *((ready.parcel, asyncio.run(by.send(ready))) for ready in taken.ready)]
    batches.write({Channel.SMS: by}, ended, taken.backs, now, dice())


def work(now: datetime) -> None:
    """All that a worker does at some moment."""
    with door() as opened:
        finish(opened, claim(opened, now), now)


def texts(message: Message | None = None) -> list[Delivery]:
    """The ledger's rows of texts, in the order they were queued."""
    with db.reading() as session:
        rows = select(Delivery).where(Delivery.channel == Channel.SMS).order_by(col(Delivery.id))
        return list(session.exec(rows.where(Delivery.message_id == message.id) if message else rows))


def stands(message: Message | None = None) -> list[tuple[str, str]]:
    """(state, because) of texts."""
    return [(row.state.value, row.because) for row in texts(message)]


def push(session: Session, message: Message, state: DeliveryState = DeliveryState.SHOWN) -> UUID:
    """A push of a message, as its phone has answered."""
    row = Delivery(
        message_id=message.id, channel=Channel.PUSH, target=make.new_id(), host="push.example", state=state,
        queued_at=message.created_at, due_at=message.created_at, give_up_at=message.created_at + timedelta(hours=24),
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row.id


def spent(purpose: str) -> int:
    """How much of a budget was used, by everybody on every day."""
    with db.reading() as session:
        return sum(session.exec(select(Budget.used).where(Budget.purpose == purpose)))


def received(sandbox: str, number: str) -> list[str]:
    """What lies on a phone, newest first."""
    headers = {"Accept": "application/json"}
    return [one["text"] for one in httpx.get(f"{sandbox}/sandbox/phones/{number}", headers=headers, trust_env=False).json()]


def misbehave(sandbox: str, system: str, kind: str, times: int = 1) -> None:
    """Plan a fault of the outside world."""
    body = {"system": system, "kind": kind, "times": times}
    httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).raise_for_status()
