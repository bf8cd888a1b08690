"""The reconciler of events: whatever happened to a case must have been told to somebody. A chore of the worker."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import Session, col

from app.core.ids import first_of
from app.messages.alerting import Fault, Found, keep, open_alerts
from app.messages.models import Alert, Message

from .models import Case, CaseEvent
from .telling import QUIET

e, c, m = CaseEvent, Case, Message
#: How far back every look goes. The newest minute is left to transactions that are not committed yet.
DAYS, SETTLED = timedelta(days=2), timedelta(minutes=1)


def watch(session: Session, now: datetime, _most: int) -> int:
    """Open an alert for each case with an event that nobody was told of; it closes when an administrator has seen to it."""
    known = {row.subject for row in open_alerts(session, Fault.EVENT_WITHOUT_MESSAGE)}
    fresh = untold(session, col(e.id) >= first_of(now - DAYS), now)
    older = untold(session, col(c.number).in_(known), now) if known else {}
    seen = _seen_to(session, fresh.keys())
    found = {number: n for number, (n, at) in fresh.items() if number in known or seen.get(number, at) <= at}
    found |= {number: n for number, (n, _) in older.items()}
    return keep(session, Fault.EVENT_WITHOUT_MESSAGE, {number: Found(n) for number, n in found.items()}, now)


def untold(session: Session, which: ColumnElement[bool], now: datetime) -> dict[str, tuple[int, datetime]]:
    """By case number, how many of these events nobody was told of, and when the last of them was: one query.

    A message is written in the transaction of its event, by the same clock: kind, item and moment say which is whose.
    """
    told = exists().where(
        col(m.case_id) == col(e.case_id), col(m.kind) == col(e.kind), col(m.created_at) == col(e.at),
        or_(col(e.item_id).is_(None), col(m.params)["item"].as_string() == col(e.item_id)),
    )  # fmt: skip
    found = (
        select(col(c.number), func.count(), func.max(col(e.at)))
        .join(c, col(c.id) == col(e.case_id))
        .where(which, col(e.at) <= now - SETTLED, col(e.kind).not_in(QUIET), ~told)
        .group_by(col(c.number))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(found)}


def _seen_to(session: Session, numbers: Collection[str]) -> dict[str, datetime]:
    """When somebody last saw to an alert on each of these cases: what happened before that is dealt with."""
    if not numbers:
        return {}
    done = select(col(Alert.subject), func.max(col(Alert.opened_at))).where(
        col(Alert.kind) == Fault.EVENT_WITHOUT_MESSAGE.value, col(Alert.subject).in_(numbers), col(Alert.closed_at).is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(done.group_by(col(Alert.subject)))}
