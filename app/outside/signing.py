"""How we and our SMS gateway sign what we send each other: HMAC-SHA256 over the moment and the body, with one shared secret."""

import hashlib
import hmac
from datetime import datetime, timedelta

TIMESTAMP, SIGNATURE = "Linban-Timestamp", "Linban-Signature"
#: How old a signed request may be, or how far ahead the other side's clock may run.
WINDOW = timedelta(minutes=5)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body sent at a moment (Unix seconds): hex digits."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that sign a body now."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}


def holds(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether a body was signed with the secret within the last minutes; takes the same time for every wrong signature."""
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    right = hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())
    return right and abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()
