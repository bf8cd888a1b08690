"""What staff were told already: whoever writes the row first tells, so any number of workers and replays tell it once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, delete, func, select, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from .models import StaffTold

#: Longer than any item stays open; what is told again after it deserves it.
KEPT = timedelta(days=400)


class Once(NamedTuple):
    """Something to be told once: about what or whom, and what."""

    subject: str
    what: str


def first(session: Session, wanted: Iterable[Once], now: datetime) -> set[Once]:
    """Those that nobody told yet; with this transaction they are told. Another worker's are waited for and left out."""
    rows = [{"subject": one.subject, "what": one.what, "at": now} for one in sorted(set(wanted))]
    if not rows:
        return set()
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = insert(StaffTold).values(rows).on_conflict_do_nothing()
    return {Once(*row) for row in session.execute(written.returning(col(StaffTold.subject), col(StaffTold.what)))}


def hexed(key: Any) -> ColumnElement[str]:
    """A column of UUIDs as `UUID.hex` writes them, on both engines: how rows are named as subjects."""
    return func.replace(as_type(key, String), "-", "")


def sweep(session: Session, now: datetime, most: int) -> int:
    """Forget what was told so long ago; gives how many rows went."""
    t = StaffTold
    chosen = select(col(t.subject), col(t.what)).where(col(t.at) < now - KEPT).limit(most)
    found = [tuple(row) for row in session.execute(chosen)]
    if found:
        session.execute(delete(t).where(tuple_(col(t.subject), col(t.what)).in_(found)))
    return len(found)
