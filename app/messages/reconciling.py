"""The reconciler of deliveries: alerts on those that are late and on channels that fail. A chore of the worker.

app/cases/reconciling.py adds events that nobody was told of.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlmodel import Session, col

from .alerting import Fault, Found, keep
from .models import Channel, Delivery, DeliveryState
from .reasons import Because
from .retries import POLICIES

d = Delivery
#: A delivery may be so late; attempts of the last minutes are judged if there are enough of them; one in five may fail.
LATE, RECENT, ENOUGH, SHARE = timedelta(minutes=5), timedelta(minutes=15), 20, 0.2
#: What is tried again comes up within this, unless it waits for quiet hours to end or was asked to wait long.
SOON = timedelta(minutes=15)
#: A channel has recovered when half of that is left, so that an alert does not come and go.
CALM = SHARE / 2
#: No delivery lives longer: a day of push, or an SMS that waits for the morning and is then tried for twelve hours.
LONGEST = timedelta(hours=48)
#: What ends a delivery without a fault of its channel: the phone went away, the budget or the law said no.
NO_FAULT = frozenset(
    {Because.GONE, Because.NO_TARGET, Because.BAD_NUMBER, Because.NO_TEXT, Because.BUDGET_PERSON, Because.BUDGET_DAY}
)
#: Written as in the index, not as parameters: neither engine would use a partial index for what it cannot read in advance.
_LIVE = text("delivery.state IN ('queued', 'sending')")


class Ended(NamedTuple):
    """Recent attempts of one channel and host that ended alike; `failed` also while another try is to come."""

    channel: Channel
    host: str
    failed: bool
    because: str
    n: int


def subject(channel: Channel, host: str) -> str:
    """What an alert on a channel is about: the channel, and whose door it is."""
    return f"{channel.value} {host}"[:60]


def watch(session: Session, now: datetime, _most: int) -> int:
    """Open and close what alerts there are; gives how many were opened."""
    opened = keep(session, Fault.DELIVERY_LATE, late(session, now), now)
    bad, uneasy = failing(ended(session, now))
    return opened + keep(session, Fault.CHANNEL_FAILING, bad, now, still=uneasy)


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether a delivery should have gone five minutes ago; `is_overdue` says the same of one that was read.

    `due_at` moves with every try, so what is tried in vain is judged by when it was due first: its policy before it gives up.
    """
    first = or_(*(and_(col(d.channel) == c, col(d.give_up_at) < now - LATE + POLICIES[c].give_up) for c in Channel))
    in_vain = and_(col(d.attempts) > 0, col(d.because).not_in(NO_FAULT), first)
    return and_(_LIVE, col(d.due_at) <= now + SOON, or_(col(d.due_at) < now - LATE, in_vain))


class Standing(Protocol):
    """What `is_overdue` asks of a delivery."""

    @property
    def channel(self) -> Channel: ...
    @property
    def state(self) -> DeliveryState: ...
    @property
    def because(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def give_up_at(self) -> datetime: ...


def is_overdue(row: Standing, now: datetime) -> bool:
    """`is_late` of a row in memory."""
    if row.state not in (DeliveryState.QUEUED, DeliveryState.SENDING) or row.due_at > now + SOON:
        return False
    in_vain = row.attempts > 0 and row.because not in NO_FAULT
    return row.due_at < now - LATE or (in_vain and row.give_up_at - POLICIES[row.channel].give_up < now - LATE)


def late(session: Session, now: datetime) -> dict[str, Found]:
    """By channel and host, how many deliveries should have gone five minutes ago and are not even accepted."""
    found = (
        select(col(d.channel), col(d.host), func.count(), func.max(col(d.because)))
        .where(is_late(now))
        .group_by(col(d.channel), col(d.host))
    )
    return {subject(row[0], row[1]): Found(row[2], row[0].value, row[3]) for row in session.execute(found)}


def ended(session: Session, now: datetime) -> list[Ended]:
    """The attempts of the last minutes, counted: what was accepted, what failed for good, what waits for another try."""
    since = now - RECENT
    failed, again = col(d.state) == DeliveryState.FAILED, and_(_LIVE, col(d.attempts) > 0, col(d.because) != "")
    recent = or_(again, and_(failed, col(d.ended_at) >= since), col(d.accepted_at) >= since)
    found = select(col(d.channel), col(d.host), col(d.state), col(d.because), func.count())
    found = found.where(col(d.queued_at) >= now - LONGEST, recent)
    rows = session.execute(found.group_by(col(d.channel), col(d.host), col(d.state), col(d.because)))
    good = (DeliveryState.ACCEPTED, DeliveryState.SHOWN, DeliveryState.NOT_NEEDED)
    return [Ended(row[0], row[1], row[2] not in good, row[3], row[4]) for row in rows]


def failing(attempts: Iterable[Ended]) -> tuple[dict[str, Found], set[str]]:
    """The channels that fail too much, and those of which nobody can say yet that they have recovered."""
    good: Counter[str] = Counter()
    bad: defaultdict[str, Counter[str]] = defaultdict(Counter)
    channels: dict[str, Channel] = {}
    for one in attempts:
        name = subject(one.channel, one.host)
        channels[name] = one.channel
        if not one.failed:
            good[name] += one.n
        elif one.because not in NO_FAULT:
            bad[name][one.because] += one.n
    found, uneasy = {}, set()
    for name, reasons in bad.items():
        failed = reasons.total()
        share = failed / (failed + good[name])
        if share > SHARE and failed + good[name] >= ENOUGH:
            found[name] = Found(failed, channels[name].value, reasons.most_common(1)[0][0])
        elif share > CALM:
            uneasy.add(name)
    return found, uneasy
