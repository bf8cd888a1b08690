"""Working days by the official calendar (国务院办公厅 holiday notices), with make-up workdays and the town's own exceptions.

A year whose notice is not known yet gives a provisional answer, never silently Monday to Friday.
Limits in working days: 行政许可法 art. 82; the day a limit starts is not counted: 民法典 art. 201.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar
from sqlmodel import Session, select

from .clock import SHANGHAI, local
from .models import CalendarDay, TownRow
from .shared import Shared


@dataclass(frozen=True)
class Hours:
    """Office hours of every working day: two stretches with lunch between them."""

    opens: time = time(9)
    lunch: time = time(12)
    back: time = time(13)
    closes: time = time(17)

    @property
    def stretches(self) -> tuple[tuple[time, time], tuple[time, time]]:
        """Morning and afternoon."""
        return (self.opens, self.lunch), (self.back, self.closes)

    @property
    def a_day(self) -> float:
        """Hours of a working day."""
        return sum((_on(date.min, end) - _on(date.min, begin)).total_seconds() for begin, end in self.stretches) / 3600


@dataclass(frozen=True)
class Calendar:
    """Office hours, and the days (True: open) that an administrator set against the national calendar."""

    hours: Hours = Hours()
    days: Mapping[date, bool] = field(default_factory=dict)


def read_calendar(session: Session) -> Calendar:
    """The calendar as the database has it now."""
    row = session.get(TownRow, 1)
    hours = Hours(*(time.fromisoformat(t) for t in (row.opens, row.lunch, row.back, row.closes))) if row else Hours()
    return Calendar(hours, {row.day: row.open for row in session.exec(select(CalendarDay))})


calendar = Shared("calendar", read_calendar, Calendar)
_instead: ContextVar[Calendar | None] = ContextVar("calendar", default=None)


def current() -> Calendar:
    """The calendar in force here; no query."""
    return _instead.get() or calendar()


def hours() -> Hours:
    """The office hours in force."""
    return current().hours


@contextmanager
def using(other: Calendar) -> Iterator[None]:
    """Count by another calendar meanwhile: one that is being tried, or that is not committed yet."""
    token = _instead.set(other)
    try:
        yield
    finally:
        _instead.reset(token)


@dataclass(frozen=True)
class Workday:
    """Whether offices are open on a day, and whether the official notice for its year is still missing."""

    open: bool
    provisional: bool


@dataclass(frozen=True)
class Due:
    """The last moment of a limit: aware time, closing time of the due day; provisional while a calendar year is unknown."""

    at: datetime
    provisional: bool


def workday(day: date) -> Workday:
    """Look a day up: the town's exceptions first; beyond the known years Monday to Friday stands in, marked provisional."""
    ours = current().days.get(day)
    if ours is not None:
        return Workday(ours, provisional=False)
    return national(day)


@lru_cache(8192)
def national(day: date) -> Workday:
    """A day by the official calendar alone. Kept: the library walks its table at each look, and a clock looks 60 times."""
    try:
        return Workday(chinese_calendar.is_workday(day), provisional=False)
    except NotImplementedError:
        return Workday(day.weekday() < 5, provisional=True)


def due(start: datetime, working_days: int) -> Due:
    """The close of the n-th working day after the day of `start`; 0 means the close of the first working day from it on.

    A start after office hours or on a closed day counts from the next working day for same-day (即办) matters.
    """
    moment, closes = local(start), hours().closes
    day, provisional = moment.date(), False
    if working_days == 0:
        found = workday(day)
        if not found.open or moment.time() >= closes:
            return due(start, 1)
        return Due(_on(day, closes), found.provisional)
    left = working_days
    while left:
        day += timedelta(days=1)
        found = workday(day)
        provisional = provisional or found.provisional
        left -= found.open
    return Due(_on(day, closes), provisional)


def _on(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)


def _hours(day: date, begin: time, end: time) -> float:
    if not workday(day).open:
        return 0.0
    total = 0.0
    for opens, closes in hours().stretches:
        a, b = max(begin, opens), min(end, closes)
        if a < b:
            total += (_on(day, b) - _on(day, a)).total_seconds() / 3600
    return total


def office_hours(start: datetime, end: datetime) -> float:
    """Hours that offices were open between two moments; 0 when `end` is not after `start`."""
    a, b = local(start), local(end)
    if b <= a:
        return 0.0
    if a.date() == b.date():
        return _hours(a.date(), a.time(), b.time())
    total = _hours(a.date(), a.time(), time.max) + _hours(b.date(), time.min, b.time())
    day = a.date() + timedelta(days=1)
    while day < b.date():
        total += _hours(day, time.min, time.max)
        day += timedelta(days=1)
    return total


def working_days(start: datetime, end: datetime) -> float:
    """Working days between two moments, as office hours over the hours of a day."""
    return office_hours(start, end) / hours().a_day
