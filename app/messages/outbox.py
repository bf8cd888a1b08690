"""A message's deliveries, written in the transaction of the message: over which channels, to which targets, from when on."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from app.accounts.models import Person
from app.core import notify
from app.core.settings import settings

from . import kinds
from .models import Channel, Delivery, DeliveryState, Message, Preference, PushSubscription
from .planning import Planned, Target, Wishes, plan
from .preferences import newest_phone, wishes
from .reasons import Because

SMS_HOST = "sms"
#: One row a browser, or one without; each with the person's wishes and newest phone.
_REACH = (
    select(Preference, newest_phone, col(PushSubscription.id), col(PushSubscription.host))
    .select_from(Person)
    .outerjoin(Preference, col(Preference.person_id) == col(Person.id))
    .outerjoin(PushSubscription, col(PushSubscription.person_id) == col(Person.id))
    .where(col(Person.id) == bindparam("whom"))
)
_DESKS = select(col(PushSubscription.id), col(PushSubscription.host)).where(col(PushSubscription.staff_id) == bindparam("whom"))


def reach(session: Session, person_id: UUID) -> tuple[Wishes, list[Target]]:
    """How a person wishes to be told, and where each channel reaches them: one query."""
    rows = session.execute(_REACH, {"whom": person_id}).all()
    preference, phone = (rows[0][0], rows[0][1]) if rows else (None, None)
    targets = [Target(Channel.PUSH, row[2], row[3]) for row in rows if row[2]]
    return wishes(preference), targets + ([Target(Channel.SMS, phone, SMS_HOST)] if phone else [])


def _desks(session: Session, staff_id: UUID) -> list[Target]:
    return [Target(Channel.PUSH, *row) for row in session.execute(_DESKS, {"whom": staff_id})]


def post(session: Session, message: Message, now: datetime) -> None:
    """Queue a message's deliveries and wake whoever waits for it; nothing is sent before the transaction commits."""
    kind = kinds.kind(message.kind)
    if message.person_id is not None:
        wished, targets = reach(session, message.person_id)
    else:
        wished, targets = Wishes(), _desks(session, message.staff_id) if message.staff_id else []
    planned = plan(kind, wished, targets, now, timedelta(minutes=settings().sms_after_minutes))
    if kind.instead_of and planned:
        _stand_for(session, message, kind.instead_of, now)
    if planned:
        session.flush()
        session.execute(insert(Delivery), [_row(message, one, now) for one in planned])
        notify.announce(session, notify.DELIVERY)


def _stand_for(session: Session, message: Message, others: tuple[str, ...], now: datetime) -> None:
    """End what this very act queued for the same reader and case under kinds that the message says better."""
    told = select(col(Message.id)).where(
        col(Message.case_id) == message.case_id, col(Message.person_id) == message.person_id,
        col(Message.created_at) == message.created_at, col(Message.kind).in_(others),
    )  # fmt: skip
    newer = {"state": DeliveryState.NOT_NEEDED, "because": Because.NEWER, "ended_at": now}
    mine = update(Delivery).where(col(Delivery.message_id).in_(told), col(Delivery.state) == DeliveryState.QUEUED)
    session.execute(mine.values(newer), execution_options={"synchronize_session": False})


def _row(message: Message, planned: Planned, now: datetime) -> dict[str, object]:
    target = planned.target
    return {
        "message_id": message.id, "channel": target.channel, "target": target.id, "host": target.host, "queued_at": now,
        "due_at": planned.due_at, "give_up_at": planned.give_up_at, "state": "queued", "attempts": 0, "because": "",
    }  # fmt: skip
