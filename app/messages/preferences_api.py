"""How I wish to be told, over the public API (docs/api.md): the whole of it, read and replaced."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.accounts.sessions import CurrentResident
from app.core.errors import BadInput
from app.core.unit import Opened, router

from . import preferences
from .preferences import Choice

routes = router("/api")
BODY = {"required": True, "content": {"application/json": {"schema": Choice.model_json_schema()}}}


async def _body(request: Request) -> bytes:
    return await request.body()


#: Read as it came: a stranger is turned away before anything is said about what they sent.
Raw = Annotated[bytes, Depends(_body)]


def _answer(choice: Choice) -> Response:
    body = choice.model_dump(mode="json") | {"muted": sorted(choice.muted)}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@routes.get("/me/notifications")
def wished(unit: Opened, resident: CurrentResident) -> Response:
    """What holds for me now, defaults filled in."""
    return _answer(preferences.chosen(unit.session, resident.person_id))


@routes.put("/me/notifications", openapi_extra={"requestBody": BODY})
def wish(unit: Opened, resident: CurrentResident, raw: Raw) -> Response:
    """Replace all of it; raises OneChannelStays."""
    try:
        choice = Choice.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors()[0]
        raise BadInput(".".join(str(part) for part in found["loc"]) or found["msg"]) from error
    for missing in Choice.model_fields.keys() - choice.model_fields_set:
        raise BadInput(missing)
    preferences.choose(unit.session, resident.person_id, choice, unit.now)
    return _answer(preferences.chosen(unit.session, resident.person_id))
