"""Send once more what failed: an operator mended its cause. Only while nobody has read the message and its target lives."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.accounts import budgets
from app.core import notify
from app.core.errors import N_, AppError, NotFound

from .models import Delivery, DeliveryState, Message
from .reasons import Because
from .retries import POLICIES

#: How often operators may send something again, in an hour: enough to mend a channel by hand, too few to flood a gateway.
AN_HOUR = 100
#: No later try can better these: what the message was to reach is no more, or must not be asked.
HOPELESS = frozenset({Because.GONE, Because.NO_TARGET, Because.NO_TEXT, Because.BAD_ENDPOINT, Because.PRIVATE_ADDRESS})


class NothingToSend(AppError):
    """The delivery has not failed, cannot succeed, or its message was read meanwhile."""

    status = 409
    type = "nothing-to-send"
    what = N_("这一条不用再发：已经看过、已经发出，或者手机不在了。")
    kept = N_("原来的记录没有变。")
    todo = N_("请刷新看最新的状态。")


def may(state: DeliveryState, because: str, read_at: datetime | None) -> bool:
    """Whether a delivery can be sent again."""
    return state is DeliveryState.FAILED and read_at is None and because not in HOPELESS


def again(session: Session, delivery_id: UUID, now: datetime) -> UUID:
    """Queue a failed delivery anew, with all its time before it; gives its id. Raises NotFound, NothingToSend, TooMany.

    `handed_at` is forgotten: another SMS costs another share of the budgets of its person and day. A text that the vendor took
    and could not deliver goes as a new delivery: the vendor knows the old one's key, and would send nothing for it.
    """
    row = session.exec(select(Delivery).where(Delivery.id == delivery_id).with_for_update()).first()
    if row is None:
        raise NotFound
    if not may(row.state, row.because, session.get_one(Message, row.message_id).read_at) or _has_a_successor(session, row):
        raise NothingToSend
    budgets.spend(session, "resend", "", AN_HOUR, budgets.HOUR, now)
    if row.receipt is not None:
        row = Delivery(message_id=row.message_id, channel=row.channel, target=row.target, host=row.host, queued_at=now,
                       due_at=now, give_up_at=now)  # fmt: skip
    row.state, row.due_at, row.give_up_at = DeliveryState.QUEUED, now, now + POLICIES[row.channel].give_up
    row.attempts, row.because, row.claim, row.handed_at, row.ended_at = 0, "", None, None, None
    session.add(row)
    notify.announce(session, notify.DELIVERY)
    return row.id


def _has_a_successor(session: Session, row: Delivery) -> bool:
    """Whether this was sent again already, as a delivery of its own."""
    later = select(Delivery.id).where(
        Delivery.message_id == row.message_id, Delivery.channel == row.channel, Delivery.target == row.target,
        Delivery.queued_at > row.queued_at,
    )  # fmt: skip
    return session.exec(later).first() is not None
