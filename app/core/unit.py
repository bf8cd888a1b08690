"""One request, one unit of work: endpoint, rendering and commit run in one worker thread; the commit precedes the answer.

Measured: a chain of sync dependencies costs a thread hop each and, with the write lock held, can deadlock; workers
fighting for the interpreter lock cost more than the queries. Hence lazy dependencies, resolved in the endpoint's own thread.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.requests import Request

from . import db
from .clock import utcnow

SAFE = {"GET", "HEAD"}
T = TypeVar("T")


class Unit:
    """What an endpoint works with: the request, one session (reading for GET, writing otherwise), one `now`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.now: datetime = utcnow()
        self.facts: dict[str, Any] = {}
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session, opened at first use, so that an answer that needs no database costs no transaction."""
        if self._session is None:
            bind = db.engine() if self.request.method in SAFE else db.writer()
            self._session = Session(bind, expire_on_commit=False)
        return self._session

    def commit(self) -> None:
        """Make the work durable; only the router calls it."""
        if self._session is not None and self.request.method not in SAFE:
            self._session.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        if self._session is not None:
            self._session.close()


async def _open_unit(request: Request) -> AsyncIterator[Unit]:
    yield Unit(request)


#: One unit at a time per process: threads that fight for the interpreter lock only slow each other down.
Opened = Annotated[Unit, Depends(_open_unit, scope="function", max_concurrency=1)]


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
            unit.commit()
        finally:
            unit.close()
        return answer

    return run


def _uses_unit(endpoint: Callable[..., Any]) -> bool:
    return any(p.annotation is Opened for p in inspect.signature(endpoint).parameters.values())


class UnitRoute(APIRoute):
    """A route whose endpoint, if it takes an Opened unit, runs as one unit of work."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, _as_unit(endpoint) if _uses_unit(endpoint) else endpoint, **kwargs)


def router(prefix: str = "") -> APIRouter:
    """A room's router; pages stay out of the OpenAPI schema unless they are under /api."""
    return APIRouter(prefix=prefix, route_class=UnitRoute, include_in_schema=prefix.startswith("/api"))
