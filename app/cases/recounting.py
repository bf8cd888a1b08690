"""When the calendar or the office hours change, running dates are counted again from their start, by the same rules.

A department's limits move either way, as the law counts working days (行政许可法 art. 82). What an applicant was given to reply
only ever grows: a date that a person was told is not taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from app.core import workdays
from app.core.clock import local

from . import clocks
from .models import Case, CaseItem, Correction
from .service import SYSTEM, happened, set_dates
from .states import ItemState

RUNNING = (ItemState.FILED, ItemState.RESUBMITTED, ItemState.CORRECTION_ASKED, ItemState.ACCEPTED)
AT_ONCE = 500


class Moved(NamedTuple):
    """A running item whose dates differ by another calendar."""

    item: CaseItem
    correction: Correction | None
    dates: clocks.Dates

    @property
    def told(self) -> bool:
        """Whether its applicant hears of it: the day of what they were told is another."""
        if self.item.state is ItemState.ACCEPTED:
            return _day(self.item.promised_due) != _day(self.dates.promised_due)
        return self.item.state is ItemState.CORRECTION_ASKED

    @property
    def later(self) -> bool:
        """Whether there is more time than before."""
        return self.item.act_by is not None and self.dates.act_by > self.item.act_by


def _day(moment: datetime | None) -> date | None:
    return local(moment).date() if moment else None


def moved(session: Session, old: workdays.Calendar, new: workdays.Calendar, cases: Sequence[UUID] = ()) -> list[Moved]:
    """Every running item whose dates `new` changes; `old` is the calendar that they were counted by. Writes nothing."""
    found = (
        select(CaseItem, Correction)
        .outerjoin(Correction, col(Correction.case_item_id) == col(CaseItem.id))
        .where(col(CaseItem.state).in_(RUNNING))
    )
    if cases:
        found = found.where(col(CaseItem.case_id).in_(cases)).execution_options(populate_existing=True)
    rows = session.exec(found.order_by(col(CaseItem.case_id), col(CaseItem.position))).all()
    return list(_differing(rows, old, new))


def _differing(
    rows: Sequence[tuple[CaseItem, Correction | None]], old: workdays.Calendar, new: workdays.Calendar
) -> Iterator[Moved]:
    for item, correction in rows:
        dates = _dates(item, correction, old, new)
        if dates is not None and dates != _has(item):
            yield Moved(item, correction, dates)


def _has(item: CaseItem) -> clocks.Dates | None:
    if item.act_by is None:
        return None
    return clocks.Dates(item.act_by, item.warn_at, item.promised_due, item.legal_due, item.provisional)


def _dates(
    item: CaseItem, correction: Correction | None, old: workdays.Calendar, new: workdays.Calendar
) -> clocks.Dates | None:
    with workdays.using(new):
        if item.state is ItemState.ACCEPTED:
            return clocks.accepted(item.accepted_at, item.promised_days, item.legal_days) if item.accepted_at else None
        if item.state is not ItemState.CORRECTION_ASKED:
            return _same_otherwise(item, clocks.reached(item.ready_at)) if item.ready_at else None
    if correction is None:
        return None
    return _same_otherwise(item, clocks.Dates(_reply_by(correction, old, new), None))


def _same_otherwise(item: CaseItem, dates: clocks.Dates) -> clocks.Dates:
    return replace(dates, promised_due=item.promised_due, legal_due=item.legal_due, provisional=item.provisional)


def _reply_by(correction: Correction, old: workdays.Calendar, new: workdays.Calendar) -> datetime:
    """As many working days as were given, by the new calendar; never earlier than what was told."""
    asked, until = local(correction.asked_at).date(), local(correction.reply_by).date()
    span = (asked + timedelta(days=n) for n in range(1, (until - asked).days + 1))
    with workdays.using(old):
        given = sum(workdays.workday(day).open for day in span)
    with workdays.using(new):
        return max(correction.reply_by, workdays.due(correction.asked_at, given).at)


def recount(session: Session, old: workdays.Calendar, new: workdays.Calendar, now: datetime) -> int:
    """Move the dates in this transaction and tell whom it concerns; gives how many items moved."""
    cases = sorted({found.item.case_id for found in moved(session, old, new)})
    done = 0
    for start in range(0, len(cases), AT_ONCE):
        done += _recount(session, old, new, cases[start : start + AT_ONCE], now)
    return done


#: What the last sweep of this process saw: the calendar's version and the day.
_swept: dict[str, tuple[int, date]] = {}


def sweep(session: Session, now: datetime, most: int) -> int:
    """Count again what another calendar holds for: a chore of the worker, done once a day and after each change.

    It catches what was accepted in another process in the seconds after a change, and the notice of a new year that came with
    a release: until then its dates were provisional.
    """
    seen = (workdays.calendar.version, local(now).date())
    if seen == _swept.get("seen"):
        return 0
    calendar = workdays.read_calendar(session)
    done = recount(session, calendar, calendar, now)
    if not done:  # what was moved is looked at once more, after its commit
        _swept["seen"] = seen
    return done


def _recount(
    session: Session, old: workdays.Calendar, new: workdays.Calendar, cases: Sequence[UUID], now: datetime
) -> int:  # fmt: skip
    """Cases are locked first, in one order, as every write of a case does; then their items are looked at once more."""
    chosen = select(Case).where(col(Case.id).in_(cases)).order_by(col(Case.id)).with_for_update()
    by_id = {case.id: case for case in session.exec(chosen.execution_options(populate_existing=True))}
    found = moved(session, old, new, cases)
    for each in found:
        _move(session, by_id[each.item.case_id], each, now)
    return len(found)


def _move(session: Session, case: Case, found: Moved, now: datetime) -> None:
    item, told = found.item, found.told
    before = _day(item.act_by)
    set_dates(item, found.dates)
    session.add(item)
    case.version += 1
    data = {"act_by": found.dates.act_by.isoformat()}
    if found.correction is not None and item.state is ItemState.CORRECTION_ASKED:
        found.correction.reply_by = found.dates.act_by
        session.add(found.correction)
        data = {"reply_by": found.dates.act_by.isoformat()}
    if before != _day(item.act_by) or told:
        happened(session, case, _kind(item), SYSTEM, now, item=item, data=data)


def _kind(item: CaseItem) -> str:
    if item.state is ItemState.ACCEPTED:
        return "dates_moved"
    return "reply_moved" if item.state is ItemState.CORRECTION_ASKED else "acceptance_moved"
