"""HTTP to names that others gave us: resolved once, every address checked, connected to one that was checked.

A name that answers differently a moment later is never asked again: there is no second look that could be lied to (DNS
rebinding). The name still goes into SNI and is what the certificate must prove. Timeouts are the caller's (asyncio.timeout).
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Refused(Exception):
    """A name leads to an address that we do not go to; nothing was connected."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only; `allowed(host, address)` decides."""

    def __init__(self, allowed: Callable[[str, str], bool], resolver: Resolve = resolve) -> None:
        self.allowed, self.resolver, self.dial = allowed, resolver, asyncio.open_connection

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """A connection to the first address that takes it; raises Refused when any of them is not allowed."""
        try:
            addresses = await self.resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError("the name has no address") from error
        if not addresses or not all(self.allowed(host, address) for address in addresses):
            raise Refused
        failed: OSError | None = None
        for address in addresses:
            try:
                return Stream(*await self.dial(address, port))
            except OSError as error:
                failed = error
        raise httpcore.ConnectError("no address answers") from failed

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never: a socket file is no address of anybody outside."""
        raise Refused

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Stream(httpcore.AsyncNetworkStream):
    """asyncio's own streams: the library's way over AnyIO costs a push twice as much.

    What is written is held until somebody reads, so that head and body leave together; not over HTTP/2, where requests share.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.held, self.hold = reader, writer, b"", True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        try:
            if self.held:
                self.writer.write(self.held)
                self.held = b""
            return await self.reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError("cut") from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of them."""
        if self.hold:
            self.held += buffer
            return
        try:
            self.writer.write(buffer)
            await self.writer.drain()
        except OSError as error:
            raise httpcore.WriteError("cut") from error

    async def aclose(self) -> None:
        """At once: nothing that we still want could come."""
        self.writer.transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """The same line, encrypted; the other side has proved the name."""
        try:
            await self.writer.start_tls(ssl_context, server_hostname=server_hostname)
        except OSError as error:  # of which ssl.SSLError is one
            await self.aclose()
            raise httpcore.ConnectError("no TLS") from error
        self.hold = self.writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2"
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks: the TLS object, for ALPN; whether an idle line has something to read, that is, has ended."""
        if info == "is_readable":
            return self.reader.at_eof() or self.writer.is_closing()
        return self.writer.get_extra_info(info)
