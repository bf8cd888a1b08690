"""An open case page is told of every change: server-sent events with the case's version, nothing else.

One reader per process looks at the versions of all watched cases once a second. Who may watch is asked when a stream opens,
before each event, and with each heartbeat.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from sqlalchemy import bindparam, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.accounts.sessions import find_phone
from app.cases import queries
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, NotFound, SignInNeeded, TooMany
from app.core.guards import only_head
from app.core.unit import router

routes = router()
LOOK_EVERY = 1.0
HEARTBEAT = 15.0
LIFE = 600.0
#: Open pages of one case at a time, in one process: what a family has, and no way to use up our connections.
MOST_WATCHING = 20
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
T = TypeVar("T")

_VERSIONS = select(col(Case.id), col(Case.version)).where(col(Case.id).in_(bindparam("cases", expanding=True)))


class Seen(NamedTuple):
    """A watched case as it was last seen."""

    id: UUID
    version: int


def versions(cases: list[UUID]) -> dict[UUID, int]:
    """The versions of cases now: one short read."""
    with db.reading() as session:
        return {row[0]: row[1] for row in session.execute(_VERSIONS, {"cases": cases})}


def authorised(request: Request, number: str) -> Seen:
    """The case, if the session still lives and the case is still the person's; raises SignInNeeded, NotFound."""
    with db.reading() as session:
        phone = find_phone(session, request, utcnow())
        if phone is None or phone.resident is None:
            raise SignInNeeded
        head = queries.own(session, phone.resident.party, number)
        return Seen(head.id, head.version)


@dataclass
class Watch:
    """The one reader of a process (of an event loop) and those who wait for it."""

    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(4))
    waiting: dict[UUID, set[asyncio.Event]] = field(default_factory=dict)
    known: dict[UUID, int] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    async def run(self, read: Callable[..., T], *args: object) -> T:
        """Run a read in a thread; few at a time, so that streams never take the pages' threads."""
        return await to_thread.run_sync(lambda: read(*args), limiter=self.limiter)

    def join(self, case: Seen, changed: asyncio.Event) -> None:
        """Start waiting for a case; told at once if the reader has seen a newer version meanwhile."""
        self.waiting.setdefault(case.id, set()).add(changed)
        if self.known.setdefault(case.id, case.version) != case.version:
            changed.set()
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._look())

    def leave(self, case_id: UUID, changed: asyncio.Event) -> None:
        """Stop waiting; the reader ends with the last."""
        left = self.waiting.get(case_id, set())
        left.discard(changed)
        if not left:
            self.waiting.pop(case_id, None)
            self.known.pop(case_id, None)

    async def _look(self) -> None:
        while self.waiting:
            try:
                found = await self.run(versions, list(self.waiting))
            except Exception:
                found = {}
            for case_id, version in found.items():
                if self.known.get(case_id, version) != version:
                    for changed in self.waiting.get(case_id, ()):
                        changed.set()
                self.known[case_id] = version
            await asyncio.sleep(LOOK_EVERY)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    """The reader of this event loop."""
    return _watches.setdefault(asyncio.get_running_loop(), Watch())


async def tell(request: Request, number: str, first: Seen) -> AsyncIterator[str]:
    """The stream: the version at once, then each new one; ends with the session, the permission, or after ten minutes."""
    watched, changed, told, began = watch(), asyncio.Event(), 0, monotonic()
    watched.join(first, changed)
    seen = first
    try:
        yield "retry: 3000\n\n"
        while monotonic() - began < LIFE:
            if seen.version != told:
                told = seen.version
                yield f"id: {told}\nevent: version\ndata: {told}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
            changed.clear()
            seen = await watched.run(authorised, request, number)
    except AppError:
        return
    finally:
        watched.leave(first.id, changed)


@routes.get("/cases/{number}/stream")
async def stream(request: Request, number: str) -> Response:
    """Versions of a case of mine while its page is open."""
    if not number.isdecimal() or len(number) != 12:
        raise NotFound
    first = await watch().run(authorised, request, number)
    if only_head(request):
        return Response(media_type="text/event-stream", headers=HEADERS)
    if len(watch().waiting.get(first.id, ())) >= MOST_WATCHING:
        raise TooMany(minutes=1)
    return StreamingResponse(tell(request, number, first), media_type="text/event-stream", headers=HEADERS)
