"""Enterprises over the public API: ask the register for whom I may act, and choose for whom this session acts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import JSONResponse, Response

from app.core import db
from app.core.clock import utcnow
from app.core.errors import BadInput
from app.core.unit import router

from . import enterprises, enterprises_asked
from .sessions import resident_of

routes = router("/api")
PERSONAL = {"Cache-Control": "no-store"}


class ActingBody(BaseModel):
    """The enterprise for which this session acts from now on; null for the person themself."""

    model_config = ConfigDict(extra="forbid")
    enterprise: UUID | None


async def _body(request: Request) -> bytes:
    return await request.body()


#: Read as it came: a stranger is turned away before anything is said about what they sent.
Raw = Annotated[bytes, Depends(_body)]


@routes.post("/me/enterprises")
def ask(request: Request) -> Response:
    """Ask the register; gives the enterprises for which I may act now."""
    resident = resident_of(request, utcnow())
    enterprises_asked.ask(resident.person_id)
    with db.reading() as session:
        rows = enterprises.bound(session, resident.person_id)
    told = [
        {
            "id": str(b.id), "name": b.name, "credit_code": b.credit_code, "kind": b.kind, "role": b.role,
            "checked_at": b.checked_at.isoformat(),
        }
        for b in rows
    ]  # fmt: skip
    return JSONResponse({"enterprises": told}, headers=PERSONAL)


BODY = {"required": True, "content": {"application/json": {"schema": ActingBody.model_json_schema()}}}


@routes.put("/me/acting", openapi_extra={"requestBody": BODY})
def act(request: Request, raw: Raw) -> Response:
    """Choose for whom this session acts; `checked_at` is what the register's word rests on, `silent` when it gave none now."""
    resident = resident_of(request, utcnow())
    try:
        body = ActingBody.model_validate_json(raw)
    except ValidationError:
        raise BadInput("enterprise") from None
    standing = enterprises_asked.standing(resident.person_id, body.enterprise) if body.enterprise else None
    with db.writing() as session:
        enterprises.act(session, resident.session_id, resident.person_id, body.enterprise)
    told = {
        "acting": str(body.enterprise) if body.enterprise else None, "silent": bool(standing and standing.silent),
        "checked_at": standing.bound.checked_at.isoformat() if standing else None,
    }  # fmt: skip
    return JSONResponse(told, headers=PERSONAL)
