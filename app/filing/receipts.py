"""收件回执: what it states, how it is signed, and how anybody checks it (Ed25519 over RFC 8785 JSON). Pure."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from app.core.crypto import keyring, verify

VERSION = 1
#: No 0, O, 1, I, L, U: read aloud and typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


@dataclass(frozen=True)
class Signed:
    """A receipt as it is stored: `body` is what was signed; `salt` (hex) is the filer's, to prove the answers."""

    body: dict[str, Any]
    signature: str
    salt: str
    code: str


def digest(value: Any) -> str:
    """SHA-256 over canonical JSON (RFC 8785): 64 hex digits."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def salted(salt: str, answers: Mapping[str, Any]) -> str:
    """SHA-256 over the salt's bytes followed by the canonical JSON of the answers: 64 hex digits."""
    return hashlib.sha256(bytes.fromhex(salt) + rfc8785.dumps(dict(answers))).hexdigest()


def check_code(signature: str) -> str:
    """Twelve characters out of the signature; about 59 bits, so that they cannot be guessed."""
    number = int.from_bytes(hashlib.sha256(signature.encode()).digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def plain_code(text: str) -> str:
    """A check code as typed, without spaces and in capitals; empty when it cannot be one."""
    compact = "".join(text.split()).replace("-", "").upper()
    return compact if len(compact) == CODE_LENGTH and set(compact) <= set(ALPHABET) else ""


def sign(
    case_number: str, received_at: datetime, service: str, edition: str, answers: Mapping[str, Any],
    documents: Sequence[Mapping[str, Any]],
) -> Signed:  # fmt: skip
    """A receipt for what was received; documents carry material, page, sha256 (as received) and size, never a name."""
    salt = secrets.token_hex(16)
    body: dict[str, Any] = {
        "version": VERSION, "case": case_number, "received_at": received_at.isoformat(), "service": service,
        "edition": edition, "answers_sha256": salted(salt, answers),
        "documents": [{k: d[k] for k in ("material", "page", "sha256", "size")} for d in documents],
    }  # fmt: skip
    signature = keyring().sign(rfc8785.dumps(body))
    return Signed(body, signature, salt, check_code(signature))


def as_given(signed: Signed) -> dict[str, Any]:
    """The receipt as the filer gets it: JSON that can be checked offline with the published key."""
    return {
        "receipt": signed.body, "signature": signed.signature, "code": signed.code, "salt": signed.salt,
        "key": keyring().public_key, "algorithm": "Ed25519 over RFC 8785",
    }  # fmt: skip


def genuine(document: object) -> dict[str, Any] | None:
    """The body of a receipt whose signature is ours, or None: changed, made up, or no receipt at all.

    The key named in the document is not trusted: only our own published key counts.
    """
    if not isinstance(document, dict):
        return None
    body, signature = document.get("receipt"), document.get("signature")
    if not isinstance(body, dict) or not isinstance(signature, str) or body.get("version") != VERSION:
        return None
    try:
        message = rfc8785.dumps(body)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        return None
    return body if verify(keyring().public_key, message, signature) else None
