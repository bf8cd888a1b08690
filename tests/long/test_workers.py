"""One of three workers is killed with SIGKILL while they push, again and again: everything is sent again within 30 seconds, and
every delivery stands once in the ledger.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from app.core import db
from app.core.clock import utcnow
from app.messages.models import Delivery, DeliveryState
from app.messages.payloads import topic
from tests.messages.queued import Phone, ledger, make_deliveries, make_phones, states
from tests.support import databases
from tests.support.push_service import PushService, serving

pytestmark = pytest.mark.long
KILLS, PHONES, BURST, WITHIN = 5, 20, 1_200, 30.0
LIVE = (DeliveryState.QUEUED, DeliveryState.SENDING)
Process = subprocess.Popen[bytes]


@pytest.fixture
def service(installation: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service that our workers may reach."""
    with serving(tmp_path / "push") as running:
        monkeypatch.setenv("PUSH_TEST_CA", str(running.ca))
        databases.forget_settings()
        yield running


def start() -> Process:
    return subprocess.Popen([sys.executable, "-m", "app.worker"], stderr=subprocess.DEVNULL, env=os.environ.copy())


@contextmanager
def three_workers() -> Iterator[list[Process]]:
    """The real worker in three processes; they end with the test."""
    workers = [start() for _ in range(3)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            try:
                worker.wait(15)
            finally:
                worker.kill()


def burst(phones: list[Phone]) -> None:
    """More than a worker takes at once."""
    with db.writing() as session:
        for phone in phones:
            make_deliveries(session, BURST // len(phones), host="localhost", person=phone.person, target=phone.id)


def left(queued_until: datetime) -> int:
    """How many deliveries of that time have not ended."""
    with db.reading() as session:
        live = select(func.count()).where(col(Delivery.state).in_(LIVE), col(Delivery.queued_at) <= queued_until)
        return session.exec(live).one()


def wait_for_all(queued_until: datetime, most: float) -> float:
    """Seconds until none of that time is left."""
    begin = time.monotonic()
    while left(queued_until):
        assert time.monotonic() - begin < most, f"{left(queued_until)} deliveries are still not sent"
        time.sleep(0.1)
    return time.monotonic() - begin


def kill_one(workers: list[Process], chance: random.Random) -> None:
    """Kill any of them, and start another in its place."""
    victim = chance.randrange(len(workers))
    workers[victim].send_signal(signal.SIGKILL)
    workers[victim].wait()
    workers[victim] = start()


def assert_pushed_once_or_replaced(service: PushService) -> None:
    """Every message came; what came twice bears the same topic and went to the same phone, which shows it once."""
    rows = ledger()
    wanted = {topic(row.message_id): row.target.hex for row in rows}
    came = defaultdict(set)
    for pushed in service.pushed:
        came[pushed.headers["topic"]].add(pushed.device)
    assert {name: {device} for name, device in wanted.items()} == came
    assert len(wanted) == len(rows), "a message has two deliveries"


def test_what_a_killed_worker_held_is_sent_by_others(service: PushService) -> None:
    chance = random.Random(20261125)  # noqa: S311 - moments, not secrets
    with db.writing() as session:
        phones = make_phones(session, PHONES, service.base)
    rescued = []
    with three_workers() as workers:
        burst(phones)
        wait_for_all(utcnow(), 60)
        for _ in range(KILLS):
            burst(phones)
            time.sleep(chance.uniform(0.1, 0.7))  # the moment of the kill is the point of the test
            kill_one(workers, chance)
            rescued.append(wait_for_all(utcnow(), WITHIN))
    assert states() == {"accepted": (KILLS + 1) * BURST}
    assert max(rescued) > 10, "no kill hit a worker with something in its hands"
    assert_pushed_once_or_replaced(service)
    print(f"\nredelivered after {[round(seconds, 1) for seconds in rescued]} s; pushed {len(service.pushed)} times")  # noqa: T201


def test_told_to_end_a_worker_leaves_nothing_behind(service: PushService) -> None:
    with db.writing() as session:
        phones = make_phones(session, PHONES, service.base)
    with three_workers() as workers:
        burst(phones)
        wait_for_all(utcnow(), 60)
        burst(phones)
        for worker in workers[:2]:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(20) for worker in workers[:2]] == [0, 0]
        wait_for_all(utcnow(), 30)
    assert states() == {"accepted": 2 * BURST}
    assert len(service.pushed) == 2 * BURST, "a clean end sends nothing twice"
