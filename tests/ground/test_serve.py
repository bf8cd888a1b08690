"""`make run` without make: three real processes under one command."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import Engine

from app import local_ca, serve
from app.core.settings import settings

ROOT = Path(__file__).parents[2]


def free_ports() -> int:
    """A port whose successor is free too."""
    for _ in range(50):
        with closing(socket.socket()) as first, closing(socket.socket()) as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no two free ports")


class Run:
    """A running `linban run`."""

    def __init__(self, data: Path, **extra: str) -> None:
        self.port = free_ports()
        here = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=here | {"DATA_DIR": str(data), "PORT": str(self.port)} | extra,
        )  # fmt: skip

    def ready(self) -> str:
        """Everything printed up to the last line of the banner; returns as soon as both ports answer."""
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                return said
        raise AssertionError(f"it ended: {said}{self.process.stderr and self.process.stderr.read()}")

    def end(self) -> tuple[int, str]:
        """Wait for the end; the exit code and what was said on stderr."""
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def running(database: Engine, data: Path) -> Iterator[Run]:
    """On the database that this test run is about; its data is there already."""
    run = Run(data, DATABASE_URL=settings().database_url)
    yield run
    if run.process.poll() is None:
        run.process.terminate()
        run.end()


def test_it_serves_says_where_and_ends_cleanly(running: Run) -> None:
    said = running.ready()
    assert f"http://localhost:{running.port}" in said
    for word in ("王晓兰", "msb1", "LinBan-demo-2026", f"http://127.0.0.1:{running.port + 1}/sandbox/phones"):
        assert word in said
    ready = httpx.get(f"http://127.0.0.1:{running.port}/readyz", trust_env=False)
    assert ready.json()["ready"] is True
    assert httpx.get(f"http://127.0.0.1:{running.port + 1}/sandbox/phones", trust_env=False).status_code == 200
    running.process.send_signal(signal.SIGINT)
    assert running.end() == (0, "INFO app.messages.sending sending over: push, sms\n")
    assert not serve.taken("127.0.0.1", running.port)
    assert not serve.taken("127.0.0.1", running.port + 1)


def test_when_one_process_dies_it_says_so_and_stops(running: Run) -> None:
    running.ready()
    children = psutil.Process(running.process.pid).children()
    [worker] = [child.pid for child in children if "app.worker" in child.cmdline()]
    os.kill(worker, signal.SIGKILL)
    code, errors = running.end()
    assert code == 1
    assert "worker ended by itself" in errors


def test_a_taken_port_is_said_at_once(data: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = Run(data, PORT=str(port))
        code, errors = run.end()
    assert code == 2
    assert f"Port {port} is taken" in errors
    assert not data.exists()


def test_with_https_a_phone_that_trusts_the_authority_gets_in(data: Path) -> None:
    run = Run(data, HTTPS="1")
    said = run.ready()
    assert "https://" in said
    assert "█" in said
    trusted = ssl.create_default_context(cafile=str(data / "ca" / "ca.crt"))
    with httpx.Client(verify=trusted, trust_env=False) as client:
        assert client.get(f"https://localhost:{run.port}/healthz").status_code == 200
        given = client.get(f"http://127.0.0.1:{run.port + 1}/sandbox/ca.crt")
    assert given.content == (data / "ca" / "ca.crt").read_bytes()
    run.process.terminate()
    assert run.end()[0] == 0


def test_the_authority_stays_and_the_server_certificate_is_fresh(tmp_path: Path) -> None:
    first = local_ca.prepare(tmp_path, ["192.0.2.7", "localhost"])
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()
    second = local_ca.prepare(tmp_path, ["192.0.2.7", "localhost"])
    assert second.authority.read_bytes() == authority
    assert second.certificate.read_bytes() != certificate
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    assert first.key.stat().st_mode & 0o077 == 0
