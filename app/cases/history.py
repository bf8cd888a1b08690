"""What happened, append-only: each event's digest covers its predecessor's, so that a changed past is found.

The case keeps the length and the newest digest of its chain, so that a cut-off end is found too.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlmodel import Session, col, select

from .models import Case, CaseEvent
from .states import Actor

START = "0" * 64


def digest_of(event: CaseEvent) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of an event and its predecessor's digest."""
    body: dict[str, Any] = {
        "case": str(event.case_id), "sequence": event.sequence, "kind": event.kind, "item": event.item_id,
        "actor": event.actor, "actor_id": str(event.actor_id) if event.actor_id else None, "data": event.data,
        "at": event.at.isoformat(), "previous": event.previous,
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


def append(
    session: Session,
    case: Case,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    item_id: str | None = None,
    actor_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    """Add one event to the chain of a locked (or new) case; `data` holds codes and dates only, never personal data."""
    event = CaseEvent(
        case_id=case.id, sequence=case.event_count + 1, kind=kind, item_id=item_id, actor=actor.value, actor_id=actor_id,
        data=data or {}, at=now, previous=case.event_head, digest="",
    )  # fmt: skip
    event.digest = digest_of(event)
    case.event_count, case.event_head = event.sequence, event.digest
    session.add(event)
    session.add(case)
    return event


def broken(session: Session) -> list[tuple[UUID, int]]:
    """(case, sequence) of every event whose digest, order or link does not hold; empty when all is well.

    A case whose chain has lost its end, or all of it, is named with the sequence that should have come next.
    """
    found: list[tuple[UUID, int]] = []
    ends: dict[UUID, tuple[int, str]] = {}
    for event in session.exec(select(CaseEvent).order_by(col(CaseEvent.case_id), col(CaseEvent.sequence))):
        count, head = ends.get(event.case_id, (0, START))
        if (event.sequence, event.previous) != (count + 1, head) or digest_of(event) != event.digest:
            found.append((event.case_id, event.sequence))
        ends[event.case_id] = (event.sequence, event.digest)
    for case_id, count, head in session.exec(select(Case.id, Case.event_count, Case.event_head)):
        end = ends.get(case_id, (0, START))
        if end != (count, head):
            found.append((case_id, end[0] + 1))
    return found
