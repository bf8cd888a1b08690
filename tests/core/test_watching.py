"""The reader of open streams: one for all, there as long as they are, deterred by nothing that a stream or a database does."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core import watching
from app.core.errors import TooMany
from app.core.watching import Stream, Watch


class World:
    """What is to be shown by ticket, how often it was asked for, and what each client was sent."""

    def __init__(self, hints: "Callable[[Watch[str]], Awaitable[None]] | None" = None) -> None:
        self.state: dict[str, str] = {}
        self.asked: list[set[str]] = []
        self.error: Exception | None = None
        self.watch = Watch(self.ask, hints or self.nothing, "news")

    def ask(self, tickets: Collection[str]) -> Mapping[str, str]:
        self.asked.append(set(tickets))
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return {ticket: self.state[ticket] for ticket in tickets if ticket in self.state}

    async def nothing(self, _watch: Watch[str]) -> None:
        await asyncio.Event().wait()


class Client:
    """An open page; `stuck` takes nothing in."""

    def __init__(self, stream: Stream[str], *, stuck: bool = False) -> None:
        self.sent: list[str] = []
        self.left, self.stuck = asyncio.Event(), stuck
        self.task = asyncio.create_task(stream({"type": "http"}, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if self.stuck and message.get("body", b"").startswith(b"event"):
            await asyncio.Event().wait()
        self.sent.append(message.get("body", b"").decode())
        if message.get("more_body") is False:
            self.left.set()

    async def leave(self) -> None:
        self.left.set()
        await self.task


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not found():
            await asyncio.sleep(0)


def news(client: Client) -> list[str]:
    return [sent.split("data: ")[1].strip() for sent in client.sent if sent.startswith("event: news")]


def others() -> set[asyncio.Task[Any]]:
    """Tasks beside the test's own."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await test()
        await until(lambda: not others())  # nobody reads for nobody

    asyncio.run(whole())


def test_what_changed_is_said_to_those_whom_it_concerns() -> None:
    async def test() -> None:
        world, ours, theirs = World(), uuid4(), uuid4()
        world.state = {"a": "1", "b": "1"}
        first, second = Client(world.watch.stream(ours, "a", 5)), Client(world.watch.stream(theirs, "b", 5))
        await until(lambda: news(first) == news(second) == ["1"])
        world.state = {"a": "2", "b": "2"}
        world.watch.stir(ours, UUID(int=0))
        await until(lambda: news(first) == ["1", "2"])
        assert (news(second), world.asked[-1]) == (["1"], {"a"})
        world.watch.stir()
        await until(lambda: news(second) == ["1", "2"])
        await first.leave()
        await second.leave()

    run(test)


def test_who_may_see_it_no_more_is_let_go() -> None:
    async def test() -> None:
        world, key = World(), uuid4()
        world.state = {"a": "1"}
        client = Client(world.watch.stream(key, "a", 5))
        await until(lambda: news(client) == ["1"])
        world.state = {}
        world.watch.stir(key)
        await client.task
        assert news(client) == ["1"]

    run(test)


def test_a_page_that_is_closed_as_soon_as_it_opened_leaves_no_reader_behind() -> None:
    async def test() -> None:
        world, key = World(), uuid4()
        for _ in range(50):
            client = Client(world.watch.stream(key, "a", 5))
            await asyncio.sleep(0)
            await client.leave()

    run(test)


def test_a_failed_read_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AGAIN", 0.01)

    async def test() -> None:
        world, key = World(), uuid4()
        world.state, world.error = {"a": "1"}, TimeoutError()
        client = Client(world.watch.stream(key, "a", 5))
        await until(lambda: news(client) == ["1"])
        await client.leave()

    run(test)


def test_after_hints_failed_everything_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AGAIN", 0.01)

    async def test() -> None:
        failed = asyncio.Event()

        async def hints(_watch: Watch[str]) -> None:
            if not failed.is_set():
                failed.set()
                raise ConnectionError
            await asyncio.Event().wait()

        world, key = World(hints), uuid4()
        world.state = {"a": "1"}
        client = Client(world.watch.stream(key, "a", 5))
        await until(lambda: failed.is_set() and len(world.asked) > 1)
        await client.leave()

    run(test)


def test_a_client_that_takes_nothing_in_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SLOW", 0.02)

    async def test() -> None:
        world, key = World(), uuid4()
        world.state = {"stuck": "1", "a": "1"}
        stuck, client = (Client(world.watch.stream(key, t, 5), stuck=t == "stuck") for t in ("stuck", "a"))
        await until(lambda: news(client) == ["1"])
        await until(lambda: [stream.ticket for stream in world.watch.streams[key]] == ["a"])
        await client.leave()
        await stuck.leave()

    run(test)


def test_beats_come_to_all_and_old_streams_end_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BEAT", 0.05)
    monkeypatch.setattr(watching, "LIFE", 0.2)

    async def test() -> None:
        world, key = World(), uuid4()
        world.state = {"a": "1"}
        client = Client(world.watch.stream(key, "a", 5))
        await client.task
        assert "event: beat\ndata:\n\n" in client.sent
        assert news(client) == ["1"]

    run(test)


def test_a_server_that_goes_down_ends_streams_properly() -> None:
    async def test() -> None:
        world, key = World(), uuid4()
        world.state = {"a": "1"}
        client = Client(world.watch.stream(key, "a", 5))
        await until(lambda: news(client) == ["1"])
        client.task.cancel()
        await client.task
        assert client.left.is_set(), "the last piece of the answer was sent"

    run(test)


def test_more_than_so_many_are_refused() -> None:
    async def test() -> None:
        world, key = World(), uuid4()
        clients = [Client(world.watch.stream(key, "a", 2)) for _ in range(2)]
        await until(lambda: len(world.watch.streams.get(key, ())) == 2)
        with pytest.raises(TooMany):
            world.watch.stream(key, "b", 2)
        world.watch.stream(uuid4(), "c", 2)
        for client in clients:
            await client.leave()

    run(test)
