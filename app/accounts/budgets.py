"""Budgets: how often something may be done per subject and hour or day; counted in the database, so replicas share them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core import db
from app.core.errors import TooMany
from app.core.ids import new_id

from .models import Budget

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _window(now: datetime, length: timedelta) -> datetime:
    if length == DAY:
        return now.replace(hour=0, minute=0, second=0, microsecond=0)
    return now.replace(minute=0, second=0, microsecond=0)


def spend(session: Session, purpose: str, subject: str, most: int, length: timedelta, now: datetime) -> None:
    """Use one of a budget; raises TooMany, with the minutes until the window ends, when none is left."""
    window = _window(now, length)
    same = (col(Budget.purpose) == purpose, col(Budget.subject) == subject, col(Budget.window) == window)
    statement = update(Budget).where(*same, col(Budget.used) < most).values(used=Budget.used + 1)

    def used() -> bool:
        return bool(cast("CursorResult[object]", session.execute(statement)).rowcount)

    if used():
        return
    first = session.exec(select(col(Budget.id)).where(*same)).first() is None
    if first and (db.added(session, Budget(purpose=purpose, subject=subject, window=window, used=1)) or used()):
        return
    raise TooMany(minutes=left(length, now))


def left(length: timedelta, now: datetime) -> int:
    """Minutes until the present window of such a length ends."""
    return ceil((_window(now, length) + length - now).total_seconds() / 60)


def spend_each(
    session: Session, purpose: str, subjects: Collection[str], most: int, length: timedelta, now: datetime
) -> set[str]:
    """Use one of each subject's budget, in two statements; gives those who had one left."""
    window = _open(session, purpose, subjects, length, now)
    same = (col(Budget.purpose) == purpose, col(Budget.subject).in_(subjects), col(Budget.window) == window)
    statement = update(Budget).where(*same, col(Budget.used) < most).values(used=Budget.used + 1).returning(col(Budget.subject))
    return set(session.execute(statement, execution_options={"synchronize_session": False}).scalars())


def spend_up_to(session: Session, purpose: str, subject: str, wanted: int, most: int, length: timedelta, now: datetime) -> int:
    """Use as much of a budget as is left, at most so much; gives how much. Until the transaction ends others wait for it."""
    window = _open(session, purpose, (subject,), length, now)
    same = (col(Budget.purpose) == purpose, col(Budget.subject) == subject, col(Budget.window) == window)
    used = session.exec(select(Budget.used).where(*same).with_for_update()).one()
    granted = max(0, min(wanted, most - used))
    give_back(session, purpose, subject, -granted, length, now)
    return granted


def give_back(session: Session, purpose: str, subject: str, unused: int, length: timedelta, now: datetime) -> None:
    """Return what was used of a budget in this window and then not needed."""
    same = (col(Budget.purpose) == purpose, col(Budget.subject) == subject, col(Budget.window) == _window(now, length))
    statement = update(Budget).where(*same).values(used=Budget.used - unused)
    session.execute(statement, execution_options={"synchronize_session": False})


def _open(session: Session, purpose: str, subjects: Collection[str], length: timedelta, now: datetime) -> datetime:
    """See that every subject has a row for the present window, whoever makes it; gives the window."""
    window = _window(now, length)
    rows = [{"id": new_id(), "purpose": purpose, "subject": one, "window": window, "used": 0} for one in sorted(subjects)]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if rows:
        session.execute(insert(Budget).values(rows).on_conflict_do_nothing())
    return window
