"""Is it alive, is it ready: for whatever watches an installation. No personal data, no details of what failed."""

import logging
from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app import operations

log = logging.getLogger(__name__)
routes = APIRouter(include_in_schema=False)
NO_STORE = {"Cache-Control": "no-store"}


@routes.get("/healthz")
async def healthz() -> Response:
    """200 while the process answers."""
    return JSONResponse({"process": "ok"}, headers=NO_STORE)


@routes.get("/readyz")
def readyz() -> Response:
    """200 when database, migrations and files are all in order, else 503 that names the part which is not."""
    parts = {
        "database": _holds(operations.database_ready),
        "migrations": _holds(operations.at_head),
        "files": _holds(operations.blobs_ready),
    }
    ready = all(parts.values())
    body = {"ready": ready} | {name: "ok" if good else "failed" for name, good in parts.items()}
    return JSONResponse(body, 200 if ready else 503, NO_STORE)


def _holds(look: Callable[[], bool]) -> bool:
    """Whatever goes wrong while looking is an answer too; the log says what it was."""
    try:
        return look()
    except Exception:
        log.exception("not ready")
        return False
