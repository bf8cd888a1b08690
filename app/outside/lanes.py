"""Kept connections under httpx: for each origin a few over HTTP/1.1, or one over HTTP/2 where it is offered.

httpx's own pool walks all its connections for every request, and takes no backend of ours (pinned.py); with 32 connections a
push cost 1.5 ms of processor through it and costs 0.3 through this.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field

import httpcore
import httpx

from . import http11

#: Seconds that an unused connection is kept, and how many origins are remembered.
IDLE, MOST_ORIGINS = 60.0, 200
Connection = http11.Connection | httpcore.AsyncHTTP2Connection
#: What a kept connection meets when the other side has closed it meanwhile.
_STALE = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)


@dataclass
class Lanes:
    """The connections of one origin: `idle` ones, the newest used first; `shared` carries many requests at once (HTTP/2).

    `retired` were shared and get no new request; each is closed when the last of its own has ended.
    `first` is held while the very first one is opened, which learns what the other side speaks; the others wait for that.
    """

    origin: httpcore.Origin
    free: asyncio.Semaphore
    busy: int = 0
    known: bool = False
    first: asyncio.Lock = field(default_factory=asyncio.Lock)
    idle: list[Connection] = field(default_factory=list)
    shared: httpcore.AsyncHTTP2Connection | None = None
    retired: list[httpcore.AsyncHTTP2Connection] = field(default_factory=list)

    def take(self) -> Connection | None:
        """A kept connection that looks alive."""
        if self.shared is not None and self.shared.is_available() and not self.shared.has_expired():
            return self.shared
        while self.idle:
            connection = self.idle.pop()
            if not connection.has_expired():
                return connection
        return None

    def retire(self, connection: Connection) -> None:
        """Begin nothing more on a shared connection: one whose line died in silence looks alive to the library for ever."""
        if connection is self.shared:
            self.retired.append(self.shared)
            self.shared = None

    def ended(self) -> list[httpcore.AsyncHTTP2Connection]:
        """Retired connections that nobody waits for any more; gives them to be closed."""
        over = [one for one in self.retired if one.is_idle() or one.is_closed()]
        self.retired = [one for one in self.retired if one not in over]
        return over

    def drop(self) -> list[Connection]:
        """Forget all kept connections; gives them to be closed."""
        dropped: list[Connection] = [*self.idle, *self.retired, *([self.shared] if self.shared else [])]
        self.idle, self.retired, self.shared = [], [], None
        return dropped


class Answer(httpx.AsyncByteStream):
    """The body of an answer; closed before its end, its connection is closed too."""

    def __init__(self, stream: AsyncIterable[bytes], lanes: Lanes, connection: Connection) -> None:
        self.stream, self.lanes, self.connection, self.closed = stream, lanes, connection, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.stream:
            yield part

    async def aclose(self) -> None:
        """Give the lane back."""
        if self.closed:
            return
        self.closed = True
        try:
            await self.stream.aclose()  # type: ignore[attr-defined] # httpcore's streams have it
        finally:
            if self.connection is not self.lanes.shared and self.connection.is_idle():
                self.lanes.idle.append(self.connection)
            self.lanes.busy -= 1
            self.lanes.free.release()


class LanesTransport(httpx.AsyncBaseTransport):
    """httpx's way out through a backend of ours: at most `lanes` requests at a time to one origin, the others wait."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext, lanes: int) -> None:
        self.backend, self.context, self.most = backend, context, lanes
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.origins: dict[tuple[bytes, int | None], Lanes] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; httpcore's errors come through as they are."""
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw, content=request.stream, extensions=request.extensions,
        )  # fmt: skip
        lanes = self.origins.get((url.raw_host, url.port)) or await self._open(url, asked.url.origin)
        lanes.busy += 1
        try:
            await lanes.free.acquire()
        except BaseException:
            lanes.busy -= 1
            raise
        try:
            answer, connection = await self._exchange(lanes, asked)
        except BaseException:
            lanes.busy -= 1
            lanes.free.release()
            raise
        body = Answer(answer.stream, lanes, connection)  # type: ignore[arg-type]
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def _exchange(self, lanes: Lanes, asked: httpcore.Request) -> tuple[httpcore.Response, Connection]:
        for connection in lanes.ended():
            await connection.aclose()
        if kept := lanes.take():
            try:
                return await self._ask(lanes, kept, asked)
            except httpcore.ConnectionNotAvailable:  # HTTP/2, and it takes no more: those on it go on
                pass
            except _STALE:  # nobody answered on it: the same again, once, on a new one
                for over in lanes.drop():
                    await over.aclose()
        return await self._ask(lanes, await self._fresh(lanes), asked)

    async def _ask(self, lanes: Lanes, connection: Connection, asked: httpcore.Request) -> tuple[httpcore.Response, Connection]:
        """One request on one connection; where none came back in time, or at all, nobody else shall wait."""
        try:
            return await connection.handle_async_request(asked), connection
        except BaseException:
            lanes.retire(connection)
            raise

    async def _fresh(self, lanes: Lanes) -> Connection:
        if lanes.known:
            return await self._connect(lanes)
        async with lanes.first:
            return lanes.take() or await self._connect(lanes)

    async def _connect(self, lanes: Lanes) -> Connection:
        host = lanes.origin.host.decode()
        stream = await self.backend.connect_tcp(host, lanes.origin.port)
        try:
            stream = await stream.start_tls(self.context, host)
        except BaseException:
            await stream.aclose()
            raise
        lanes.known = True
        if stream.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            lanes.shared = httpcore.AsyncHTTP2Connection(lanes.origin, stream, IDLE)
            return lanes.shared
        return http11.Connection(stream, IDLE)

    async def _open(self, url: httpx.URL, origin: httpcore.Origin) -> Lanes:
        """Lanes for an origin; when many were opened, those that nobody uses now go."""
        if len(self.origins) >= MOST_ORIGINS:
            for key in [key for key, lanes in self.origins.items() if not lanes.busy]:
                for connection in self.origins.pop(key).drop():
                    await connection.aclose()
        return self.origins.setdefault((url.raw_host, url.port), Lanes(origin, asyncio.Semaphore(self.most)))

    async def aclose(self) -> None:
        """Close every connection that is kept."""
        for lanes in self.origins.values():
            for connection in lanes.drop():
                await connection.aclose()
        self.origins.clear()
