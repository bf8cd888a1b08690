"""What happened, append-only: each event's digest covers its predecessor's, so that a changed past is found."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import func
from sqlmodel import Session, col, select

from .models import CaseEvent
from .states import Actor

START = "0" * 64


def digest_of(event: CaseEvent) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of an event and its predecessor's digest."""
    body = {
        "case": str(event.case_id), "sequence": event.sequence, "kind": event.kind, "item": event.item_id,
        "actor": event.actor, "actor_id": str(event.actor_id) if event.actor_id else None, "data": event.data,
        "at": event.at.isoformat(), "previous": event.previous,
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


def last_of(session: Session, case_id: UUID) -> tuple[int, str]:
    """Sequence and digest of the newest event of a case; (0, zeros) before the first."""
    newest = select(CaseEvent.sequence, CaseEvent.digest).where(CaseEvent.case_id == case_id)
    row = session.exec(newest.order_by(col(CaseEvent.sequence).desc()).limit(1)).first()
    return (row[0], row[1]) if row else (0, START)


def append(
    session: Session,
    case_id: UUID,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    item_id: str | None = None,
    actor_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    """Add one event to the chain; `data` holds codes and dates only, never personal data."""
    sequence, previous = last_of(session, case_id)
    event = CaseEvent(
        case_id=case_id, sequence=sequence + 1, kind=kind, item_id=item_id, actor=actor.value, actor_id=actor_id,
        data=data or {}, at=now, previous=previous, digest="",
    )  # fmt: skip
    event.digest = digest_of(event)
    session.add(event)
    session.flush()
    return event


def broken(session: Session) -> list[tuple[UUID, int]]:
    """(case, sequence) of every event whose digest, order or link does not hold; empty when all is well."""
    found: list[tuple[UUID, int]] = []
    before: CaseEvent | None = None
    for event in session.exec(select(CaseEvent).order_by(col(CaseEvent.case_id), col(CaseEvent.sequence))):
        same = before is not None and before.case_id == event.case_id
        expected = (before.sequence + 1, before.digest) if same and before else (1, START)
        if (event.sequence, event.previous) != expected or digest_of(event) != event.digest:
            found.append((event.case_id, event.sequence))
        before = event
    return found


def count(session: Session, case_id: UUID) -> int:
    """How many events a case has."""
    return session.exec(select(func.count()).where(CaseEvent.case_id == case_id)).one()
