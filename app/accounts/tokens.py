"""Session tokens and one-time codes: random, and stored only as SHA-256."""

import hashlib
import secrets
from uuid import UUID

COOKIE = "linban_session"
STAFF_COOKIE = "linban_desk"
STAFF_DOOR_COOKIE = "linban_desk_door"
RECOVERY_COOKIE = "linban_desk_codes"
REQUEST_COOKIE = "linban_sign_in"


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(token: str) -> str:
    """What the database keeps of a token: 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def reader_mark(who: UUID, session_id: UUID) -> str:
    """By what the phone's own scripts tell readers and sessions apart: hashes of both, no ids; "person.session"."""
    return ".".join(hashlib.sha256(one.bytes).hexdigest()[:12] for one in (who, session_id))
