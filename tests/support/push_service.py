"""A push service of our own, for tests and bench: HTTPS on loopback under a throw-away authority; answers as it is told.

A POST to /<device> is kept and answered 201, unless `answers[device]` says otherwise (see Answer). With the WebSocket side
of autopush (push_browsers.py) it serves a real Firefox.

`python -m tests.support.push_service FOLDER` runs it in a process of its own: it prints its base URL and writes FOLDER/ca.pem.
Then it keeps of each message only its Topic and when it came (seconds since 1970), and tells them: GET / is [[topic, at], …].
"""

import asyncio
import contextlib
import json
import re
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.certificates import make_authority

TOPIC = re.compile(rb"\r\ntopic: (\S+)", re.IGNORECASE)
CREATED = b"HTTP/1.1 201 Created\r\nLocation: /m/%s\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What a device's POST gets: a status with headers and a body; or a fault of the line.

    `fault`: silent (no answer), reset (connection cut after the request), endless (a body that never ends, drop by drop),
    flood (a body that never ends, as fast as it goes).
    """

    status: int = 201
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fault: str = ""


@dataclass
class Pushed:
    """A message as it arrived."""

    device: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class PushService:
    """What happened, and what shall happen. Without `keep`, only when which topic came, for the bench.

    `cuts`: so many requests from now on are not heard; their line is cut.
    """

    keep: bool = True
    answers: dict[str, Answer] = field(default_factory=dict)
    pushed: list[Pushed] = field(default_factory=list)
    heard: Callable[[Pushed], None] | None = None
    arrivals: list[tuple[str, float]] = field(default_factory=list)
    connections: int = 0
    cuts: int = 0
    base: str = ""
    ca: Path = Path()

    def forget(self) -> None:
        """As if it had just begun."""
        self.answers.clear()
        self.pushed.clear()
        self.connections, self.cuts, self.heard = 0, 0, None

    def heard_again(self) -> None:
        """Deliver the newest message once more."""
        if self.heard:
            self.heard(self.pushed[-1])

    def url(self, device: str) -> str:
        """The endpoint of a device."""
        return f"{self.base}/{device}"


class Line(asyncio.Protocol):
    """One connection: HTTP/1.1 with Content-Length, requests one after the other."""

    def __init__(self, service: PushService) -> None:
        self.service, self.buffer = service, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.service.connections += 1

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end])
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            self.request(head, body)

    def request(self, head: bytes, body: bytes) -> None:
        """One request."""
        service = self.service
        if not service.keep:
            self.count(head)
            return
        if service.cuts:
            service.cuts -= 1
            self.transport.abort()
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        device = first.split(" ")[1].lstrip("/")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        pushed = Pushed(device, headers, body, time.time())
        service.pushed.append(pushed)
        answer = service.answers.get(device)
        if answer is None:
            self.transport.write(CREATED % device.encode())
        else:
            self.answer(answer)
        if service.heard:
            service.heard(pushed)

    def count(self, head: bytes) -> None:
        """Note when it came; or tell what was noted."""
        if head.startswith(b"GET "):
            told = json.dumps(self.service.arrivals).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told) + told)
            return
        topic = TOPIC.search(head)
        self.service.arrivals.append((topic[1].decode() if topic else "", time.time()))
        self.transport.write(CREATED % b"x")

    def answer(self, answer: Answer) -> None:
        """As told."""
        if answer.fault == "silent":
            return
        if answer.fault == "reset":
            self.transport.abort()
            return
        length = b"" if answer.fault else b"Content-Length: %d\r\n" % len(answer.body)
        headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers).encode()
        self.transport.write(b"HTTP/1.1 %d X\r\n" % answer.status + headers + length + b"\r\n" + answer.body)
        if answer.fault:
            self.drip(answer)

    def drip(self, answer: Answer) -> None:
        """A body without an end."""
        if self.transport.is_closing():
            return
        flood = answer.fault == "flood"
        if self.transport.get_write_buffer_size() < 1_000_000:
            self.transport.write(b"x" * (100_000 if flood else 1))
        asyncio.get_running_loop().call_later(0 if flood else 0.05, self.drip, answer)


async def run(service: PushService, folder: Path, up: Callable[[], None], stop: asyncio.Event, names: list[str]) -> None:
    """Serve until stopped."""
    ca, certificate, key = make_authority(folder, ["localhost", "127.0.0.1", *names])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.get_running_loop().create_server(lambda: Line(service), "127.0.0.1", 0, ssl=context, backlog=500)
    service.ca, service.base = ca, f"https://localhost:{server.sockets[0].getsockname()[1]}"
    async with server:
        up()
        await stop.wait()


@contextmanager
def serving(folder: Path, names: list[str] | None = None) -> Iterator[PushService]:
    """A push service in a thread of this process."""
    service, up, loop, stop = PushService(), threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(service, folder, up.set, stop, names or []),))
    thread.start()
    assert up.wait(10), "the push service did not start"
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def main() -> None:
    """In a process of its own, for the bench: counts, and says every second how many there were."""
    service = PushService(keep=False)
    folder = Path(sys.argv[1])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(service, folder, lambda: print(service.base, flush=True), asyncio.Event(), []))  # noqa: T201


if __name__ == "__main__":
    main()
