"""The worker's housekeeping."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import worker
from app.accounts import expiry
from app.accounts.models import Budget, SessionRow, SignInCode
from app.core.clock import utcnow
from app.core.ids import new_id
from app.documents.models import Upload
from tests import factories

NOW = utcnow()


def make_code(session: Session, expired_for: timedelta) -> None:
    at = NOW - expired_for
    session.add(SignInCode(number_index="n", request_hash="r", code_hash="c", created_at=at, expires_at=at))


def test_ended_sessions_go_and_living_ones_stay(session: Session) -> None:
    person = factories.make_person(session)
    factories.make_signed_in(session, person, now=NOW - timedelta(days=31))
    factories.make_signed_in(session, person, now=NOW)
    assert expiry.sweep(session, NOW, 100) == 1
    assert len(session.exec(select(SessionRow)).all()) == 1


def test_codes_and_budgets_stay_two_days_for_the_counters(session: Session) -> None:
    make_code(session, timedelta(days=1))
    make_code(session, timedelta(days=3))
    session.add(Budget(purpose="p", subject="s", window=NOW - timedelta(days=3), used=1))
    session.add(Budget(purpose="p", subject="s", window=NOW - timedelta(days=1), used=1))
    session.flush()
    assert expiry.sweep(session, NOW, 100) == 2
    assert len(session.exec(select(SignInCode)).all()) == 1
    assert len(session.exec(select(Budget)).all()) == 1


def test_a_step_is_bounded_and_the_round_goes_on_until_all_is_gone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        make_code(session, timedelta(days=3))
    session.commit()
    assert expiry.sweep(session, NOW, 2) == 2
    session.rollback()
    monkeypatch.setattr(worker, "MOST", 2)
    assert worker.once([expiry.sweep]) == 5
    assert session.exec(select(SignInCode)).all() == []


def test_the_workers_chores_include_uploads_that_nobody_finished(session: Session) -> None:
    person = factories.make_person(session)
    old = NOW - timedelta(days=8)
    session.add(
        Upload(
            owner_id=person.id, draft_id=new_id(), material="birth_cert", page=1, filename="a.jpg", sha256="0" * 64, size=9,
            created_at=old, expires_at=old + timedelta(days=7),
        )
    )  # fmt: skip
    session.commit()
    assert worker.once(worker.CHORES) == 1
    assert session.exec(select(Upload)).all() == []


def test_a_failing_chore_stops_no_other(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("told you")

    make_code(session, timedelta(days=3))
    session.commit()
    with caplog.at_level(logging.ERROR):
        assert worker.once([broken, expiry.sweep]) == 1
    assert "told you" in caplog.text


def test_it_stops_when_told(session: Session) -> None:
    session.rollback()
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop, 3600.0))
    thread.start()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_the_process_ends_cleanly_when_told_to(database: Engine) -> None:
    process = subprocess.Popen([sys.executable, "-m", "app.worker"], stderr=subprocess.PIPE, text=True, env=os.environ.copy())
    try:
        assert process.stderr is not None
        assert "sending over" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
