"""Clocks of an item, pure: which of the states of screens.md §6.1 it is in, how much is used, how much is left."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.core.clock import SHANGHAI, local
from app.core.workdays import BACK, CLOSES, HOURS_A_DAY, LUNCH, OPENS, due, office_hours, workday

from .states import ENDED, ItemState

#: The department answers a filing within five working days, or it counts as accepted (行政许可法 art. 32(1)(4)).
ACCEPTANCE_DAYS = 5
SOON_SHARE = 0.8


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
    """`used` is a share of 0 to 100; `hours` are office hours left, or over when the light says so (7 make a day)."""

    light: Light
    used: int
    hours: float

    @property
    def days(self) -> float:
        """The same in working days."""
        return self.hours / HOURS_A_DAY


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


def acceptance_by(ready: datetime) -> datetime:
    """Until when the department accepts, refuses or asks, counted from when the item reached it."""
    return due(ready, ACCEPTANCE_DAYS).at


def warn_at(started: datetime, by: datetime) -> datetime:
    """From when an item is due soon: one working day left, or 80 % used, whichever is earlier; never before it started."""
    keep = max(HOURS_A_DAY, office_hours(started, by) * (1 - SOON_SHARE))
    return max(started, _back(by, keep))


def _back(end: datetime, hours: float) -> datetime:
    """The moment from which `hours` office hours remain until `end`."""
    here = local(end)
    day, moment, left = here.date(), here.time(), timedelta(hours=hours)
    while True:
        if workday(day).open:
            for opens, closes in ((BACK, CLOSES), (OPENS, LUNCH)):
                until = min(closes, moment)
                if opens < until:
                    start, stop = (datetime.combine(day, t, SHANGHAI) for t in (opens, until))
                    if stop - start >= left:
                        return stop - left
                    left -= stop - start
        day, moment = day - timedelta(days=1), time.max
