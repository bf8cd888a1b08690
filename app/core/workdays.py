"""Working days by the official calendar (国务院办公厅 holiday notices), with make-up workdays.

A year whose notice is not known yet gives a provisional answer, never silently Monday to Friday.
Limits in working days: 行政许可法 art. 82; the day a limit starts is not counted: 民法典 art. 201.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from .clock import SHANGHAI, local

OPENS, LUNCH, BACK, CLOSES = time(9), time(12), time(13), time(17)
HOURS_A_DAY = 7


@dataclass(frozen=True)
class Workday:
    """Whether offices are open on a day, and whether the official notice for its year is still missing."""

    open: bool
    provisional: bool


@dataclass(frozen=True)
class Due:
    """The last moment of a limit: aware time, 17:00 of the due day; provisional while a calendar year is unknown."""

    at: datetime
    provisional: bool


def workday(day: date) -> Workday:
    """Look a day up; beyond the known years Monday to Friday stands in, marked provisional."""
    try:
        return Workday(chinese_calendar.is_workday(day), provisional=False)
    except NotImplementedError:
        return Workday(day.weekday() < 5, provisional=True)


def due(start: datetime, working_days: int) -> Due:
    """The close of the n-th working day after the day of `start`; 0 means the close of the first working day from it on.

    A start after office hours or on a closed day counts from the next working day for same-day (即办) matters.
    """
    moment = local(start)
    day, provisional = moment.date(), False
    if working_days == 0:
        found = workday(day)
        if not found.open or moment.time() >= CLOSES:
            return due(start, 1)
        return Due(datetime.combine(day, CLOSES, SHANGHAI), found.provisional)
    left = working_days
    while left:
        day += timedelta(days=1)
        found = workday(day)
        provisional = provisional or found.provisional
        left -= found.open
    return Due(datetime.combine(day, CLOSES, SHANGHAI), provisional)


def _hours(day: date, begin: time, end: time) -> float:
    if not workday(day).open:
        return 0.0
    total = 0.0
    for opens, closes in ((OPENS, LUNCH), (BACK, CLOSES)):
        a, b = max(begin, opens), min(end, closes)
        if a < b:
            total += (datetime.combine(day, b) - datetime.combine(day, a)).total_seconds() / 3600
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
    return office_hours(start, end) / HOURS_A_DAY
