"""Open pages are told of changes: one reader per event loop for any number of event streams (server-sent events).

A room says what its open streams show and whether they still may, in one read for all of them (`ask`), and where hints come
from that something changed (`hints`). A stream itself is a request that waits for its client to go: no task, no timer.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from random import uniform
from time import monotonic
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .errors import TooMany

#: Seconds: between looks at everything that is open, of a stream's life, between two rounds, after a failure, for one send.
BEAT, LIFE, PAUSE, AGAIN, SLOW = 15.0, 600.0, 0.05, 1.0, 1.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
T = TypeVar("T", bound=Hashable)
R = TypeVar("R")
logger = logging.getLogger(__name__)


class Stream(Response, Generic[T]):
    """The answer to one open page: whatever its reader says, until either side has enough."""

    media_type = "text/event-stream"

    def __init__(self, watch: "Watch[T]", key: UUID, ticket: T) -> None:
        self.status_code, self.background = 200, None
        self.init_headers(HEADERS)
        self.watch, self.key, self.ticket = watch, key, ticket
        self.told: str | None = None
        self.until = monotonic() + LIFE * uniform(0.8, 1.2)  # noqa: S311 - so that they do not all come back at once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin, then wait for the client to go; all else is sent by the reader."""
        self._send = send
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        self.watch.join(self)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:  # the server goes down: a clean end, after which the client comes to the next one
            await self._say("", more=False)
        finally:
            self.watch.leave(self)

    async def follow(self, state: str | None, event: str, beat: bool) -> None:
        """Say what is new; None ends the stream, and so does its age. With a beat something is said in any case."""
        if state is None or monotonic() > self.until:
            await self._say("", more=False)
        elif state != self.told:
            self.told = state
            await self._say(f"event: {event}\ndata: {state}\n\n")
        elif beat:
            await self._say("event: beat\ndata:\n\n")

    async def _say(self, text: str, more: bool = True) -> None:
        try:
            async with asyncio.timeout(SLOW):
                await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})
        except (TimeoutError, OSError, RuntimeError):  # whoever does not read, or is gone, holds up nobody else
            self.watch.leave(self)


class Watch(Generic[T]):
    """The one reader of an event loop, and the streams that it serves by the key under which hints name them.

    `ask(tickets)` gives the state to show for each ticket that still may see it: one read, in a thread. `hints` runs while
    streams are open and calls `stir`; what it misses is seen with the next beat.
    """

    def __init__(
        self, ask: Callable[[Collection[T]], Mapping[T, str]], hints: "Callable[[Watch[T]], Awaitable[None]]", event: str
    ) -> None:
        self.ask, self.hints, self.event = ask, hints, event
        self.streams: dict[UUID, set[Stream[T]]] = {}
        self._woken: set[UUID] = set()
        self._stirred = asyncio.Event()
        self._limiter = CapacityLimiter(4)
        self._reader: asyncio.Task[None] | None = None

    async def run(self, read: Callable[..., R], *args: object) -> R:
        """Run a read in a thread; few at a time, so that streams never take the pages' threads."""
        return await to_thread.run_sync(lambda: read(*args), limiter=self._limiter)

    def stream(self, key: UUID, ticket: T, most: int) -> Stream[T]:
        """The answer for one more open page; raises TooMany when a key has `most` already."""
        if len(self.streams.get(key, ())) >= most:
            raise TooMany(minutes=1)
        return Stream(self, key, ticket)

    def join(self, stream: Stream[T]) -> None:
        """Serve a stream from now on, its first state at once."""
        self.streams.setdefault(stream.key, set()).add(stream)
        self.stir(stream.key)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())

    def leave(self, stream: Stream[T]) -> None:
        """Serve a stream no more; with the last the reader ends."""
        left = self.streams.get(stream.key, set())
        left.discard(stream)
        if not left:
            self.streams.pop(stream.key, None)
        if not self.streams and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def stir(self, *keys: UUID) -> None:
        """Something may have changed for the streams under these keys; without keys: for all."""
        self._woken.update(self.streams.keys() & set(keys) if keys else self.streams)
        if self._woken:
            self._stirred.set()

    async def _read(self) -> None:
        listening, beat_at = asyncio.create_task(self._listen()), monotonic() + BEAT
        try:
            while self._reader is asyncio.current_task():
                try:
                    async with asyncio.timeout(beat_at - monotonic()):
                        await self._stirred.wait()
                except TimeoutError:
                    self.stir()
                beat = monotonic() >= beat_at
                beat_at = monotonic() + BEAT if beat else beat_at
                keys, self._woken = (set(self.streams) if beat else self._woken), set()
                self._stirred.clear()
                await self._tell(keys, beat)
                await asyncio.sleep(PAUSE)  # what happens together is told together
        finally:
            listening.cancel()

    async def _listen(self) -> None:
        """Take hints for as long as anybody is served; after a failure everything is looked at, as notices were missed."""
        while True:
            try:
                await self.hints(self)
            except Exception as error:
                logger.warning("no hints of %s for a moment: %s", self.event, type(error).__name__)
            await asyncio.sleep(AGAIN)
            self.stir()

    async def _tell(self, keys: set[UUID], beat: bool) -> None:
        streams = [stream for key in keys for stream in self.streams.get(key, ())]
        if not streams:
            return
        try:
            found = await self.run(self.ask, {stream.ticket for stream in streams})
        except Exception as error:  # a busy database is asked again; a reader that died would leave all pages in the dark
            logger.warning("streams of %s could not be asked for: %s", self.event, type(error).__name__)
            await asyncio.sleep(AGAIN)
            self.stir(*keys)
            return
        for stream in streams:
            await stream.follow(found.get(stream.ticket), self.event, beat)


class Watches(Generic[T]):
    """A Watch for each event loop: a process serves from one, tests from several."""

    def __init__(
        self, ask: Callable[[Collection[T]], Mapping[T, str]], hints: Callable[[Watch[T]], Awaitable[None]], event: str
    ) -> None:
        self.ask, self.hints, self.event = ask, hints, event
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch[T]] = WeakKeyDictionary()

    def here(self) -> Watch[T]:
        """The one of the running loop."""
        loop = asyncio.get_running_loop()
        found = self._by_loop.get(loop)
        if found is None:
            found = self._by_loop[loop] = Watch(self.ask, self.hints, self.event)
        return found
