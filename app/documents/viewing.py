"""A document's bytes as answers. Whoever calls has authorised the document: nothing here asks who is looking.

What people see is always the re-encoded picture. The original leaves only as an attachment under a random name.
"""

from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from app.core import blobs
from app.core.errors import NotFound

from . import shelf
from .models import Document
from .names import download_name

#: Phones are shared and desks are public: a picture of a paper stays in no cache.
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}


def rendition_response(document_id: UUID, number: int, *, thumb: bool = False) -> Response:
    """A page of an authorised document as a JPEG (at most 2048 px a side, thumbnails 320 px); raises NotFound."""
    return Response(_blob(shelf.picture(document_id, number, thumb)), headers={**PRIVATE, **SANDBOX}, media_type="image/jpeg")


def original_response(session: Session, document_id: UUID) -> Response:
    """The file of an authorised document as it was received, to be saved, never shown; raises NotFound."""
    document = session.get(Document, document_id)
    if document is None or document.removed_at is not None:
        raise NotFound
    attachment = {"Content-Disposition": f'attachment; filename="{download_name(document.media_type)}"'}
    body = _blob(shelf.original(document_id))
    return Response(body, headers={**PRIVATE, **SANDBOX, **attachment}, media_type=document.media_type)


def _blob(name: str) -> bytes:
    try:
        return blobs.get(name)
    except FileNotFoundError:
        raise NotFound from None
