"""The public API of the catalogue: which services there are, and an edition's whole definition."""

import json
from functools import lru_cache
from typing import Any

import rfc8785
from starlette.requests import Request
from starlette.responses import Response

from app.core.unit import Opened, router

from . import editions
from .definition import Edition
from .routes import Kept, answer, pack

routes = router("/api")
JSON = "application/json"
HOUR = "public, max-age=3600"


def _line(edition: Edition) -> dict[str, Any]:
    service = edition.service
    texts = {key: getattr(service, key).model_dump() for key in ("title", "situation", "eligibility", "fee")}
    return {
        "id": service.id, "edition": edition.id, "kind": service.kind, "audience": service.audience, "visits": service.visits,
        "items": len(service.items), "events": list(service.events), **texts,
    }  # fmt: skip


@lru_cache(4)
def _catalogue(edition_ids: tuple[str, ...]) -> Kept:
    departments = [d.model_dump(mode="json") for d in editions.departments().values()]
    events = [event.model_dump(mode="json") for event in editions.events().values()]
    lines = [_line(edition) for edition in editions.all_current()]
    return pack(json.dumps({"services": lines, "departments": departments, "events": events}, ensure_ascii=False).encode())


@lru_cache(64)
def _packed(definition: bytes) -> Kept:
    return pack(definition)


@routes.get("/catalogue")
async def catalogue(request: Request) -> Response:
    """Every service with its current edition, the departments that decide, the life events that lead to services."""
    return answer(request, _catalogue(editions.ids()), JSON, HOUR)


@routes.get("/services/{service_id}/editions/{edition_id}")
def definition(request: Request, unit: Opened, service_id: str, edition_id: str) -> Response:
    """The whole definition of an edition: pages, questions, conditions, materials. Raises NotFound, UnknownEdition.

    `closes_at` says until when it may be filed, if that is set; hence the cache is short while the meaning never changes.
    """
    editions.current(service_id)
    found = editions.edition(unit.session, service_id, edition_id)
    reason = found.close_reason.model_dump() if found.close_reason else None
    closing = {"closes_at": found.closes_at.isoformat() if found.closes_at else None, "close_reason": reason}
    body = {**found.service.model_dump(mode="json", exclude_none=True), "edition": found.id, **closing}
    return answer(request, _packed(rfc8785.dumps(body)), JSON, HOUR)
