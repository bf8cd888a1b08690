"""One request, one unit of work: endpoint, rendering and commit run in one worker thread; the commit precedes the answer.

Measured: a chain of sync dependencies costs a thread hop each and, with the write lock held, can deadlock; workers
fighting for the interpreter lock cost more than the queries. Hence lazy dependencies, resolved in the endpoint's own thread.
"""

import functools
import inspect
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_type_hints

from fastapi import APIRouter, Depends
from fastapi.params import Depends as Marked
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.requests import Request

from . import db
from .clock import utcnow
from .errors import Busy
from .settings import Settings

SAFE = {"GET", "HEAD"}
T = TypeVar("T")
logger = logging.getLogger(__name__)


class Unit:
    """What an endpoint works with: the request, one session (reading for GET, writing otherwise), one `now`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.now: datetime = utcnow()
        self.facts: dict[str, Any] = {}
        self.safe = request.method in SAFE
        self._session: Session | None = None
        self._afterwards: list[Callable[[Session], object]] = []

    @property
    def session(self) -> Session:
        """The session, opened at first use, so that an answer that needs no database costs no transaction."""
        if self._session is None:
            self._session = (
                Session(db.engine(), expire_on_commit=False, close_resets_only=False) if self.safe else db.begin_write()
            )
        return self._session

    def afterwards(self, write: Callable[[Session], object]) -> None:
        """A small write beside the request's own work (seen at, counters): with it when it writes, after it when it reads.

        Its failure is logged and changes nothing for the reader.
        """
        if self.safe:
            self._afterwards.append(write)
        else:
            write(self.session)

    def answered(self, status: int) -> None:
        """What the endpoint answers: whoever listens to the commit can tell a refusal from an act."""
        if self._session is not None:
            self._session.info["status"] = status

    def commit(self) -> None:
        """Make the work durable; only the router calls it."""
        if self._session is not None and not self.safe:
            self._session.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        if self._session is not None:
            (self._session.close if self.safe else functools.partial(db.end_write, self._session))()

    def finish(self) -> None:
        """Do what was left for afterwards; only the router calls it."""
        if not self._afterwards:
            return
        try:
            with db.writing() as session:
                for write in self._afterwards:
                    write(session)
        except (Busy, OperationalError):
            logger.warning("a write after a read was left out: the database is busy")


async def _whole_body(request: Request) -> None:
    """Wait for all that a slow phone sends before a turn is taken, whatever an endpoint does with it later."""
    if request.method not in SAFE:
        with suppress(RuntimeError):  # the framework has read a form already
            await request.body()


async def _open_unit(request: Request, _body: Annotated[None, Depends(_whole_body)]) -> AsyncIterator[Unit]:
    yield Unit(request)


#: Units at a time per process: threads that fight for the interpreter lock only slow each other down; a few on PostgreSQL,
#: whose answers come over a socket. Whoever waits holds neither a thread nor a connection.
AT_ONCE = 1 if Settings().database.startswith("sqlite") else 4
Opened = Annotated[Unit, Depends(_open_unit, scope="function", max_concurrency=AT_ONCE)]


class Lazy(Generic[T]):
    """A dependency without I/O of its own, resolved inside the endpoint's thread."""

    def __init__(self, resolve: Callable[[], T]) -> None:
        self.resolve = resolve


def _as_unit(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__qualname__} must be def: it uses the database")

    @functools.wraps(endpoint)
    def run(*args: Any, **kwargs: Any) -> Any:
        unit = next(value for value in kwargs.values() if isinstance(value, Unit))
        try:
            ready = {name: value.resolve() if isinstance(value, Lazy) else value for name, value in kwargs.items()}
            answer = endpoint(*args, **ready)
            unit.answered(getattr(answer, "status_code", 200))
            unit.commit()
        except OperationalError as error:
            if db.is_busy(error):
                raise Busy from error
            raise
        finally:
            unit.close()
        unit.finish()
        return answer

    return run


def _uses_unit(endpoint: Callable[..., Any]) -> bool:
    """Whether the endpoint takes a unit; one that takes only what is resolved from a unit could not resolve it."""
    known = get_type_hints(endpoint, include_extras=True)
    marks = [mark for hint in known.values() for mark in getattr(hint, "__metadata__", ())]
    asked = [mark.dependency for mark in marks if isinstance(mark, Marked)]
    if any(getattr(dependency, "needs_unit", False) for dependency in asked) and _open_unit not in asked:
        raise TypeError(f"{endpoint.__qualname__} must take `unit: Opened` beside its lazy dependencies")
    return _open_unit in asked


class UnitRoute(APIRoute):
    """A route whose endpoint, if it takes an Opened unit, runs as one unit of work."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, _as_unit(endpoint) if _uses_unit(endpoint) else endpoint, **kwargs)


def router(prefix: str = "") -> APIRouter:
    """A room's router; pages stay out of the OpenAPI schema unless they are under /api."""
    return APIRouter(prefix=prefix, route_class=UnitRoute, include_in_schema=prefix.startswith("/api"))
