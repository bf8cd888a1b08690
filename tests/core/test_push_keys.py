"""Keys of web push: made once, kept, added to; several processes at the same time."""

import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app as cli
from app.core import crypto, push_keys
from app.core.crypto import keyring
from app.core.push_keys import push_keys as keys_now
from app.core.settings import settings


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.cache_clear()
    keyring.cache_clear()
    yield tmp_path / "keys.json"
    settings.cache_clear()
    keyring.cache_clear()


def test_they_are_made_at_first_use_and_stay(keys: Path) -> None:
    first = keys_now()
    point = base64.urlsafe_b64decode(first.public(first.current) + "=")
    assert (first.current, len(point), point[0]) == ("p001", 65, 4)
    assert keys_now().public("p001") == first.public("p001")
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


def test_an_older_installation_gets_them_beside_what_it_has(keys: Path) -> None:
    sealed = keyring().seal(b"old", "p")
    before = json.loads(keys.read_text())
    assert "push" not in before
    keys_now()
    after = json.loads(keys.read_text())
    assert {name: after[name] for name in before} == before
    assert keyring().open(sealed, "p") == b"old"
    assert [path.name for path in keys.parent.iterdir()] == ["keys.json"]


def test_a_new_key_is_for_new_subscriptions_and_the_old_one_goes_on(keys: Path) -> None:
    old = keys_now()
    assert push_keys.rotate() == "p002"
    new = keys_now()
    assert (new.current, sorted(new.known)) == ("p002", ["p001", "p002"])
    assert new.public("p001") == old.public("p001") != new.public("p002")


def test_neither_rotation_loses_the_others_keys(keys: Path) -> None:
    keys_now()
    crypto.rotate()
    push_keys.rotate()
    crypto.rotate()
    raw = json.loads(keys.read_text())
    assert sorted(raw["sealing"]) == ["k001", "k002", "k003"]
    assert sorted(raw["push"]["keys"]) == ["p001", "p002"]


def test_processes_that_start_together_agree_on_one_key(keys: Path) -> None:
    code = "from app.core.push_keys import push_keys as k; n = k(); print(n.public(n.current))"
    env = {**os.environ, "DATA_DIR": str(keys.parent)}
    started = [subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE) for _ in range(4)]
    told = {one.communicate()[0].decode() for one in started}
    assert len(told) == 1
    assert told == {keys_now().public("p001") + "\n"}


def test_rotations_at_the_same_time_all_count(keys: Path) -> None:
    keys_now()
    env = {**os.environ, "DATA_DIR": str(keys.parent)}
    code = "from app.core import push_keys; push_keys.rotate()"
    for one in [subprocess.Popen([sys.executable, "-c", code], env=env) for _ in range(3)]:
        assert one.wait() == 0
    assert sorted(keys_now().known) == ["p001", "p002", "p003", "p004"]


def test_a_running_process_sees_a_rotation_by_another_without_a_restart(keys: Path) -> None:
    assert keys_now().current == "p001"
    env = {**os.environ, "DATA_DIR": str(keys.parent)}
    subprocess.run([sys.executable, "-m", "app.cli", "keys", "rotate-push"], env=env, check=True, capture_output=True)
    assert keys_now().current == "p002"


def test_the_command_says_what_happens_now(keys: Path) -> None:
    said = CliRunner().invoke(cli, ["keys", "rotate-push"])
    assert said.exit_code == 0
    assert "p002" in said.output
    assert "keys.json" in said.output
