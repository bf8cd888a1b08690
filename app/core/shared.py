"""Small sets of rows that every process keeps in memory: read without a query, right again within seconds of any change.

A change counts its set's version up in its own transaction. Before a request, a process looks at all versions with one query,
at most every FRESH seconds, and reads again what changed.
"""

import logging
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import event, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from . import db
from .errors import Busy
from .models import SharedSet

FRESH = 3.0
T = TypeVar("T")
logger = logging.getLogger(__name__)
_lock = threading.Lock()
_sets: "list[Shared[Any]]" = []
_looked = -FRESH
_readings = count(1)
_CHANGED = "shared_changed"


class Shared(Generic[T]):
    """One such set. `read` makes its value from the database; `initial` gives what holds before anything was read.

    A set without such a value is read at its first use. `reading` is another number after every reading of this process: what
    is made of the value may be kept under it.
    """

    def __init__(self, name: str, read: Callable[[Session], T], initial: Callable[[], T] | None = None) -> None:
        self.name, self.read, self._initial = name, read, initial
        self._value: T | None = None
        self.version, self.reading = -1, 0
        _sets.append(self)

    def __call__(self) -> T:
        """The value in memory; no query once it was read."""
        if self._value is None:
            if self._initial is None:
                with db.reading() as session:
                    self._take(self.read(session))
            else:
                self._take(self._initial())
        return cast("T", self._value)

    def _take(self, value: T) -> None:
        self._value, self.reading = value, next(_readings)

    def read_again(self, session: Session, version: int) -> None:
        """Take the value from the database unless it is of this version."""
        if version != self.version:
            self._take(self.read(session))
            self.version = version

    def forget(self) -> None:
        """As before anything was read."""
        self._value, self.version, self.reading = None, -1, next(_readings)

    def changed(self, session: Session) -> None:
        """Say, in the transaction that changes it, that the set is another now; its lock also puts changers in a row."""
        mine = col(SharedSet.name) == self.name
        counted = session.execute(update(SharedSet).where(mine).values(version=SharedSet.version + 1))
        if not counted.rowcount and not db.added(session, SharedSet(name=self.name, version=1)):  # type: ignore[attr-defined]
            session.execute(update(SharedSet).where(mine).values(version=SharedSet.version + 1))
        session.info[_CHANGED] = True


def _look_again() -> None:
    global _looked
    _looked = -FRESH


def _committed(session: AnySession) -> None:
    """Whoever changes a set sees it with their next request. A savepoint's end is no commit yet."""
    if session.info.get(_CHANGED) and not session.in_nested_transaction():
        del session.info[_CHANGED]
        _look_again()


event.listen(AnySession, "after_commit", _committed)


def stale() -> bool:
    """Whether it is time to look again."""
    return monotonic() - _looked >= FRESH


def refresh() -> None:
    """Look now, and read again what changed. A database that does not answer leaves things as they were."""
    global _looked
    with _lock:
        _looked = monotonic()
        try:
            with db.reading() as session:
                rows = session.exec(select(SharedSet.name, SharedSet.version)).all()
                versions: dict[str, int] = dict(rows)
                for each in _sets:
                    each.read_again(session, versions.get(each.name, 0))
        except (Busy, DBAPIError, PoolExhausted):
            logger.warning("settings were not read again: the database does not answer")


def _refresh_once() -> None:
    """For many requests that find it stale at once: the first looks, the others wait for it."""
    if stale():
        refresh()


async def freshen() -> None:
    """Before a request: nothing, or one query in a thread."""
    if stale():
        await run_in_threadpool(_refresh_once)


def forget() -> None:
    """Forget everything (tests: another database)."""
    _look_again()
    for each in _sets:
        each.forget()


__all__ = ["FRESH", "Shared", "forget", "freshen", "refresh", "stale"]
