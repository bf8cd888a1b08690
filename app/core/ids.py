"""Identifiers: UUIDv7 (RFC 9562), ordered by time, made here or on the phone."""

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(int=uuid_utils.uuid7().int)


def is_uuid7(value: UUID) -> bool:
    """Whether a phone's id has the version and variant that RFC 9562 asks for."""
    return value.version == 7


def first_of(moment: datetime) -> UUID:
    """Below every id that is made from this moment on: where a look at the newest rows begins."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
