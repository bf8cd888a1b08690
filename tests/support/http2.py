"""A push service that speaks HTTP/2 alone: 201 for every POST."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded

from tests.support.certificates import make_authority


@dataclass
class Http2Service:
    """What came."""

    base: str = ""
    ca: Path = Path()
    connections: int = 0
    bodies: list[bytes] = field(default_factory=list)
    #: After so many answers in all, the first connection falls silent, as when a router on the way forgets it.
    silent_after: int | None = None


class Line(asyncio.Protocol):
    """One connection with its streams."""

    def __init__(self, service: Http2Service) -> None:
        self.service, self.http = service, H2Connection(H2Configuration(client_side=False))
        self.paths: dict[int, str] = {}
        self.bodies: dict[int, bytes] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.service.connections += 1
        self.first = self.service.connections == 1
        self.http.initiate_connection()
        transport.write(self.http.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        if self.first and self.service.silent_after is not None and len(self.service.bodies) >= self.service.silent_after:
            return
        for event in self.http.receive_data(data):
            if isinstance(event, RequestReceived):
                headers = {_text(name): _text(value) for name, value in event.headers or []}
                self.paths[event.stream_id], self.bodies[event.stream_id] = headers[":path"], b""
            elif isinstance(event, DataReceived):
                self.bodies[event.stream_id] += event.data
                self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, StreamEnded):
                self.service.bodies.append(self.bodies[event.stream_id])
                location = f"/m{self.paths[event.stream_id]}"
                self.http.send_headers(event.stream_id, [(":status", "201"), ("location", location)], end_stream=True)
        self.transport.write(self.http.data_to_send())


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


@contextmanager
def serving_http2(folder: Path) -> Iterator[Http2Service]:
    """It, in a thread of this process."""
    service, loop, up, stop = Http2Service(), asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    service.ca, certificate, key = make_authority(folder, ["localhost"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])

    async def run() -> None:
        server = await loop.create_server(lambda: Line(service), "127.0.0.1", 0, ssl=context)
        service.base = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        async with server:
            up.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert up.wait(10), "the service did not start"
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
