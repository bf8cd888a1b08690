"""Budgets: how often something may be done per subject and hour or day; counted in the database, so replicas share them."""

from datetime import datetime, timedelta
from math import ceil
from typing import cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from app.core import db
from app.core.errors import TooMany

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
    raise TooMany(minutes=ceil((window + length - now).total_seconds() / 60))
