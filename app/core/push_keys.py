"""Keys by which push services know us (VAPID, RFC 8292): P-256, kept in keys.json; old ones go on signing.

A browser subscribes with one public key and takes messages of its private half alone. A new key is therefore for new
subscriptions; a phone meets it when it is next opened, and what was made with an old one works until then.
"""

import base64
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import crypto


@dataclass(frozen=True)
class PushKeys:
    """All keys by their ids; `current` is for new subscriptions."""

    current: str
    known: dict[str, ec.EllipticCurvePrivateKey]

    def public(self, key_id: str) -> str:
        """The public half as browsers want it: the uncompressed point, 65 bytes, base64url without padding."""
        point = self.known[key_id].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")


def push_keys() -> PushKeys:
    """The keys as they are in the file now, so that a rotation needs no restart; made when there are none yet."""
    path = crypto.file()
    found = _read(path, _stamp(path))
    if found is None:
        crypto.change(_make_first)
        found = _read(path, _stamp(path))
    if found is None:
        raise RuntimeError("keys.json holds no key of web push")
    return found


def rotate() -> str:
    """Add a key for new subscriptions; gives its id."""
    push_keys()
    crypto.change(_add)
    return push_keys().current


def _stamp(path: Path) -> tuple[int, int]:
    """Another one whenever the file was replaced."""
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_ino


@lru_cache(4)
def _read(path: Path, _stamp: tuple[int, int]) -> PushKeys | None:
    raw = crypto.content(path).get("push")
    if raw is None:
        return None
    return PushKeys(raw["current"], {kid: _private(base64.b64decode(key)) for kid, key in raw["keys"].items()})


def _private(raw: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


def _make_first(raw: dict[str, Any]) -> None:
    """Another process may have been first: then its key is ours."""
    if "push" not in raw:
        _add(raw)


def _add(raw: dict[str, Any]) -> None:
    kept = raw.setdefault("push", {"current": "", "keys": {}})
    kid = f"p{max((int(known[1:]) for known in kept['keys']), default=0) + 1:03d}"
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    kept["keys"][kid] = base64.b64encode(number.to_bytes(32, "big")).decode()
    kept["current"] = kid
