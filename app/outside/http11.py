"""One HTTP/1.1 connection for short exchanges, under lanes.py: of what comes back, the head and a few bytes matter.

httpcore's own connection is a state machine in Python for all of HTTP and costs a push several times as much. This one is used
again only after an answer that said its length and had it; whatever is unusual ends it.
"""

import re
import time
from collections.abc import AsyncIterator

import httpcore

#: Bytes of an answer's head, and of one reading.
MOST_HEAD, PART = 16 * 1024, 4096
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [^\r\n]*)?")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNSAFE = re.compile(rb"[\r\n\0]")
Headers = list[tuple[bytes, bytes]]


class Head:
    """An answer's status and headers. `length` None: the body has none that we trust, it ends with the connection."""

    def __init__(self, raw: bytes) -> None:
        first, *lines = raw.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None:
            raise httpcore.RemoteProtocolError("no HTTP")
        self.status = int(status[2])
        self.headers: Headers = [_header(line) for line in lines]
        known: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            known.setdefault(name.lower(), []).append(value)
        self.length = 0 if self.status in (204, 304) else _length(known)
        self.kept = status[1] == b"1" and self.length is not None and b"connection" not in known


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or _NAME.fullmatch(name) is None:
        raise httpcore.RemoteProtocolError("no header")
    return name, value.strip(b" \t")


def _length(known: dict[bytes, list[bytes]]) -> int | None:
    said = known.get(b"content-length", [])
    if b"transfer-encoding" in known or len(said) != 1 or not said[0].isdigit() or len(said[0]) > 9:
        return None
    return int(said[0])


class Body:
    """What follows a head; only as much is read as somebody asks for."""

    def __init__(self, connection: "Connection", head: Head, begun: bytes) -> None:
        self.connection, self.head, self.begun = connection, head, begun

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left, part = self.head.length, self.begun
        while left is None or left:
            if not part:
                part = await self.connection.stream.read(PART)
            if not part and left is None:
                return
            if not part or (left is not None and len(part) > left):
                raise httpcore.RemoteProtocolError("another length than was said")
            left = None if left is None else left - len(part)
            yield part
            part = b""
        if not part:
            self.connection.over(self.head.kept)

    async def aclose(self) -> None:
        """What was not read to its end cannot be told from the next answer."""
        if not self.connection.is_idle():
            await self.connection.aclose()


class Connection:
    """A connection; it has the verbs of httpcore's own as far as lanes.py uses them. `idle`: seconds that it is kept unused."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, idle: float) -> None:
        self.stream, self.idle = stream, idle
        self._idle_since: float | None = None

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send, and wait for the head of the answer; httpcore's errors when there is none."""
        self._idle_since = None
        try:
            await self.stream.write(await _written(request))
            head, rest = await self._head()
        except BaseException:
            await self.aclose()
            raise
        return httpcore.Response(head.status, headers=head.headers, content=Body(self, head, rest))

    async def _head(self) -> tuple[Head, bytes]:
        raw = b""
        while True:
            end = raw.find(b"\r\n\r\n")
            if end >= 0:
                head, raw = Head(raw[:end]), raw[end + 4 :]
                if head.status >= 200:
                    return head, raw
                continue  # an interim answer (RFC 9110 §15.2)
            part = await self.stream.read(PART)
            if not part or len(raw) > MOST_HEAD:
                raise httpcore.RemoteProtocolError("no whole head")
            raw += part

    def over(self, kept: bool) -> None:
        """The answer was read to its end."""
        if kept:
            self._idle_since = time.monotonic()

    def is_idle(self) -> bool:
        """Whether another exchange may begin."""
        return self._idle_since is not None

    def is_available(self) -> bool:
        """See is_idle."""
        return self.is_idle()

    def has_expired(self) -> bool:
        """Whether it was unused too long, or the other side has ended it."""
        since = self._idle_since
        return since is None or time.monotonic() - since > self.idle or bool(self.stream.get_extra_info("is_readable"))

    async def aclose(self) -> None:
        """End it."""
        self._idle_since = None
        await self.stream.aclose()


async def _written(request: httpcore.Request) -> bytes:
    """A request as it goes over the wire; raises ValueError when a part of it would begin a line of its own."""
    parts = [request.method, b" ", request.url.target, b" HTTP/1.1"]
    for name, value in request.headers:
        parts += (b"\r\n", name, b": ", value)
    head = b"".join(parts)
    if len(_UNSAFE.findall(head)) != 2 * len(request.headers):
        raise ValueError("a header with a line break")
    body = b"".join([part async for part in request.stream])  # type: ignore[union-attr] # an asynchronous request has this kind
    return head + b"\r\n\r\n" + body
