"""Keys of the installation: field encryption (AES-256-GCM with a key id), blind index (HMAC-SHA256), receipts (Ed25519).

The key file is made at first start with mode 0600 in the data directory. Keys are added by `linban keys rotate` and never
removed while something is sealed with them. It also holds the keys of web push (push_keys.py).
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .settings import settings

NONCE = 12
KEY_ID = 4


class Sealed(ValueError):
    """A sealed value could not be opened: wrong key, wrong place or changed bytes."""


@dataclass(frozen=True)
class Keyring:
    """All keys: `current` names the one that seals; older ones still open, newer ones are fetched when they are met."""

    current: str
    sealing: dict[str, bytes]
    index: bytes
    signing: bytes
    path: Path | None = None

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for a place (table.column, or a blob's name): key id (4 bytes), nonce (12), ciphertext and tag."""
        nonce = secrets.token_bytes(NONCE)
        kid = self.current.encode()
        return kid + nonce + _cipher(self.sealing[self.current]).encrypt(nonce, plain, place.encode() + kid)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for the same place; raises Sealed."""
        kid, nonce = sealed[:KEY_ID], sealed[KEY_ID : KEY_ID + NONCE]
        key = self._key(kid.decode("ascii", "replace"))
        if key is None:
            raise Sealed(f"no key for {place}")
        try:
            return _cipher(key).decrypt(nonce, sealed[KEY_ID + NONCE :], place.encode() + kid)
        except Exception as error:
            raise Sealed(f"cannot open {place}") from error

    def _key(self, kid: str) -> bytes | None:
        """The key of an id; one that another process added since we started is read from the file."""
        if kid not in self.sealing and self.path is not None and self.path.exists():
            self.sealing.update(_load(self.path).sealing)
        return self.sealing.get(kid)

    def blind(self, kind: str, value: str) -> str:
        """A keyed fingerprint for exact search: 64 hex digits, equal only for equal kind and value."""
        return hmac.new(self.index, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()

    def sign(self, message: bytes) -> str:
        """An Ed25519 signature (RFC 8032), base64url without padding."""
        raw = Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @property
    def public_key(self) -> str:
        """The published key for receipts: 32 bytes, base64url without padding."""
        raw = Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@lru_cache(64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def verify(public_key: str, message: bytes, signature: str) -> bool:
    """Whether a base64url signature over the message was made with the key's private half."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_unbase64(public_key))
        key.verify(_unbase64(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _fresh() -> dict[str, Any]:
    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {"current": "k001", "sealing": {"k001": key()}, "index": key(), "signing": key()}


def content(path: Path) -> dict[str, Any]:
    """What the key file holds."""
    held: dict[str, Any] = json.loads(path.read_text())
    return held


def _load(path: Path) -> Keyring:
    raw = content(path)
    sealing = {kid: base64.b64decode(key) for kid, key in raw["sealing"].items()}
    return Keyring(raw["current"], sealing, base64.b64decode(raw["index"]), base64.b64decode(raw["signing"]), path)


def _write_new(path: Path, raw: dict[str, Any]) -> None:
    """Publish a whole key file at once; when two processes start together the first one wins."""
    draft = _durable(path, raw)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(path.parent)


def _durable(path: Path, raw: dict[str, Any]) -> Path:
    """The key file's next content beside it, mode 0600, on the disk before anything points to it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(raw, file)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    """Make a new name in a folder durable: losing the keys means losing every answer."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file() -> Path:
    """The key file of this installation; made at first use."""
    path = settings().data_dir / "keys.json"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(path, _fresh())
    return path


def change(edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the key file, one process after the other: `edit` is given what it holds now. Readers see all of it or nothing."""
    path = file()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # given back when the folder is closed, or the process dies
        raw = content(path)
        edit(raw)
        _durable(path, raw).replace(path)
        os.fsync(folder)
    finally:
        os.close(folder)


@cache
def keyring() -> Keyring:
    """The keys of this installation; made at first use."""
    return _load(file())


def rotate() -> str:
    """Add a sealing key and make it current; gives its id. Old values stay readable, new ones use the new key.

    Running processes go on sealing with the key they know until they restart, and read the new one when they meet it.
    """

    def add(raw: dict[str, Any]) -> None:
        kid = f"k{max(int(known[1:]) for known in raw['sealing']) + 1:03d}"
        raw["sealing"][kid] = base64.b64encode(secrets.token_bytes(32)).decode()
        raw["current"] = kid

    change(add)
    keyring.cache_clear()
    return keyring().current
