"""Reads of what staff are told: who is there, what is new, whose light has changed, how all stands. No answer is read."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlmodel import Session, col

from app.accounts.models import Role, Staff
from app.cases.models import Case, CaseItem
from app.cases.states import ItemState
from app.messages.models import StaffTold
from app.messages.told import hexed

from .alert_rules import Colleague, Level, Tally, escalates
from .filters import TABS, Tab

i, c, f, t = CaseItem, Case, Staff, StaffTold
#: Where it is the department's turn.
OURS = (*TABS[Tab.TODO], *TABS[Tab.FINISH])
AT_DESK = (Role.REVIEWER, Role.HEAD, Role.SUPERVISOR)


class Lit(NamedTuple):
    """An item whose light has changed, with what it is called by."""

    id: UUID
    case_id: UUID
    number: str
    service_id: str
    item_id: str
    department_id: str
    division: str
    claimed_by: UUID | None
    act_by: datetime


class Arrived(NamedTuple):
    """An item that reached its department."""

    service_id: str
    item_id: str
    department_id: str
    division: str
    claimed_by: UUID | None
    ready_at: datetime


_COLLEAGUES = select(col(f.id), col(f.role), col(f.department_id), col(f.jurisdiction)).where(col(f.active).is_(True))


def colleagues(session: Session, roles: Collection[Role] = AT_DESK) -> list[Colleague]:
    """Every account in use of these roles: one query."""
    return [Colleague(*row) for row in session.execute(_COLLEAGUES.where(col(f.role).in_(roles)).order_by(col(f.id)))]


def colleague(session: Session, staff_id: UUID) -> Colleague | None:
    """Somebody at work here, if their account is in use."""
    row = session.execute(_COLLEAGUES.where(col(f.id) == staff_id)).first()
    return Colleague(*row) if row else None


def arrived(session: Session, departments: Collection[str], after: datetime, until: datetime) -> list[Arrived]:
    """What reached these departments in a time and still waits to be taken up, the newest last."""
    found = (
        select(col(c.service_id), col(i.item_id), col(i.department_id), col(i.division), col(i.claimed_by), col(i.ready_at))
        .join(c, col(c.id) == col(i.case_id))
        .where(
            col(i.department_id).in_(departments), col(i.state).in_((ItemState.FILED, ItemState.RESUBMITTED)),
            col(i.ready_at) > after, col(i.ready_at) <= until,
        )
        .order_by(col(i.ready_at))
    )  # fmt: skip
    return [Arrived(*row) for row in session.execute(found)]


def last_told(session: Session, subjects: Collection[str], since: datetime) -> dict[str, datetime]:
    """When something was last told about each of these, since a moment."""
    found = select(col(t.subject), func.max(col(t.at))).where(col(t.subject).in_(subjects), col(t.at) >= since)
    return {row[0]: row[1] for row in session.execute(found.group_by(col(t.subject)))}


def crossed(session: Session, level: Level, departments: Collection[str], now: datetime, most: int) -> list[Lit]:
    """Items of these departments whose light has gone so far and was not told since: the most urgent first.

    A date that moves away and comes again is crossed again: only what was told after it counts.
    """
    since = col(i.warn_at) if level is Level.SOON else col(i.act_by)
    told = exists().where(col(t.subject) == hexed(i.id), col(t.what).startswith(level.value), col(t.at) >= since)
    found = (
        select(
            col(i.id), col(i.case_id), col(c.number), col(c.service_id), col(i.item_id), col(i.department_id),
            col(i.division), col(i.claimed_by), col(i.act_by),
        )
        .join(c, col(c.id) == col(i.case_id))
        .where(col(i.department_id).in_(departments), col(i.state).in_(OURS), _reached(level, now), ~told)
        .order_by(col(i.act_by), col(i.id))
        .limit(most)
    )  # fmt: skip
    return [Lit(*row) for row in session.execute(found)]


def _reached(level: Level, now: datetime) -> ColumnElement[bool]:
    if level is Level.SOON:
        return and_(col(i.warn_at) <= now, col(i.act_by) > now)
    return col(i.act_by) <= now if level is Level.OVER else col(i.act_by) < escalates(now)


def without(session: Session, what: str, roles: Collection[Role], most: int) -> list[Colleague]:
    """Colleagues who were not told something yet."""
    told = exists().where(col(t.subject) == hexed(f.id), col(t.what) == what)
    found = _COLLEAGUES.where(col(f.role).in_(roles), ~told).order_by(col(f.id)).limit(most)
    return [Colleague(*row) for row in session.execute(found)]


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def standing(session: Session, fresh_since: datetime, now: datetime) -> list[Tally]:
    """How all that is open stands, by department, place and claimer: one query."""
    todo, waiting = col(i.state).in_(TABS[Tab.TODO]), col(i.state).in_(TABS[Tab.CORRECTION])
    ours = col(i.state).in_(OURS)
    found = select(
        col(i.department_id), col(i.division), col(i.claimed_by), _sum(todo), _sum(todo, col(i.ready_at) >= fresh_since),
        _sum(waiting), _sum(ours, col(i.warn_at) <= now, col(i.act_by) > now), _sum(ours, col(i.act_by) <= now),
    ).where(col(i.state).in_((*OURS, *TABS[Tab.CORRECTION])))  # fmt: skip
    grouped = found.group_by(col(i.department_id), col(i.division), col(i.claimed_by))
    return [Tally(*row[:3], *(int(n) for n in row[3:])) for row in session.execute(grouped)]


def finished(session: Session, since: datetime, until: datetime) -> list[Tally]:
    """What ended in a time, by department, place and claimer: one query."""
    found = (
        select(col(i.department_id), col(i.division), col(i.claimed_by), func.count())
        .where(col(i.state).in_(TABS[Tab.DONE]), col(i.finished_at) >= since, col(i.finished_at) < until)
        .group_by(col(i.department_id), col(i.division), col(i.claimed_by))
    )
    return [Tally(row[0], row[1], row[2], finished=row[3]) for row in session.execute(found)]
