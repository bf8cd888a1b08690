"""Uploads by tus 1.0.0 (creation, expiration) and the list of a draft's documents (shared wire: docs/api.md)."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.accounts.sessions import CurrentResident, find_phone
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, RealNameNeeded, SignInNeeded
from app.core.unit import Opened, router

from . import tus, uploads
from .checks import too_large
from .errors import WrongOffset
from .metadata import read_metadata
from .queries import of_draft
from .uploads import Standing

T = TypeVar("T")
#: Bytes that are put away at once: what a cut of the line costs at most.
PART = 1024 * 1024
#: Threads that put parts away, and that check whole files, at a time.
_putting, _checking = CapacityLimiter(4), CapacityLimiter(4)

routes = router("/api")
files = APIRouter(prefix="/api/uploads", route_class=tus.TusRoute)


@files.options("")
@files.options("/{upload_id}")
async def abilities() -> Response:
    """What this server speaks: Tus-Version, Tus-Extension, Tus-Max-Size."""
    return Response(status_code=204, headers=tus.ABILITIES)


@files.post("", status_code=201)
def create(unit: Opened, resident: CurrentResident) -> Response:
    """Begin an upload: Upload-Length (at most 20 MB), Upload-Metadata `draft_id material page filename sha256`.

    The same file for the same page again is answered with the upload under way, or the one that is done: see Upload-Offset.
    """
    request = unit.request
    size = tus.length_of(request)
    announced = read_metadata(request.headers.get("upload-metadata", ""))
    standing = uploads.create(unit.session, resident.party, announced, size, unit.now)
    return Response(status_code=201, headers={"Location": f"/api/uploads/{standing.id}", **tus.described(standing)})


@files.head("/{upload_id}")
def stand(unit: Opened, resident: CurrentResident, upload_id: UUID) -> Response:
    """How far an upload is."""
    standing = uploads.find(unit.session, resident.party, upload_id, unit.now)
    return Response(headers={"Upload-Length": str(standing.size), **tus.described(standing)})


@files.patch("/{upload_id}", status_code=204)
async def grow(request: Request, upload_id: UUID) -> Response:
    """Bytes from Upload-Offset on. The last ones are answered when the file has passed its checks and is a document.

    409 for a wrong offset; 413 for more bytes than announced; 422 with a stable type when the file is refused.
    """
    try:
        offset = tus.offset_of(request)
        standing = await _in_thread(lambda: _open(request, upload_id, offset))
        standing = await _take(request, standing)
    except AppError:
        await _drain(request)
        raise
    return Response(status_code=204, headers=tus.described(standing))


@files.post("/{upload_id}", status_code=204)
async def grow_instead(request: Request, upload_id: UUID) -> Response:
    """PATCH for clients that cannot send one (X-HTTP-Method-Override)."""
    if request.headers.get("x-http-method-override", "").upper() != "PATCH":
        return Response(status_code=405, headers={"Allow": "OPTIONS, HEAD, PATCH"})
    return await grow(request, upload_id)


def _open(request: Request, upload_id: UUID, offset: int) -> Standing:
    """The asker's own upload, standing at the offset that they mean."""
    now = utcnow()
    with db.reading() as session:
        phone = find_phone(session, request, now)
        if phone is None:
            raise SignInNeeded
        if phone.resident is None:
            raise RealNameNeeded
        standing = uploads.find(session, phone.resident.party, upload_id, now)
    if standing.offset != offset:
        raise WrongOffset
    return standing


async def _take(request: Request, standing: Standing) -> Standing:
    """Put the body away in parts as it comes; never more than a part and a packet of it is in memory."""
    if standing.document_id is not None:
        return standing
    waiting = bytearray()
    try:
        async for packet in request.stream():
            waiting += packet
            if standing.offset + len(waiting) > standing.size:
                raise too_large()
            while len(waiting) >= PART and standing.offset + PART < standing.size:
                standing = await _append(standing, bytes(waiting[:PART]))
                del waiting[:PART]
    except ClientDisconnect:
        if waiting and standing.offset + len(waiting) < standing.size:
            standing = await _append(standing, bytes(waiting))
        return standing
    if standing.offset + len(waiting) == standing.size:
        last, open_still = bytes(waiting), standing
        return await _in_thread(lambda: uploads.finish(open_still, last, utcnow()), _checking)
    return await _append(standing, bytes(waiting)) if waiting else standing


async def _append(standing: Standing, body: bytes) -> Standing:
    return await _in_thread(lambda: uploads.append(standing, body))


async def _in_thread(work: Callable[[], T], places: CapacityLimiter = _putting) -> T:
    return await to_thread.run_sync(work, limiter=places)


async def _drain(request: Request) -> None:
    """Read what is still coming, so that the client hears the answer instead of a broken line. The guards bound it."""
    try:
        async for _ in request.stream():
            pass
    except (ClientDisconnect, RuntimeError):
        return


@routes.get("/drafts/{draft_id}/documents")
def documents(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """What has arrived for a draft of one's own and is not sent yet."""
    rows = of_draft(unit.session, resident.party, draft_id)
    told = [
        {
            "id": str(row.id), "material": row.material, "page": row.page, "filename": row.filename,
            "media_type": row.media_type, "sha256": row.sha256, "size": row.size, "renditions": row.renditions,
        }
        for row in rows
    ]  # fmt: skip
    return JSONResponse({"documents": told}, headers={"Cache-Control": "no-store"})
