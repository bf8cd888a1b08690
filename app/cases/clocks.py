"""Clocks of an item, pure: which of the states of screens.md §6.1 it is in, how much is used, how much is left."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import NamedTuple, Protocol

from app.core.clock import SHANGHAI, local
from app.core.workdays import due, hours, office_hours, workday

from .states import ENDED, ItemState

#: The department answers a filing within five working days, or it counts as accepted (行政许可法 art. 32(1)(4)).
ACCEPTANCE_DAYS = 5
SOON_SHARE = 0.8
#: So that a duration that is whole but for the last bit of a float is whole.
TINY = 1e-6


class Light(StrEnum):
    """The states of a clock; shape and words carry them, colour repeats (screens.md §6.1)."""

    WAITING = "waiting"
    RUNNING = "running"
    SOON = "soon"
    OVER = "over"
    OVER_LEGAL = "over_legal"
    CORRECTION = "correction"
    DONE = "done"


@dataclass(frozen=True)
class Clock:
    """`used` is a share of 0 to 100; `hours` are office hours left, or over when the light says so."""

    light: Light
    used: int
    hours: float

    @property
    def days(self) -> float:
        """The same in working days."""
        return self.hours / hours().a_day


def clock(
    state: ItemState,
    started: datetime | None,
    by: datetime | None,
    legal: datetime | None,
    ended: datetime | None,
    now: datetime,
) -> Clock:
    """The clock of an item between `started` and `by` (whose turn it is now), with the statutory limit `legal`."""
    if state in ENDED:
        return Clock(Light.DONE, 100, office_hours(started, ended) if started and ended else 0.0)
    if state is ItemState.CORRECTION_ASKED:
        return Clock(Light.CORRECTION, 0, office_hours(now, by) if by else 0.0)
    if started is None or by is None:
        return Clock(Light.WAITING, 0, 0.0)
    if now > by:
        light = Light.OVER_LEGAL if legal and now > legal else Light.OVER
        return Clock(light, 100, office_hours(by, now))
    left, whole = office_hours(now, by), office_hours(started, by)
    used = 1 - left / whole if whole else 1.0
    light = Light.SOON if now >= warn_at(started, by) else Light.RUNNING
    return Clock(light, max(0, min(100, round(used * 100))), left)


@dataclass(frozen=True)
class Dates:
    """The dates of a running item. `provisional`: a day of them lies in a year whose calendar is not announced yet."""

    act_by: datetime
    warn_at: datetime | None
    promised_due: datetime | None = None
    legal_due: datetime | None = None
    provisional: bool = False


def acceptance_by(ready: datetime) -> datetime:
    """Until when the department accepts, refuses or asks, counted from when the item reached it."""
    return due(ready, ACCEPTANCE_DAYS).at


def reached(ready: datetime) -> Dates:
    """The dates of an item that waits for its department's acceptance."""
    by = acceptance_by(ready)
    return Dates(by, warn_at(ready, by))


def accepted(start: datetime, promised_days: int, legal_days: int | None) -> Dates:
    """Acceptance starts both clocks (行政许可法 arts. 42, 44, 82): working days, until closing time of the due day."""
    promised = due(start, promised_days)
    legal = due(start, legal_days) if legal_days is not None else None
    provisional = promised.provisional or bool(legal and legal.provisional)
    return Dates(promised.at, warn_at(start, promised.at), promised.at, legal.at if legal else None, provisional)


def warn_at(started: datetime, by: datetime) -> datetime:
    """From when an item is due soon: one working day left, or 80 % used, whichever is earlier; never before it started."""
    keep = max(hours().a_day, office_hours(started, by) * (1 - SOON_SHARE))
    return max(started, _back(by, keep))


def _back(end: datetime, keep: float) -> datetime:
    """The moment from which `keep` office hours remain until `end`."""
    here = local(end)
    day, moment, left = here.date(), here.time(), timedelta(hours=keep)
    while True:
        if workday(day).open:
            for opens, closes in reversed(hours().stretches):
                until = min(closes, moment)
                if opens < until:
                    start, stop = (datetime.combine(day, t, SHANGHAI) for t in (opens, until))
                    if stop - start >= left:
                        return stop - left
                    left -= stop - start
        day, moment = day - timedelta(days=1), time.max


class Stage(StrEnum):
    """What an applicant is told about an item: the states of screens.md §6.1, and how it may end."""

    WAITING = "waiting"
    SENT = "sent"
    CORRECTION = "correction"
    RUNNING = "running"
    SOON = "soon"
    OVER = "over"
    OVER_LEGAL = "over_legal"
    APPROVED = "approved"
    DONE = "done"
    DENIED = "denied"
    NOT_ACCEPTED = "not_accepted"
    NOT_STARTED = "not_started"
    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"


class Measure(StrEnum):
    """Working days, or office hours."""

    DAYS = "days"
    HOURS = "hours"


class Span(NamedTuple):
    """A duration ready to be said: 3 days, 1.5 days, 4 hours."""

    amount: float
    measure: Measure


class Face(NamedTuple):
    """How an item's clock looks to the applicant.

    `share` (0 to 1) is used ÷ promised. `used` is what was used, None before it counts. `left` is what is left while running
    and what it is late by when over. `late`: decided after the promised moment.
    """

    stage: Stage
    share: float = 0.0
    used: Span | None = None
    left: Span | None = None
    late: bool = False


class Timed(Protocol):
    """The columns of an item that its clock needs."""

    @property
    def state(self) -> ItemState: ...
    @property
    def promised_days(self) -> int: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def promised_due(self) -> datetime | None: ...
    @property
    def legal_due(self) -> datetime | None: ...
    @property
    def decided_at(self) -> datetime | None: ...


_STAGES = {
    ItemState.WAITING: Stage.WAITING,
    ItemState.FILED: Stage.SENT,
    ItemState.RESUBMITTED: Stage.SENT,
    ItemState.CORRECTION_ASKED: Stage.CORRECTION,
    ItemState.APPROVED: Stage.APPROVED,
    ItemState.FINISHED: Stage.DONE,
    ItemState.DENIED: Stage.DENIED,
    ItemState.NOT_ACCEPTED: Stage.NOT_ACCEPTED,
    ItemState.NOT_STARTED: Stage.NOT_STARTED,
    ItemState.NOT_NEEDED: Stage.NOT_NEEDED,
    ItemState.WITHDRAWN: Stage.WITHDRAWN,
}


def face(item: Timed, now: datetime) -> Face:
    """The clock of an item as its applicant sees it now; no clock runs before acceptance or after the decision."""
    if item.state is not ItemState.ACCEPTED or item.accepted_at is None or item.promised_due is None:
        return _still(item)
    start, by = item.accepted_at, item.promised_due
    if now > by:
        stage = Stage.OVER_LEGAL if item.legal_due and now > item.legal_due else Stage.OVER
        over = office_hours(item.legal_due if stage is Stage.OVER_LEGAL and item.legal_due else by, now) / hours().a_day
        return Face(stage, 1.0, spent(start, now), _floor(over, halves_from=0.5))
    left = office_hours(now, by) / hours().a_day
    whole = item.promised_days or office_hours(start, by) / hours().a_day
    left = min(left, whole)
    said = _floor(left, halves_from=1)
    used = item.promised_days - said.amount if said.measure is Measure.DAYS else 0
    stage = Stage.SOON if now >= warn_at(start, by) else Stage.RUNNING
    share = 1 - left / whole if whole else 1.0
    return Face(stage, share, Span(used, Measure.DAYS) if used > 0 else None, said)


def _still(item: Timed) -> Face:
    stage = _STAGES.get(item.state, Stage.SENT)
    if item.accepted_at is None or item.decided_at is None:
        return Face(stage, 1.0 if stage is Stage.DONE else 0.0)
    late = item.promised_due is not None and item.decided_at > item.promised_due
    return Face(stage, 1.0, spent(item.accepted_at, item.decided_at), None, late)


def spent(start: datetime, end: datetime) -> Span:
    """What a limit counts between two moments: from the day after `start` (民法典 art. 201); on that same day, its hours."""
    if local(start).date() == local(end).date():
        return _ceil(office_hours(start, end) / hours().a_day)
    next_day = datetime.combine(local(start).date() + timedelta(days=1), time.min, SHANGHAI)
    counted = office_hours(next_day, end) or office_hours(start, end)
    return _ceil(counted / hours().a_day)


def _floor(days: float, *, halves_from: float) -> Span:
    """What is left, rounded down: nobody is promised time that is not there. Half days below two days, then hours."""
    days += TINY
    if days >= 2:
        return Span(floor(days), Measure.DAYS)
    if days >= halves_from:
        return Span(_plain(floor(days * 2) / 2), Measure.DAYS)
    return Span(floor(days * hours().a_day), Measure.HOURS)


def _ceil(days: float) -> Span:
    """What was used, rounded up."""
    days -= TINY
    if days > 1.5:
        return Span(ceil(days), Measure.DAYS)
    if days >= 0.5 - 2 * TINY:
        return Span(_plain(ceil(days * 2) / 2), Measure.DAYS)
    return Span(max(1, ceil(days * hours().a_day)), Measure.HOURS)


def _plain(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount
