"""Field encryption, key rotation, the blind index and signatures."""

import json
import stat
from pathlib import Path

import pytest

from app.core import crypto
from app.core.crypto import Sealed, keyring
from app.core.settings import settings


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.cache_clear()
    keyring.cache_clear()
    yield tmp_path / "keys.json"
    settings.cache_clear()
    keyring.cache_clear()


def test_what_is_sealed_opens_only_at_its_place(keys: Path) -> None:
    sealed = keyring().seal("王晓兰".encode(), "person.name")
    assert keyring().open(sealed, "person.name").decode() == "王晓兰"
    with pytest.raises(Sealed):
        keyring().open(sealed, "person.id_number")


def test_a_changed_byte_is_noticed(keys: Path) -> None:
    sealed = bytearray(keyring().seal(b"320507", "person.id_number"))
    for place in (0, 5, len(sealed) - 1):
        changed = bytes(sealed[:place]) + bytes([sealed[place] ^ 1]) + bytes(sealed[place + 1 :])
        with pytest.raises(Sealed):
            keyring().open(changed, "person.id_number")


def test_the_same_text_is_never_sealed_alike(keys: Path) -> None:
    assert keyring().seal(b"x", "p") != keyring().seal(b"x", "p")


def test_the_key_file_is_readable_by_its_owner_alone(keys: Path) -> None:
    keyring()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    crypto.rotate()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [p.name for p in keys.parent.iterdir()] == ["keys.json"]


def test_old_values_open_after_a_rotation_and_new_ones_name_the_new_key(keys: Path) -> None:
    old = keyring().seal(b"old", "p")
    assert crypto.rotate() == "k002"
    new = keyring().seal(b"new", "p")
    assert (old[:4], new[:4]) == (b"k001", b"k002")
    assert (keyring().open(old, "p"), keyring().open(new, "p")) == (b"old", b"new")


def test_a_process_that_runs_on_opens_what_another_sealed_with_a_newer_key(keys: Path) -> None:
    running = keyring()
    crypto.rotate()
    sealed = keyring().seal(b"by a newer process", "p")
    assert running.current == "k001"
    assert running.open(sealed, "p") == b"by a newer process"


def test_a_value_of_an_unknown_key_stays_sealed(keys: Path) -> None:
    with pytest.raises(Sealed):
        keyring().open(b"k999" + keyring().seal(b"x", "p")[4:], "p")


def test_two_processes_that_start_together_use_one_key(keys: Path) -> None:
    crypto._write_new(keys, crypto._fresh())
    first = json.loads(keys.read_text())
    crypto._write_new(keys, crypto._fresh())
    assert json.loads(keys.read_text()) == first


def test_the_blind_index_tells_kinds_apart_and_says_nothing_of_the_value(keys: Path) -> None:
    index = keyring().blind("phone", "13800006021")
    assert index == keyring().blind("phone", "13800006021")
    assert index != keyring().blind("name", "13800006021")
    assert len(index) == 64
    assert "13800006021" not in index


def test_a_signature_holds_for_its_message_alone(keys: Path) -> None:
    signature = keyring().sign(b"receipt")
    assert crypto.verify(keyring().public_key, b"receipt", signature)
    assert not crypto.verify(keyring().public_key, b"receipt!", signature)
    assert not crypto.verify(keyring().public_key, b"receipt", "AAAA")
    assert not crypto.verify("not a key", b"receipt", signature)


def test_nobody_else_on_the_machine_looks_into_the_folder_of_the_data(
    tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    keyring()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
