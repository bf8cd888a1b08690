"""Pages of documents for their owner: the pictures, the way to send a file without script, preview and removal."""

from typing import Annotated, Any
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import Form, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.cookies import safe_next
from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident, find_phone
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, BadInput, RealNameNeeded, SignInNeeded
from app.core.unit import Opened, router
from app.core.web import error_response, redirect, render, wants_json

from . import service, viewing
from .checks import MOST_BYTES, too_large
from .errors import NoFile
from .metadata import MATERIAL, MOST_PAGE
from .queries import owned

routes = router()
MOST_FIELDS = 8
#: Files that are checked at a time: a check takes seconds, and the pages need the other threads.
_receiving = CapacityLimiter(4)
Back = Annotated[str, Query(alias="next", max_length=400)]
Next = Annotated[str, Form(alias="next", max_length=400)]


class Slot(BaseModel):
    """Which page of which material a file is for."""

    material: Annotated[str, Field(pattern=MATERIAL)]
    page: Annotated[int, Field(ge=1, le=MOST_PAGE)]


@routes.get("/documents/{document_id}/pages/{number}")
def picture(
    unit: Opened, resident: CurrentResident, document_id: UUID, number: int, thumb: Annotated[bool, Query()] = False
) -> Response:
    """A page of one's own document, as everybody sees it."""
    row = owned(unit.session, resident.party, document_id)
    return viewing.rendition_response(row.id, number, thumb=thumb)


@routes.get("/documents/{document_id}/original")
def original(unit: Opened, resident: CurrentResident, document_id: UUID) -> Response:
    """One's own file as it was sent, to be saved."""
    row = owned(unit.session, resident.party, document_id)
    return viewing.original_response(unit.session, row.id)


@routes.post("/drafts/{draft_id}/documents")
async def send(request: Request, draft_id: UUID) -> Response:
    """Take a file the plain way (multipart: material, page, file, next) and go back to the form.

    A refusal is a page of its own with the way back and another try; the form's answers are not touched by it.
    """
    owner = await to_thread.run_sync(_owner, request)
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        back = safe_next(str(form.get("next") or "/"))
        try:
            slot = Slot.model_validate({"material": form.get("material"), "page": form.get("page")})
        except ValidationError as error:
            raise BadInput(", ".join(str(e["loc"][0]) for e in error.errors())) from None
        try:
            filename, body = await _file_of(form.get("file"))
            place = service.Place(owner.person_id, draft_id, slot.material, slot.page, owner.enterprise_id)
            await to_thread.run_sync(service.receive, place, filename, body, utcnow(), limiter=_receiving)
        except AppError as refused:
            return _refused(request, refused, {"draft_id": draft_id, "slot": slot, "back": back})
    return redirect(back)


def _owner(request: Request) -> Party:
    """Who is sending: asked before a byte of the file is read."""
    with db.reading() as session:
        phone = find_phone(session, request, utcnow())
    if phone is None:
        raise SignInNeeded
    if phone.resident is None:
        raise RealNameNeeded
    return phone.resident.party


async def _file_of(field: object) -> tuple[str, bytes]:
    if not isinstance(field, UploadFile) or not field.size:
        raise NoFile
    if field.size > MOST_BYTES:
        raise too_large()
    return field.filename or "", await field.read()


def _refused(request: Request, error: AppError, context: dict[str, Any]) -> Response:
    if wants_json(request):
        return error_response(request, error)
    return render(request, "documents/refused.html", {"error": error, **context}, status=error.status)


@routes.get("/drafts/{draft_id}/documents/{document_id}")
def preview(
    unit: Opened,
    resident: CurrentResident,
    draft_id: UUID,
    document_id: UUID,
    way: Annotated[str, Query(alias="next", max_length=400)] = "/drafts",
) -> Response:
    """One file of a draft, large: look, take again, delete."""
    row = owned(unit.session, resident.party, document_id)
    context = {"document": row, "draft_id": draft_id, "back": safe_next(way)}
    return render(unit.request, "documents/preview.html", context)


@routes.post("/drafts/{draft_id}/documents/{document_id}/removal")
def removal(unit: Opened, resident: CurrentResident, draft_id: UUID, document_id: UUID, way: Next = "/drafts") -> Response:
    """Delete a file of a draft, for good in seven days."""
    service.remove(unit.session, resident.party, draft_id, document_id, unit.now)
    return redirect(safe_next(way))
