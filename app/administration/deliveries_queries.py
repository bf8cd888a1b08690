"""Reads of what became of deliveries, for whoever runs the installation: numbers, hosts and case numbers, never a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.core.errors import NotFound
from app.messages.models import Alert, Channel, Delivery, DeliveryState, Message
from app.messages.reconciling import NO_FAULT, Ended, ended, is_late, is_overdue

PAGE = 50
#: What the numbers are of, how far back the list goes, how many rows a percentile is computed of.
DAY, LISTED, SAMPLE = timedelta(hours=24), timedelta(days=7), 1000
TROUBLE = "trouble"
LIVE = (DeliveryState.QUEUED, DeliveryState.SENDING)
d, m, a = Delivery, Message, Alert


@dataclass(frozen=True)
class Filters:
    """What an operator chose; unknown values fall back, never fail. Without a state: what failed and what is late."""

    channel: str = ""
    state: str = TROUBLE
    number: str = ""
    after: UUID | None = None

    @classmethod
    def parse(cls, channel: str, state: str, number: str, after: str) -> "Filters":
        """Choices out of an address."""
        try:
            cursor = UUID(after) if after else None
        except ValueError:
            cursor = None
        plain = "".join(number.split())
        return cls(
            channel if channel in set(Channel) else "", state if state in {"all", *DeliveryState} else TROUBLE,
            plain if plain.isdecimal() and plain.isascii() else "", cursor,
        )  # fmt: skip

    def url(self, **changes: object) -> str:
        """The address of the same list with some choices changed; a change leads to the first page."""
        new, default = replace(self, **{"after": None, **changes}), Filters()  # type: ignore[arg-type]
        names = ("channel", "state", "number", "after")
        chosen = {n: str(getattr(new, n)) for n in names if getattr(new, n) and getattr(new, n) != getattr(default, n)}
        return "/desk/deliveries" + (f"?{urlencode(chosen)}" if chosen else "")


@dataclass
class Numbers:
    """A channel's last day: how many deliveries stand where, and in how many seconds 95 of 100 were taken over."""

    queued: int = 0
    accepted: int = 0
    shown: int = 0
    failed: int = 0
    not_needed: int = 0
    p95: float | None = None

    @property
    def share_failed(self) -> float:
        """Of those that came to an end by being sent, the part that failed."""
        ended = self.accepted + self.failed
        return self.failed / ended if ended else 0.0


def numbers(session: Session, now: datetime) -> dict[Channel, Numbers]:
    """The last 24 hours by channel: one query, and one a channel for its percentile. `accepted` holds the shown ones too."""
    since = now - DAY
    found = {channel: Numbers(p95=_p95(session, channel, since)) for channel in Channel}
    counted = select(col(d.channel), col(d.state), func.count()).where(col(d.queued_at) >= since)
    for channel, state, n in session.execute(counted.group_by(col(d.channel), col(d.state))):
        one = found[channel]
        if state in LIVE:
            one.queued += n
        elif state is DeliveryState.SHOWN:
            one.accepted += n
            one.shown += n
        else:
            setattr(one, state.value, getattr(one, state.value) + n)
    return found


def _p95(session: Session, channel: Channel, since: datetime) -> float | None:
    """Seconds from queued to accepted that 95 of 100 needed at most, of the newest accepted ones; None without any."""
    rows = session.execute(
        select(col(d.queued_at), col(d.accepted_at))
        .where(col(d.queued_at) >= since, col(d.channel) == channel, col(d.accepted_at).is_not(None))
        .order_by(col(d.queued_at).desc())
        .limit(SAMPLE)
    )
    taken = sorted((row[1] - row[0]).total_seconds() for row in rows)
    return taken[ceil(len(taken) * 0.95) - 1] if taken else None


class Down(NamedTuple):
    """A host of which nothing was reached in the last minutes, and how many wait for it."""

    channel: Channel
    host: str
    because: str
    n: int


def down(session: Session, now: datetime) -> list[Down]:
    """The hosts that took nothing of what was tried lately: one query."""
    return dead(ended(session, now))


def dead(attempts: Iterable[Ended]) -> list[Down]:
    """Those of which every recent attempt failed, other than by a phone that went away. Pure."""
    by_host: dict[tuple[Channel, str], list[Ended]] = defaultdict(list)
    for one in attempts:
        by_host[one.channel, one.host].append(one)
    found = []
    for (channel, host), ends in sorted(by_host.items()):
        bad = [one for one in ends if one.failed and one.because not in NO_FAULT]
        if bad and all(one.failed for one in ends):
            worst = max(bad, key=lambda one: one.n)
            found.append(Down(channel, host, worst.because, sum(one.n for one in bad)))
    return found


class Line(NamedTuple):
    """A delivery as the list shows it."""

    id: UUID
    channel: Channel
    host: str
    state: DeliveryState
    because: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    give_up_at: datetime
    accepted_at: datetime | None
    shown_at: datetime | None
    ended_at: datetime | None
    receipt: str | None
    case_number: str
    kind: str
    params: dict[str, Any]
    created_at: datetime
    read_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether it should have gone five minutes ago."""
        return is_overdue(self, now)


_LINES = select(
    col(d.id), col(d.channel), col(d.host), col(d.state), col(d.because), col(d.attempts), col(d.queued_at), col(d.due_at),
    col(d.give_up_at), col(d.accepted_at), col(d.shown_at), col(d.ended_at), col(d.receipt), col(m.case_number),
    col(m.kind), col(m.params),
    col(m.created_at), col(m.read_at),
).join(m, col(m.id) == col(d.message_id))  # fmt: skip


def lines(session: Session, filters: Filters, now: datetime) -> list[Line]:
    """A page of the deliveries that were chosen and one more, the newest first: one query."""
    found = _LINES.where(col(d.queued_at) >= now - LISTED, *_chosen(filters, now))
    found = found.order_by(col(d.queued_at).desc(), col(d.id).desc()).limit(PAGE + 1)
    return [Line(*row) for row in session.execute(found)]


def _chosen(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if filters.state == TROUBLE:
        chosen.append(or_(col(d.state) == DeliveryState.FAILED, is_late(now)))
    elif filters.state != "all":
        state = DeliveryState(filters.state)
        chosen.append(col(d.state).in_(LIVE) if state is DeliveryState.QUEUED else col(d.state) == state)
    if filters.channel:
        chosen.append(col(d.channel) == Channel(filters.channel))
    if filters.number:
        chosen.append(col(m.case_number) == filters.number)
    if filters.after is not None:
        at = select(col(d.queued_at)).where(col(d.id) == filters.after).scalar_subquery()
        chosen.append(or_(col(d.queued_at) < at, and_(col(d.queued_at) == at, col(d.id) < filters.after)))
    return chosen


def ledger(session: Session, delivery_id: UUID) -> Sequence[Line]:
    """A delivery and the others of its message, it first: one query. An unknown one is NotFound."""
    message = select(col(d.message_id)).where(col(d.id) == delivery_id).scalar_subquery()
    found = _LINES.where(col(d.message_id) == message).order_by(col(d.id) != delivery_id, col(d.queued_at), col(d.id))
    rows = [Line(*row) for row in session.execute(found)]
    if not rows:
        raise NotFound
    return rows


def alerts(session: Session, now: datetime) -> list[Alert]:
    """The open alerts, and those of the last days that are over; the newest last: one query."""
    recent = or_(col(a.closed_at).is_(None), col(a.closed_at) >= now - LISTED)
    found = select(a).where(recent).order_by(col(a.closed_at).is_not(None), col(a.opened_at).desc(), col(a.id)).limit(PAGE)
    return list(session.execute(found).scalars())
