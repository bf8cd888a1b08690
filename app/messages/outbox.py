"""A message's deliveries, written in the transaction of the message: over which channels, to which targets, from when on."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.accounts.models import Phone
from app.core import notify
from app.core.settings import settings

from . import kinds
from .models import Channel, Delivery, Message, Preference, PushSubscription, SmsWhen
from .planning import Planned, Target, Wishes, plan

SMS_HOST = "sms"


def wishes_of(session: Session, person_id: UUID) -> Wishes:
    """How a person wishes to be told."""
    row = session.get(Preference, person_id)
    if row is None:
        return Wishes()
    sms = row.sms or (SmsWhen.AT_ONCE if row.care else SmsWhen.LATE)
    return Wishes(row.push, sms, row.lang, row.quiet_from, row.quiet_to, frozenset(row.muted))


def _browsers(session: Session, message: Message) -> list[Target]:
    p = PushSubscription
    mine = p.person_id == message.person_id if message.person_id else p.staff_id == message.staff_id
    found = session.exec(select(p.id, p.host).where(mine))
    return [Target(Channel.PUSH, row[0], row[1]) for row in found]


def _phone(session: Session, person_id: UUID) -> list[Target]:
    newest = select(Phone.id).where(Phone.person_id == person_id).order_by(col(Phone.holder_checked_at).desc()).limit(1)
    return [Target(Channel.SMS, phone, SMS_HOST) for phone in session.exec(newest)]


def post(session: Session, message: Message, now: datetime) -> None:
    """Queue a message's deliveries and wake whoever waits for it; nothing is sent before the transaction commits."""
    kind = kinds.kind(message.kind)
    targets, wishes = _browsers(session, message), Wishes()
    if message.person_id is not None:
        wishes = wishes_of(session, message.person_id)
        targets += _phone(session, message.person_id) if kind.matters else []
    planned = plan(kind, wishes, targets, now, timedelta(minutes=settings().sms_after_minutes))
    if planned:
        session.flush()
        session.execute(insert(Delivery), [_row(message, one, now) for one in planned])
        notify.announce(session, notify.DELIVERY)


def _row(message: Message, planned: Planned, now: datetime) -> dict[str, object]:
    target = planned.target
    return {
        "message_id": message.id, "channel": target.channel, "target": target.id, "host": target.host, "queued_at": now,
        "due_at": planned.due_at, "give_up_at": planned.give_up_at, "state": "queued", "attempts": 0, "because": "",
    }  # fmt: skip
