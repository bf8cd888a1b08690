"""What accounts no longer need: ended sessions, old codes and budgets. Small steps, so that nobody waits for the lock."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlmodel import Session, col

from .models import Budget, SessionRow, SignInCode, WrongPasswords

KEPT = timedelta(days=2)


def sweep(session: Session, now: datetime, most: int) -> int:
    """Delete at most `most` rows of each kind; gives how many went. Codes and budgets stay two days, for the counters."""
    gone = 0
    for table, key, ended in (
        (SessionRow, col(SessionRow.id), col(SessionRow.expires_at) < now),
        (SignInCode, col(SignInCode.id), col(SignInCode.expires_at) < now - KEPT),
        (Budget, col(Budget.id), col(Budget.window) < now - KEPT),
        (WrongPasswords, col(WrongPasswords.username_index), col(WrongPasswords.last_at) < now - KEPT),
    ):
        chosen = select(key).where(ended).limit(most).scalar_subquery()
        gone += cast("CursorResult[object]", session.execute(delete(table).where(key.in_(chosen)))).rowcount
    return gone
