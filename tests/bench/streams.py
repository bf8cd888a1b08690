"""Open inboxes: what a thousand of them cost one server process, and how soon an event of another process is shown in one."""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psutil
from sqlmodel import insert

from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import service
from app.messages.models import Message
from app.sandbox.people import Known
from tests.bench.telling import installation, process
from tests.factories import id_number, make_person, make_signed_in, phone_number

#: Open inboxes; cases and messages in each; page loads a turn; turns; events a second while anything is measured, and in all.
STREAMS, CASES, MESSAGES, LOADS, TURNS, EVENTS_A_SECOND, TOLD = 1000, 3, 25, 150, 5, 5, 100
PAGE = "/messages"


@dataclass
class Reader:
    """Somebody with an open inbox; `shown` is when each message that was told stood on their page."""

    person_id: UUID
    token: str
    shown: dict[str, float] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends."""
        return {"Cookie": f"linban_session={self.token}", "Accept-Language": "zh-CN"}


def readers(many: int) -> list[Reader]:
    """People who were told something about a few cases each."""
    made, rows = [], []
    with db.writing() as session:
        for number in range(many):  # id_number has room for some 250 people a birthday
            known = Known("顾晓燕", id_number(f"19{50 + number // 200}0101", female=True), phone_number())
            person = make_person(session, known)
            made.append(Reader(person.id, make_signed_in(session, person)))
            rows += _messages(person.id)
        session.execute(insert(Message), rows)
    return made


def _messages(person_id: UUID) -> list[dict[str, Any]]:
    now, cases = utcnow(), [new_id() for _ in range(CASES)]
    params = {"service": "newborn", "item": "psb.birth_reg", "department": "psb", "due": now.isoformat()}
    return [
        {
            "id": new_id(), "person_id": person_id, "case_id": cases[n % CASES], "case_number": f"{n % CASES:012d}",
            "kind": "item_accepted", "params": params, "your_turn": False, "created_at": now - timedelta(minutes=n),
        }
        for n in range(MESSAGES)
    ]  # fmt: skip


class Client:
    """All open inboxes of a run: streams over bare sockets, the part of the page fetched when a stream says that it changed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        self.open: list[asyncio.StreamWriter] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def listen(self, people: Sequence[Reader]) -> None:
        """Open a stream for each, some at a time; they have said how things stand when this returns."""
        limit = asyncio.Semaphore(20)

        async def one(reader: Reader) -> None:
            async with limit:
                lines, writer = await asyncio.open_connection("127.0.0.1", self.port)
                self.open.append(writer)
                head = "".join(f"{name}: {value}\r\n" for name, value in reader.headers.items())
                writer.write(f"GET /messages/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode())
                while not (await asyncio.wait_for(lines.readline(), 60)).startswith(b"data: {"):
                    pass
            self.tasks.append(asyncio.create_task(self._follow(reader, lines)))

        await asyncio.gather(*(one(reader) for reader in people))

    async def _follow(self, reader: Reader, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            if line.startswith(b"data: {"):
                part = await self.pages.get(PAGE, headers=reader.headers | {"HX-Request-Type": "partial"})
                for told in part.text.split('id="m-')[1:]:
                    reader.shown.setdefault(told[:36], time.monotonic())

    async def close(self) -> None:
        """Close every stream."""
        for task in self.tasks:
            task.cancel()
        for writer in self.open:
            writer.close()
        self.open, self.tasks = [], []


def _tell(reader: Reader) -> tuple[Reader, str, float]:
    """An event in this process, as the worker's or another server's would be; and when it was committed."""
    params = {"service": "newborn", "item": "psb.birth_reg", "department": "psb"}
    with db.writing() as session:
        told = service.tell(session, reader.person_id, new_id(), "000000000009", "item_started", params, False, utcnow())
        made = str(told.id)
    return reader, made, time.monotonic()


async def _events(people: Sequence[Reader], told: list[tuple[Reader, str, float]], many: int | None = None) -> None:
    """Events at an even pace, to one after the other; without an end unless `many`."""
    number = 0
    while many is None or number < many:
        due = time.monotonic() + 1 / EVENTS_A_SECOND
        told.append(await asyncio.to_thread(_tell, people[number % len(people)]))
        number += 1
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _loads(client: Client, reader: Reader, many: int) -> list[float]:
    """Seconds of so many page loads, one after the other."""
    found = []
    for _ in range(many):
        began = time.monotonic()
        answer = await client.pages.get(PAGE, headers=reader.headers)
        found.append(time.monotonic() - began)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{PAGE} answered {answer.status_code}")
    return found


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


async def _measured(port: int, pid: int, people: list[Reader]) -> dict[str, Any]:
    client, server, reader = Client(port), psutil.Process(pid), people.pop()
    told: list[tuple[Reader, str, float]] = []
    await _loads(client, reader, LOADS // 3)
    before = server.memory_info().rss
    noise = asyncio.create_task(_events(people, told))
    ratios, alone, beside, grown = [], [], [], 0
    for _ in range(TURNS):
        alone.append(p95(await _loads(client, reader, LOADS)))
        await client.listen(people)
        grown = grown or server.memory_info().rss - before
        beside.append(p95(await _loads(client, reader, LOADS)))
        await client.close()
        ratios.append(beside[-1] / alone[-1])
    noise.cancel()
    with suppress(asyncio.CancelledError):
        await noise
    await client.listen(people)
    told.clear()
    await _events(people[:TOLD], told, TOLD)
    await asyncio.sleep(2)
    waits = [who.shown.get(message, float("inf")) - at for who, message, at in told]
    await client.close()
    await client.pages.aclose()
    return {
        f"streams_{STREAMS}_mb": round(grown / 1e6, 1),
        "page_p95_beside_streams": round(statistics.median(ratios), 2),
        "page_p95_ms_without_streams": round(statistics.median(alone) * 1000, 1),
        "page_p95_ms_beside_streams": round(statistics.median(beside) * 1000, 1),
        "event_to_inbox_p50_seconds": round(statistics.median(waits), 3),
        "event_to_inbox_p95_seconds": round(p95(waits), 3),
    }


def figures(url: str = "") -> dict[str, Any]:
    """Memory, page loads beside open streams, and events shown, on a database of their own (SQLite unless told otherwise)."""
    with installation(url):
        people = readers(STREAMS + 1)
        with process("tests.bench.served") as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            return asyncio.run(_measured(port, server.pid, people))


if __name__ == "__main__":
    sys.stdout.write(f"{figures()}\n")
