"""Installations that several processes of their own share with a test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import databases

SERVE = [sys.executable, "-m", "tests.bench.served"]


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """A database of this test's own on either engine, which its server processes and the test share."""
    template, data = tmp_path / "template", tmp_path / "data"
    template.mkdir()
    data.mkdir()
    with (
        databases.make_templates(template, request.param) as made,
        made.copy(data) as url,
        pytest.MonkeyPatch.context() as patch,  # within the others, so that it is undone before theirs
    ):
        (data / "keys.json").write_bytes(made.keys.read_bytes())
        patch.setenv("DATA_DIR", str(data))
        patch.setenv("DATABASE_URL", url)
        databases.forget()
        yield
        databases.forget()


@contextmanager
def served() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server process of its own; killed at the end if it still lives."""
    process = subprocess.Popen(SERVE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ.copy())
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
