"""Browsers say where they can be pushed to, for the session in which they say it: residents, and staff at the desk."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.accounts.officers import CurrentOfficer, Officer
from app.accounts.sessions import CurrentResident, Resident
from app.core.errors import BadInput, NotFound
from app.core.push_keys import push_keys
from app.core.unit import Opened, router

from . import subscriptions
from .subscriptions import Owner, SubscriptionBody

routes = router("/api")
pages = router()
MOST_BYTES = 4096
BODY = {"required": True, "content": {"application/json": {"schema": SubscriptionBody.model_json_schema()}}}


async def _body(request: Request) -> bytes:
    return await request.body()


#: Read as it came: a stranger is turned away before anything is said about what they sent.
Raw = Annotated[bytes, Depends(_body)]


def _read(raw: bytes) -> SubscriptionBody:
    """Raises BadInput that names the fields, never what they held: an endpoint is a key to a phone."""
    try:
        return SubscriptionBody.model_validate_json(raw[: MOST_BYTES + 1])
    except ValidationError as error:
        fields = {str(found["loc"][0]) if found["loc"] else "body" for found in error.errors(include_input=False)}
        raise BadInput(", ".join(sorted(fields))) from None


def _of_person(resident: Resident) -> Owner:
    return Owner(resident.session_id, person_id=resident.person_id)


def _of_staff(officer: Officer) -> Owner:
    return Owner(officer.session_id, staff_id=officer.staff_id)


@pages.get("/push/key")
def key() -> Response:
    """Our public key for new subscriptions, and its id; a minute old at most, so that a rotation arrives soon."""
    keys = push_keys()
    told = {"id": keys.current, "key": keys.public(keys.current)}
    return JSONResponse(told, headers={"Cache-Control": "public, max-age=60"})


@routes.put("/push-subscriptions/{subscription_id}", status_code=204, openapi_extra={"requestBody": BODY})
def put(unit: Opened, resident: CurrentResident, subscription_id: UUID, raw: Raw) -> Response:
    """Take this browser in, or in again: 204. The same id or endpoint of before is replaced, whoever's it was."""
    subscriptions.put(unit.session, _of_person(resident), subscription_id, _read(raw), unit.now)
    return Response(status_code=204)


@routes.delete("/push-subscriptions/{subscription_id}", status_code=204)
def drop(unit: Opened, resident: CurrentResident, subscription_id: UUID) -> Response:
    """Forget this browser: 204, also when it is not there."""
    subscriptions.drop(unit.session, _of_person(resident), subscription_id)
    return Response(status_code=204)


@pages.get("/desk/push-subscriptions/{subscription_id}")
def at_desk(unit: Opened, officer: CurrentOfficer, subscription_id: UUID) -> Response:
    """204 when this browser is taken in for this session, so that nothing need be said and recorded again; else 404."""
    if not subscriptions.is_there(unit.session, _of_staff(officer), subscription_id):
        raise NotFound
    return Response(status_code=204)


@pages.put("/desk/push-subscriptions/{subscription_id}")
def put_at_desk(unit: Opened, officer: CurrentOfficer, subscription_id: UUID, raw: Raw) -> Response:
    """The same for a member of staff; it is recorded, as every act of theirs."""
    subscriptions.put(unit.session, _of_staff(officer), subscription_id, _read(raw), unit.now)
    return Response(status_code=204)


@pages.delete("/desk/push-subscriptions/{subscription_id}")
def drop_at_desk(unit: Opened, officer: CurrentOfficer, subscription_id: UUID) -> Response:
    """Forget this browser of the desk."""
    subscriptions.drop(unit.session, _of_staff(officer), subscription_id)
    return Response(status_code=204)
