"""Drafts and submissions over the public API (docs/api.md); bearer token, or the browser's own session."""

from typing import Any
from uuid import UUID

from starlette.responses import JSONResponse, Response

from app.accounts.enterprises_asked import Agency
from app.accounts.sessions import CurrentResident
from app.core.unit import Opened, router
from app.core.web import page_of

from . import queries, receipts, service
from .submission import submit
from .wire import DraftBody, Raw, SubmissionBody, read, schema

routes = router("/api")
PERSONAL = {"Cache-Control": "no-store"}


def _json(body: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, PERSONAL)


@routes.get("/drafts")
def my_drafts(unit: Opened, resident: CurrentResident) -> Response:
    """My unfinished drafts, last touched first."""
    rows = queries.unfinished(unit.session, resident.party)
    return _json({"drafts": [service.as_json(row) for row in rows]})


@routes.get("/drafts/{draft_id}")
def draft(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """A draft of mine; a submitted one names its case."""
    row = queries.own_draft(unit.session, resident.party, draft_id)
    body = service.as_json(row)
    if row.submitted_at:
        receipt = queries.receipt_of_draft(unit.session, resident.person_id, draft_id)
        body["case"] = receipt.case_number if receipt else None
    return _json(body)


@routes.put("/drafts/{draft_id}", openapi_extra=schema(DraftBody))
def save(unit: Opened, resident: CurrentResident, draft_id: UUID, raw: Raw) -> Response:
    """Save for another device: 200 with the new revision; 409 with the server's copy when the base is old."""
    saved = service.put(unit.session, resident.party, draft_id, read(DraftBody, raw), unit.now)
    answer = {"revision": saved.revision, "saved_at": unit.now.isoformat()}
    return _json(answer)


@routes.delete("/drafts/{draft_id}", status_code=204)
def drop(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Delete an unfinished draft."""
    service.drop(unit.session, resident.party, draft_id, unit.now)
    return Response(status_code=204)


@routes.post("/drafts/{draft_id}/submission", status_code=201, openapi_extra=schema(SubmissionBody))
def submission(agency: Agency, unit: Opened, resident: CurrentResident, draft_id: UUID, raw: Raw) -> Response:
    """Submit: 201 with the receipt; the same again 200 with the same receipt."""
    lang = page_of(unit.request).lang
    body = read(SubmissionBody, raw)
    filed = submit(unit.session, resident.party, draft_id, body, unit.now, lang, agency)
    return _json(receipts.as_given(filed.row.signed), 201 if filed.created else 200)
