"""What holds for the whole installation: the town's settings and its calendar, and what changing them does to running cases."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.cases.recounting import Moved, moved, recount
from app.catalogue import editions
from app.core import workdays
from app.core.clock import local
from app.core.i18n import Pair
from app.core.models import CalendarDay, TownRow
from app.core.town import town

HOURS = ("opens", "lunch", "back", "closes")


class Effect(NamedTuple):
    """What a change would do: running items whose dates move, by department; who is told. `mark` names this very effect."""

    items: int
    cases: int
    later: int
    earlier: int
    told: int
    departments: tuple[tuple[str, int], ...]
    mark: str


def _effect(found: Sequence[Moved]) -> Effect:
    later = sum(each.later for each in found)
    dates = sorted(f"{each.item.id} {each.dates.act_by.isoformat()} {each.dates.legal_due}" for each in found)
    return Effect(
        len(found), len({each.item.case_id for each in found}), later, len(found) - later, sum(each.told for each in found),
        tuple(Counter(each.item.department_id for each in found).most_common()),
        hashlib.sha256("\n".join(dates).encode()).hexdigest()[:16],
    )  # fmt: skip


def department_names() -> dict[str, Pair]:
    """The short names of departments."""
    return {each.id: each.short for each in editions.departments().values()}


def town_values(session: Session, *, lock: bool = False) -> tuple[dict[str, str], str]:
    """The settings as text fields, and their version; before anybody saved any, those of the environment."""
    found = select(TownRow).where(TownRow.id == 1)
    row = session.exec(found.with_for_update() if lock else found).first()
    if row is None:
        ours, hours = town(), workdays.Hours()
        values = {"name_zh": ours.name.zh, "name_en": ours.name.en, "seal": ours.seal, "hotline": ours.hotline}
        values |= {name: f"{getattr(hours, name):%H:%M}" for name in HOURS}
        return {**values, "notice_zh": "", "notice_en": ""}, "0"
    names = ("name_zh", "name_en", "seal", "hotline", *HOURS, "notice_zh", "notice_en")
    return {name: getattr(row, name) for name in names}, str(row.version)


def _with_hours(calendar: workdays.Calendar, values: Mapping[str, str]) -> workdays.Calendar:
    return replace(calendar, hours=workdays.Hours(*(time.fromisoformat(values[name]) for name in HOURS)))


def effect_of_hours(session: Session, values: Mapping[str, str]) -> Effect:
    """What other office hours would do."""
    old = workdays.read_calendar(session)
    return _effect(moved(session, old, _with_hours(old, values)))


def save_town(session: Session, values: Mapping[str, str], now: datetime) -> int:
    """Save the settings and count running dates again; gives how many items moved."""
    old = workdays.read_calendar(session)
    row = session.get(TownRow, 1)
    if row is None:
        row = TownRow(id=1, changed_at=now, version=0, **dict(values))
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.changed_at = row.version + 1, now
    session.add(row)
    town.changed(session)
    workdays.calendar.changed(session)
    session.flush()
    new = _with_hours(old, values)
    return recount(session, old, new, now) if new != old else 0


def _with_day(calendar: workdays.Calendar, day: date, is_open: bool | None) -> workdays.Calendar:
    days = {**calendar.days, day: bool(is_open)}
    if is_open is None:
        del days[day]
    return replace(calendar, days=days)


def effect_of_day(session: Session, day: date, is_open: bool | None) -> Effect:
    """What a day open or closed (None: as the national calendar says) would do."""
    old = workdays.read_calendar(session)
    return _effect(moved(session, old, _with_day(old, day, is_open)))


def overrides(session: Session, year: int) -> list[CalendarDay]:
    """The town's own days of a year, in order: one query."""
    found = select(CalendarDay).where(col(CalendarDay.day) >= date(year, 1, 1), col(CalendarDay.day) <= date(year, 12, 31))
    return list(session.exec(found.order_by(col(CalendarDay.day))))


def is_so(session: Session, day: date, is_open: bool, words: Mapping[str, str]) -> bool:
    """Whether the day is set like this already, with these words."""
    row = session.get(CalendarDay, day)
    return row is not None and (row.open, row.reason_zh, row.reason_en, row.source) == (
        is_open, words["reason_zh"], words["reason_en"], words["source"],
    )  # fmt: skip


def save_day(session: Session, day: date, is_open: bool, words: Mapping[str, str], now: datetime) -> int:
    """Set a day open or closed and count running dates again; gives how many items moved."""
    old = workdays.read_calendar(session)
    row = session.get(CalendarDay, day) or CalendarDay(day=day, open=is_open, reason_zh="", source="", changed_at=now)
    row.open, row.changed_at = is_open, now
    row.reason_zh, row.reason_en, row.source = words["reason_zh"], words["reason_en"], words["source"]
    session.add(row)
    return _recounted(session, old, _with_day(old, day, is_open), now)


def remove_day(session: Session, day: date, now: datetime) -> int | None:
    """Let the national calendar hold again; gives how many items moved, or None when the day was not set."""
    old, row = workdays.read_calendar(session), session.get(CalendarDay, day)
    if row is None:
        return None
    session.delete(row)
    return _recounted(session, old, _with_day(old, day, None), now)


def _recounted(session: Session, old: workdays.Calendar, new: workdays.Calendar, now: datetime) -> int:
    workdays.calendar.changed(session)
    session.flush()
    return recount(session, old, new, now)


def today(now: datetime) -> date:
    """The town's date."""
    return local(now).date()
