"""Looks into the registers over the public API: a phone that was offline asks when it has a network again."""

from typing import Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.accounts.sessions import CurrentResident, Resident, resident_of
from app.catalogue.definition import Edition
from app.core import db
from app.core.clock import utcnow
from app.core.errors import BadInput
from app.core.unit import Opened, router

from . import lookups
from .enquiries import asked_of
from .looks import Looked, Looks
from .lookup_routes import carry_out, opened
from .wire import LookupsBody, Raw, read, schema

routes = router("/api")


def _line(look: Looked, edition: Edition) -> dict[str, Any]:
    return {
        "id": str(look.id), "register": look.key, "outcome": look.outcome, "asked_at": look.asked_at.isoformat(),
        "as_of": look.as_of.isoformat() if look.as_of else None, "answer": look.answer,
        "disputed": look.disputed_at is not None,
        "materials": [m.id for m in edition.service.materials if look.holds_material(m)],
    }  # fmt: skip


def _answer(session: Session, resident: Resident, draft_id: UUID, edition: Edition) -> Response:
    looks: Looks = lookups.of_draft(session, resident.person_id, draft_id)
    body = {
        "asks": [one.key for one in asked_of(edition)],
        "lookups": [_line(look, edition) for look in looks.by_key.values()], "held": sorted(looks.held(edition)),
    }  # fmt: skip
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@routes.get("/drafts/{draft_id}/lookups")
def looks(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Which registers the service asks, and what came of each for this draft."""
    _, edition = opened(unit.session, resident, draft_id)
    return _answer(unit.session, resident, draft_id, edition)


@routes.post("/drafts/{draft_id}/lookups", openapi_extra=schema(LookupsBody))
def look(request: Request, draft_id: UUID, raw: Raw) -> Response:
    """With the person's consent: ask the registers that are named, and answer with what came of each."""
    now = utcnow()
    resident = resident_of(request, now)
    with db.writing() as session:
        _, edition = opened(session, resident, draft_id)
        body = read(LookupsBody, raw)
        if not body.consent:
            raise BadInput("consent")
        asked = lookups.chosen(asked_of(edition), body.registers)
        prepared = lookups.prepare(session, resident, draft_id, edition, asked, now)
    carry_out(prepared)
    with db.reading() as session:
        return _answer(session, resident, draft_id, edition)
