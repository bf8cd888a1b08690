"""Telling: deliveries claimed by workers without a channel, messages pushed by one worker, and how soon an event is pushed."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlmodel import col, func, select

from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages.models import Delivery, DeliveryState, Preference, SmsWhen
from app.messages.payloads import topic
from app.messages.service import tell
from tests.messages.queued import Phone, make_deliveries, make_phones
from tests.support import databases, postgres
from tests.support.push_service import serving

CLAIMED, WORKERS = 15_000, 3
PHONES, PUSHED = 200, 10_000
HOST = "localhost"
EVENTS, EVENTS_PER_SECOND = 1_000, 100
LIVE = (DeliveryState.QUEUED, DeliveryState.SENDING)


@contextmanager
def installation(url: str = "") -> Iterator[Path]:
    """A migrated and published database of this figure's own; before and after it, this process uses another."""
    from app import operations

    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="linban-telling-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": url, "SANDBOX_URL": "http://127.0.0.1:9"}
        databases.forget()
        try:
            operations.migrate()
            operations.publish()
            yield Path(folder)
        finally:
            os.environ.clear()
            os.environ.update(before)
            databases.forget()


@contextmanager
def process(*command: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A process of our own that is told to end at the end."""
    started = subprocess.Popen(
        [sys.executable, "-m", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | settings
    )
    try:
        yield started
    finally:
        started.terminate()
        started.wait(15)
        for pipe in (started.stdin, started.stdout):
            if pipe:
                pipe.close()


@contextmanager
def worker(**settings: str) -> Iterator[subprocess.Popen[str]]:
    """The real worker, from when it sends."""
    command = [sys.executable, "-m", "app.worker"]
    started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | settings)
    assert started.stderr is not None
    try:
        said = ""
        while "sending over" not in said:
            line = started.stderr.readline()
            said += line
            if not line:
                raise RuntimeError(f"the worker ended: {said}")
        threading.Thread(target=started.stderr.read, daemon=True).start()
        yield started
    finally:
        started.terminate()
        started.wait(15)


def cpu_seconds(started: subprocess.Popen[str]) -> float:
    """What a process has used of the processors so far."""
    times = psutil.Process(started.pid).cpu_times()
    return float(times.user + times.system)


def line_of(started: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert started.stdout is not None
    return started.stdout.readline().strip()


def say_go(started: subprocess.Popen[str]) -> None:
    """Let it begin."""
    assert started.stdin is not None
    started.stdin.write("go\n")
    started.stdin.flush()


def wait_until(done: Callable[[], bool], most: float = 120.0) -> float:
    """Seconds until something is so; looked at now and then, so that looking is not what is measured."""
    start = time.perf_counter()
    while not done():
        if time.perf_counter() - start > most:
            raise RuntimeError("it takes too long")
        time.sleep(0.05)
    return time.perf_counter() - start


def nothing_left() -> bool:
    """Whether every delivery has ended."""
    with db.reading() as session:
        return session.exec(select(Delivery.id).where(col(Delivery.state).in_(LIVE)).limit(1)).first() is None


def accepted() -> int:
    """How many were accepted."""
    with db.reading() as session:
        return session.exec(select(func.count()).where(Delivery.state == DeliveryState.ACCEPTED)).one()


def claims() -> dict[str, Any]:
    """Deliveries a second that three workers on PostgreSQL claim, send nowhere and record."""
    with postgres.running() as admin, installation(postgres.create(admin, "linban_claims")), ExitStack() as stack:
        with db.writing() as session:
            make_deliveries(session, CLAIMED)
        workers = [stack.enter_context(process("tests.bench.idle_worker")) for _ in range(WORKERS)]
        for worker in workers:
            line_of(worker)
        for worker in workers:
            say_go(worker)
        took = wait_until(nothing_left)
        if accepted() != CLAIMED:
            raise RuntimeError("not every delivery was accepted")
    return {"claims_per_second": round(CLAIMED / took)}


@contextmanager
def push_service(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A push service in a process of its own; its address, and the settings that let us reach it."""
    with process("tests.support.push_service", str(folder)) as service:
        yield line_of(service), {"PUSH_TEST_CA": str(folder / "ca.pem")}


def queue(phones: Sequence[Phone], number: int) -> None:
    """As many pushes, in turn to each phone, in one transaction."""
    with db.writing() as session:
        for phone in phones:
            make_deliveries(session, number // len(phones), host=HOST, person=phone.person, target=phone.id)


def pushes() -> dict[str, Any]:
    """Messages a second that one worker on SQLite pushes to a service of our own over TLS, up to the ledger."""
    with installation() as folder, push_service(folder) as (url, settings):
        with db.writing() as session:
            phones = make_phones(session, PHONES, url)
        queue(phones, PHONES)
        with worker(**settings) as sender:
            wait_until(nothing_left)
            queue(phones, PUSHED)
            before = cpu_seconds(sender)
            took = wait_until(nothing_left)
            spent = cpu_seconds(sender) - before
        if accepted() != PUSHED + PHONES:
            raise RuntimeError("not every message was pushed")
    return {"pushes_per_second": round(PUSHED / took), "push_cpu_microseconds": round(spent / PUSHED * 1e6)}


def event(phone: Phone) -> tuple[str, float]:
    """An event that is told to a phone, in a transaction of its own; the topic of its push, and when it was committed."""
    with db.writing() as session:
        params = {"service": "newborn", "item": "psb.birth_reg", "department": "psb"}
        message = tell(session, phone.person.id, new_id(), "261125500018", "item_accepted", params, False, utcnow())
        name = topic(message.id)
    return name, time.time()


def soon() -> dict[str, Any]:
    """Milliseconds from an event's commit to its push at the push service, at 100 events a second."""
    committed: dict[str, float] = {}
    with installation() as folder, serving(folder) as service, worker(PUSH_TEST_CA=str(folder / "ca.pem")):
        with db.writing() as session:
            phones = make_phones(session, PHONES, service.base)
            for phone in phones:  # at any hour, and by push alone
                session.add(
                    Preference(person_id=phone.person.id, sms=SmsWhen.NEVER, quiet_from=0, quiet_to=0, updated_at=utcnow())
                )
        start = time.perf_counter()
        for number in range(EVENTS):
            time.sleep(max(0.0, start + number / EVENTS_PER_SECOND - time.perf_counter()))
            name, at = event(phones[number % PHONES])
            committed[name] = at
        wait_until(nothing_left)
        came = {pushed.headers["topic"]: pushed.at for pushed in reversed(service.pushed)}
    took = sorted((came[name] - at) * 1000 for name, at in committed.items())
    return {"event_to_push_p50_ms": round(took[len(took) // 2]), "event_to_push_p95_ms": round(took[int(len(took) * 0.95)])}


def measure() -> dict[str, Any]:
    """All figures of telling."""
    return claims() | pushes() | soon()
