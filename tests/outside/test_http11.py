"""A connection for short exchanges: used again only after an answer whose end is certain."""

import asyncio
from collections.abc import Iterable

import httpcore
import pytest

from app.outside.http11 import MOST_HEAD, Connection

CREATED = b"HTTP/1.1 201 Created\r\nLocation: /m/1\r\nContent-Length: 0\r\n\r\n"


class Wire(httpcore.AsyncNetworkStream):
    """The other side says these parts, one a reading; nothing afterwards."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts, self.written, self.closed, self.readable = list(parts), b"", False, False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.parts.pop(0) if self.parts else b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.written += buffer

    async def aclose(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> object:
        return self.readable if info == "is_readable" else None


def asked(*headers: tuple[bytes, bytes]) -> httpcore.Request:
    return httpcore.Request("POST", "https://push.example/abc", headers=[(b"Host", b"push.example"), *headers], content=b"body")


def exchange(*parts: bytes, request: httpcore.Request | None = None) -> tuple[int, bytes, Connection, Wire]:
    """Status, body, and the connection afterwards."""
    wire = Wire(parts)
    connection = Connection(wire, 60)

    async def run() -> tuple[int, bytes]:
        answer = await connection.handle_async_request(request or asked())
        body = b"".join([part async for part in answer.stream])  # type: ignore[union-attr]
        await answer.aclose()
        return answer.status, body

    status, body = asyncio.run(run())
    return status, body, connection, wire


def test_what_is_written() -> None:
    _, _, _, wire = exchange(CREATED, request=asked((b"TTL", b"60")))
    assert wire.written == b"POST /abc HTTP/1.1\r\nHost: push.example\r\nTTL: 60\r\n\r\nbody"


@pytest.mark.parametrize(("parts", "body"), [
    ([CREATED], b""),
    ([CREATED[:9], CREATED[9:40], CREATED[40:]], b""),
    ([b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + CREATED], b""),
    ([b"HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\nke", b"y=1"], b"key=1"),
    ([b"HTTP/1.1 204\r\n\r\n"], b""),
])  # fmt: skip
def test_an_answer_with_a_certain_end_leaves_the_connection_usable(parts: list[bytes], body: bytes) -> None:
    _, got, connection, wire = exchange(*parts)
    assert got == body
    assert connection.is_idle()
    assert not connection.has_expired()
    assert not wire.closed


@pytest.mark.parametrize("part", [
    b"HTTP/1.1 201 Created\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.0 201 Created\r\nContent-Length: 0\r\n\r\n",
    CREATED + b"HTTP/1.1 201 Created\r\n",
])  # fmt: skip
def test_an_answer_without_a_certain_end_is_taken_and_the_connection_ended(part: bytes) -> None:
    status, _, connection, wire = exchange(part)
    assert status == 201
    assert not connection.is_idle()
    assert wire.closed


@pytest.mark.parametrize("parts", [
    [], [b""], [b"HTTP/1.1 201"], [b"SSH-2.0-x\r\n\r\n"], [b"HTTP/1.1 99 x\r\n\r\n"], [b"HTTP/2 201\r\n\r\n"],
    [b"HTTP/1.1 201 Created\r\nno header\r\n\r\n"], [b"HTTP/1.1 201 Created\r\nA: b\r\n folded\r\n\r\n"],
    [b"x" * MOST_HEAD, b"x", b"x"], [b"HTTP/1.1 400 No\r\nContent-Length: 9\r\n\r\nshort"],
    [b"HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nlong"],
])  # fmt: skip
def test_what_is_no_whole_answer_is_an_error(parts: list[bytes]) -> None:
    with pytest.raises(httpcore.RemoteProtocolError):
        exchange(*parts)


@pytest.mark.parametrize("header", [(b"Topic", b"a\r\nHost: b"), (b"Topic", b"a\nb"), (b"a\r\nb", b"c"), (b"Topic", b"\0")])
def test_a_header_with_a_line_of_its_own_is_not_sent(header: tuple[bytes, bytes]) -> None:
    wire = Wire([CREATED])
    with pytest.raises(ValueError, match="line break"):
        asyncio.run(Connection(wire, 60).handle_async_request(asked(header)))
    assert wire.written == b""
    assert wire.closed


def test_a_body_that_is_not_read_ends_the_connection() -> None:
    wire = Wire([b"HTTP/1.1 400 No\r\nContent-Length: 100000\r\n\r\nbegin"])

    async def run() -> None:
        answer = await Connection(wire, 60).handle_async_request(asked())
        await answer.aclose()

    asyncio.run(run())
    assert wire.closed


def test_an_idle_connection_that_the_other_side_ended_or_that_is_old_is_not_used() -> None:
    _, _, connection, wire = exchange(CREATED)
    wire.readable = True
    assert connection.has_expired()
    _, _, old, _ = exchange(CREATED)
    old.idle = -1
    assert old.has_expired()


def test_a_connection_whose_answer_did_not_come_in_time_is_ended_and_never_used_again() -> None:
    class Silent(Wire):
        async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            await asyncio.Event().wait()
            return b""

    wire = Silent([])
    connection = Connection(wire, 60)

    async def run() -> None:
        async with asyncio.timeout(0.02):
            await connection.handle_async_request(asked())

    with pytest.raises(TimeoutError):
        asyncio.run(run())
    assert wire.closed
    assert connection.has_expired()
    assert not connection.is_available()
