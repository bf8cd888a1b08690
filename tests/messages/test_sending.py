"""The sender on a real database: everything goes out once, nobody waits for anybody else's host, nothing stops the loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.core import db
from app.core.clock import SHANGHAI, utcnow
from app.messages import batches
from app.messages.channels import Outcome, Parcel, Result
from app.messages.hosts import FEW, IN_FLIGHT
from app.messages.models import Channel, DeliveryState
from app.messages.sending import Sender, Times
from tests.messages.queued import SENT, OwnDoor, dice, ledger, make_deliveries, states

QUICK = Times(look=0.02, gather=0.005, again=0.02, grace=0.2)
DOWN = Outcome(Result.RETRY, "unreachable", host_down=True)
Until = Callable[[], bool]


def run(sender: Sender, until: Until, meanwhile: Callable[[], Awaitable[Any]] | None = None) -> None:
    """Let a sender work until something is true, then stop it; it must end by itself."""

    async def main() -> None:
        working = asyncio.create_task(sender.run())
        if meanwhile:
            await meanwhile()
        async with asyncio.timeout(15):
            while not until() and not working.done():
                await asyncio.sleep(0.01)
            sender.stop()
            await working

    asyncio.run(main())


def settled(number: int) -> Until:
    """Whether as many deliveries have ended."""
    return lambda: sum(n for state, n in states().items() if state not in ("queued", "sending")) >= number


def queue(number: int = 1, **how: Any) -> None:
    with db.writing() as session:
        make_deliveries(session, number, **how)


def test_everything_goes_out_once_and_is_recorded(database: Engine) -> None:
    queue(450)
    door = OwnDoor()
    run(Sender([door], QUICK), settled(450))
    assert states() == {"accepted": 450}
    assert len({parcel.id for parcel in door.sent}) == len(door.sent) == 450
    assert len(door.settled) == 450
    assert {(row.attempts, row.claim) for row in ledger()} == {(1, None)}
    assert door.closed


def test_two_senders_share_the_work(database: Engine) -> None:
    queue(300)
    first, second = OwnDoor(), OwnDoor()

    async def both() -> None:
        senders = [Sender([first], QUICK), Sender([second], QUICK)]
        working = [asyncio.create_task(sender.run()) for sender in senders]
        async with asyncio.timeout(15):
            while not settled(300)():
                await asyncio.sleep(0.01)
            for sender in senders:
                sender.stop()
            await asyncio.gather(*working)

    asyncio.run(both())
    assert len({p.id for p in first.sent + second.sent}) == len(first.sent) + len(second.sent) == 300


def test_nothing_is_sent_of_a_transaction_that_rolls_back(database: Engine) -> None:
    door = OwnDoor()

    def fail() -> None:
        with db.writing() as session:
            make_deliveries(session, 3)
            raise RuntimeError

    async def fail_then_queue() -> None:
        with pytest.raises(RuntimeError):
            await asyncio.to_thread(fail)
        await asyncio.to_thread(queue, 1, host="after")

    run(Sender([door], QUICK), settled(1), fail_then_queue)
    assert [parcel.host for parcel in door.sent] == ["after"]


def test_what_is_queued_while_it_works_goes_out(database: Engine) -> None:
    door = OwnDoor()
    run(Sender([door], QUICK), settled(5), lambda: asyncio.to_thread(queue, 5))
    assert states() == {"accepted": 5}


def test_on_postgresql_a_commit_calls_the_sender(database: Engine) -> None:
    if database.dialect.name != "postgresql":
        return
    door, patient = OwnDoor(), Times(look=60.0)

    async def later() -> None:
        await asyncio.sleep(0.3)
        await asyncio.to_thread(queue, 5)

    run(Sender([door], patient), settled(5), later)
    assert states() == {"accepted": 5}


def test_a_retry_waits_and_says_why(database: Engine) -> None:
    queue(host="busy.example")
    before = utcnow()
    door = OwnDoor(lambda _: Outcome(Result.RETRY, "busy", retry_after=120))
    run(Sender([door], QUICK), lambda: bool(door.settled))
    [row] = ledger()
    assert (row.state, row.because, row.attempts) == (DeliveryState.QUEUED, "busy", 1)
    assert row.due_at >= before + timedelta(seconds=120)
    assert len(door.sent) == 1


def test_a_host_that_is_dead_delays_no_other_and_rests(database: Engine) -> None:
    queue(300, host="dead.example")
    queue(60, host="alive.example")
    door = OwnDoor(lambda parcel: DOWN if parcel.host.startswith("dead") else SENT)
    sender = Sender([door], QUICK)
    run(sender, settled(60))
    assert {row.host for row in ledger() if row.state is DeliveryState.ACCEPTED} == {"alive.example"}
    dead = [row for row in ledger() if row.host == "dead.example"]
    assert {row.state for row in dead} == {DeliveryState.QUEUED}
    tried = [row for row in dead if row.attempts]
    assert FEW <= len(tried) < IN_FLIGHT + FEW
    assert {row.because for row in tried} == {"unreachable"}
    assert {row.because for row in dead if not row.attempts} == {""}
    assert sender.hosts["dead.example"].is_suspect


def test_a_host_that_hangs_delays_no_other(database: Engine) -> None:
    queue(200, host="hangs.example", due=utcnow() - timedelta(minutes=1))
    queue(60, host="alive.example")

    async def for_ever() -> Outcome:
        await asyncio.sleep(60)
        return SENT

    door = OwnDoor(lambda parcel: for_ever() if parcel.host.startswith("hangs") else SENT)
    run(Sender([door], QUICK), settled(60))
    assert states()["accepted"] == 60
    assert door.most_under_way["hangs.example"] == IN_FLIGHT


def test_one_probe_ends_a_rest(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.messages.hosts.FIRST_REST", 0.2)
    monkeypatch.setattr("app.messages.retries.POLICIES", {Channel.PUSH: QUICK_RETRIES})
    queue(100)
    answers = iter([DOWN] * (IN_FLIGHT + FEW))
    door = OwnDoor(lambda _: next(answers, SENT))
    sender = Sender([door], QUICK)
    run(sender, settled(100))
    assert states() == {"accepted": 100}
    assert not sender.hosts["push.example"].is_suspect


class _Policy:
    base, longest = 0.01, 0.01


QUICK_RETRIES = _Policy()


def test_a_door_that_raises_stops_nothing(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    queue(20, host="bad.example")
    queue(20)

    def answer(parcel: Parcel) -> Outcome:
        if parcel.host == "bad.example":
            raise KeyError("a fault of ours")
        return SENT

    with caplog.at_level(logging.ERROR):
        run(Sender([OwnDoor(answer)], QUICK), lambda: settled(20)() and states()["sending"] == 0)
    assert states() == {"accepted": 20, "queued": 20}
    assert {row.because for row in ledger() if row.state is DeliveryState.QUEUED} == {"error"}
    assert "a fault of ours" in caplog.text


class Stumbling(OwnDoor):
    """Cannot make one host's parcels ready, nor draw conclusions."""

    def prepare(self, session: Session, parcels: Any, now: Any) -> Any:
        if any(parcel.host == "odd.example" for parcel in parcels):
            raise ValueError("cannot read this one")
        return super().prepare(session, parcels, now)

    def settle(self, session: Session, ended: Any, now: Any) -> None:
        raise ValueError("no conclusions")


def test_one_that_cannot_be_made_ready_keeps_no_other_from_going(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    queue(1, host="odd.example")
    queue(10)
    run(Sender([Stumbling()], QUICK), lambda: settled(10)() and states()["sending"] == 0)
    assert states() == {"accepted": 10, "queued": 1}
    assert "cannot read this one" in caplog.text
    assert "no conclusions" in caplog.text


def test_what_a_door_decides_without_sending_is_recorded(database: Engine) -> None:
    class Reading(OwnDoor):
        def prepare(self, session: Session, parcels: Any, now: Any) -> Any:
            return [(parcel, Outcome(Result.NOT_NEEDED, "read")) for parcel in parcels]

    queue(3)
    door = Reading()
    run(Sender([door], QUICK), settled(3))
    assert [(row.state, row.because, row.attempts) for row in ledger()] == [(DeliveryState.NOT_NEEDED, "read", 0)] * 3
    assert door.sent == []
    assert len(door.settled) == 3


def test_an_attempt_that_never_ends_is_ended(database: Engine) -> None:
    queue()

    async def for_ever() -> Outcome:
        await asyncio.sleep(60)
        return SENT

    times = Times(look=0.02, gather=0.005, attempt=0.05, spare=0.05)
    door = OwnDoor(lambda _: for_ever())
    run(Sender([door], times), lambda: bool(door.settled))
    [row] = ledger()
    assert (row.because, row.attempts, row.state) == ("timeout", 1, DeliveryState.QUEUED)


def test_an_attempt_that_might_outlast_its_claim_is_not_begun(database: Engine) -> None:
    queue()
    door = OwnDoor()
    times = Times(look=0.02, gather=0.005, lease=5, attempt=10)
    run(Sender([door], times), lambda: bool(ledger()[0].due_at > utcnow()) or bool(door.sent))
    [row] = ledger()
    assert (row.state, row.attempts) == (DeliveryState.QUEUED, 0)
    assert door.sent == []


def test_told_to_stop_it_finishes_what_is_under_way_and_gives_the_rest_back(database: Engine) -> None:
    queue(150)
    go = asyncio.Event()

    async def wait() -> Outcome:
        await go.wait()
        return SENT

    door = OwnDoor(lambda _: wait())
    sender = Sender([door], Times(look=0.02, gather=0.005, grace=5))

    async def main() -> None:
        working = asyncio.create_task(sender.run())
        async with asyncio.timeout(15):
            while len(door.sent) < IN_FLIGHT:
                await asyncio.sleep(0.01)
            sender.stop()
            while states()["queued"] < 150 - IN_FLIGHT:
                await asyncio.sleep(0.01)
            go.set()
            await working

    asyncio.run(main())
    assert states() == {"accepted": IN_FLIGHT, "queued": 150 - IN_FLIGHT}
    assert {row.due_at <= utcnow() for row in ledger() if row.state is DeliveryState.QUEUED} == {True}
    assert {row.attempts for row in ledger() if row.state is DeliveryState.QUEUED} == {0}


def test_told_to_stop_it_does_not_wait_for_ever(database: Engine) -> None:
    queue(5)

    async def for_ever() -> Outcome:
        await asyncio.sleep(60)
        return SENT

    door = OwnDoor(lambda _: for_ever())
    run(Sender([door], QUICK), lambda: len(door.sent) == 5)
    assert states() == {"queued": 5}
    assert {(row.attempts, row.claim) for row in ledger()} == {(0, None)}


def test_a_busy_database_loses_no_outcome(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(20)
    real, fails = batches.write, iter([True, True])

    def write(*arguments: Any) -> None:
        if next(fails, False):
            raise ConnectionError("not now")
        real(*arguments)

    monkeypatch.setattr(batches, "write", write)
    door = OwnDoor()
    run(Sender([door], QUICK), settled(20))
    assert states() == {"accepted": 20}
    assert len(door.sent) == 20


def test_a_receipt_that_cannot_be_stored_spoils_no_other(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    if database.dialect.name != "postgresql":
        return  # SQLite stores anything
    queue(1, host="odd.example")
    queue(10)
    door = OwnDoor(lambda parcel: Outcome(Result.ACCEPTED, receipt="a\0b" if parcel.host == "odd.example" else "fine"))
    run(Sender([door], QUICK), settled(10))
    assert states() == {"accepted": 10, "sending": 1}, "its claim runs out, and it is tried again until its time is up"


def test_at_night_a_phone_is_left_in_peace_and_no_attempt_counted(session: Session) -> None:
    night = datetime(2026, 11, 25, 23, 30, tzinfo=SHANGHAI)
    make_deliveries(session, due=night.astimezone(UTC), kind="item_accepted", because="busy", attempts=1)
    session.commit()
    door = OwnDoor()
    taken = batches.take({Channel.PUSH: door}, [], 10, night, 20)
    assert taken.ready == []
    [back] = taken.backs
    assert back.due_at == datetime(2026, 11, 26, 7, tzinfo=SHANGHAI)
    batches.write({Channel.PUSH: door}, [], taken.backs, night, dice())
    [row] = ledger()
    assert (row.state, row.attempts, row.because, row.due_at) == (DeliveryState.QUEUED, 1, "busy", back.due_at)
