"""Taking due deliveries for sending, and writing down what became of them: the only statements that move the outbox on.

One UPDATE claims a batch: on PostgreSQL its rows are locked and those of others skipped, on SQLite the transaction is begun
for writing, so that nobody else can claim meanwhile. What is written later is conditional on the claim.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, bindparam, case, select, text, update
from sqlmodel import Session, col

from app.core.ids import new_id

from .channels import Parcel
from .models import Channel, Delivery, DeliveryState, Message
from .reasons import Because
from .retries import Entry

d, m = Delivery, Message
_id, _claim = col(d.id), col(d.claim)
#: Written as in the index, not as parameters: neither engine would use a partial index for what it cannot read in advance.
_LIVE = text("delivery.state IN ('queued', 'sending')")
_DUE = (
    _LIVE,
    col(d.due_at) <= bindparam("now"),
    col(d.channel).in_(bindparam("channels", expanding=True)),
    col(d.host).not_in(bindparam("left_out", expanding=True)),
    col(d.give_up_at) > bindparam("now"),
)
_ANY = select(_id).where(*_DUE).limit(1)
_CHOSEN = (
    select(_id).where(*_DUE)
    .order_by(col(d.due_at)).limit(bindparam("most", type_=Integer)).with_for_update(skip_locked=True).cte("chosen")
)  # fmt: skip
_TAKE = (
    update(d)
    .where(_id == _CHOSEN.c.id)
    .values(state=DeliveryState.SENDING, due_at=bindparam("lease_ends"), claim=bindparam("fresh"))
    .returning(
        _id, col(d.message_id), col(d.channel), col(d.target), col(d.host), col(d.attempts), col(d.give_up_at),
    )
)  # fmt: skip
_SAY = select(
    col(m.id), col(m.person_id), col(m.staff_id), col(m.enterprise_id), col(m.case_number), col(m.kind), col(m.params),
    col(m.created_at), col(m.read_at),
).where(col(m.id).in_(bindparam("messages", expanding=True)))  # fmt: skip
_MINE = (_id == bindparam("one"), _claim == bindparam("held"))
_RECORD = (
    update(d)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"), due_at=bindparam("next"), because=bindparam("why"), claim=None,
        attempts=col(d.attempts) + bindparam("counted"), accepted_at=bindparam("accepted"), receipt=bindparam("named"),
        ended_at=bindparam("ended"),
    )
)  # fmt: skip
_GIVE_BACK = update(d).where(*_MINE).values(state=DeliveryState.QUEUED, due_at=bindparam("next"), claim=None)
_OVER = (
    select(_id).where(_LIVE, col(d.due_at) <= bindparam("now"), col(d.give_up_at) <= bindparam("now"))
    .limit(bindparam("most", type_=Integer)).with_for_update(skip_locked=True).cte("over")
)  # fmt: skip
_EXPIRE = (
    update(d)
    .where(_id == _OVER.c.id)
    .values(
        state=DeliveryState.FAILED, claim=None, ended_at=bindparam("now"),
        because=case((col(d.because) == "", Because.GAVE_UP.value), else_=col(d.because)),
    )
    .returning(_id)
)  # fmt: skip
#: Nothing that these statements change is loaded in their session.
_NO_SYNC = {"synchronize_session": False}


class Back(NamedTuple):
    """A claimed delivery that was not tried, and when it may be claimed again."""

    parcel: Parcel
    due_at: datetime


def any_due(session: Session, channels: Collection[Channel], left_out: Collection[str], now: datetime) -> bool:
    """Whether there is something to claim: one look into an index, without a write."""
    values = {"channels": list(channels), "left_out": list(left_out), "now": now}
    return session.execute(_ANY, values).first() is not None


def claim(
    session: Session, channels: Collection[Channel], left_out: Collection[str], most: int, now: datetime, lease: float
) -> list[Parcel]:
    """Take at most `most` due deliveries, the longest due first, for `lease` seconds; needs a writing session.

    `left_out`: hosts of which none are taken.
    """
    fresh = new_id()
    values = {
        "channels": list(channels), "left_out": list(left_out), "most": most, "now": now, "fresh": fresh,
        "lease_ends": now + timedelta(seconds=lease),
    }  # fmt: skip
    rows = session.execute(_TAKE, values, execution_options=_NO_SYNC).all()
    if not rows:
        return []
    said = {row[0]: row for row in session.execute(_SAY, {"messages": list({row[1] for row in rows})})}
    return [_parcel(row, said[row[1]], fresh) for row in rows]


def _parcel(row: Any, said: Any, fresh: UUID) -> Parcel:
    """A claimed row and its message's."""
    id_, message_id, channel, target, host, attempts, give_up_at = row
    return Parcel(id_, fresh, channel, target, host, attempts, give_up_at, message_id, *said[1:])


def record(session: Session, entries: Sequence[tuple[Parcel, Entry]]) -> int:
    """Write outcomes into the ledger; gives how many. One whose claim is no longer ours is left to whoever has it now."""
    rows = [
        {
            "one": parcel.id, "held": parcel.claim, "new_state": entry.state, "next": entry.due_at, "why": entry.because,
            "counted": entry.counted, "accepted": entry.accepted_at, "named": entry.receipt, "ended": entry.ended_at,
        }
        for parcel, entry in entries
    ]  # fmt: skip
    return _many(session, _RECORD, rows)


def give_back(session: Session, backs: Iterable[Back]) -> int:
    """Let others have what was claimed and not tried; no attempt is counted."""
    rows = [{"one": back.parcel.id, "held": back.parcel.claim, "next": back.due_at} for back in backs]
    return _many(session, _GIVE_BACK, rows)


def expire(session: Session, now: datetime, most: int) -> int:
    """End at most `most` deliveries whose time is up, whether or not their channel works; a chore of the worker."""
    return len(session.execute(_EXPIRE, {"now": now, "most": most}, execution_options=_NO_SYNC).all())


def _many(session: Session, statement: Any, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    rows.sort(key=lambda row: row["one"])  # locks in order of id, as reports take them: nobody waits in a ring
    connection = session.connection()  # on the connection: the session would take it for an update by primary key
    return connection.execute(statement, rows).rowcount
