"""Where a document's bytes rest: the original and each page's picture and thumbnail, as encrypted blobs."""

from uuid import UUID

from app.core import blobs
from app.core.ids import new_id

from .checks import Checked


def original(document_id: UUID) -> str:
    """The blob of the file as received."""
    return f"documents/{document_id}/original"


def picture(document_id: UUID, number: int, thumb: bool = False) -> str:
    """The blob of a page as it is shown; `number` counts from 1."""
    return f"documents/{document_id}/{number}{'t' if thumb else ''}"


def names(document_id: UUID, renditions: int) -> list[str]:
    """All blobs of a document."""
    pages = range(1, renditions + 1)
    return [original(document_id), *(picture(document_id, n, thumb) for n in pages for thumb in (False, True))]


def keep(checked: Checked) -> UUID:
    """Put a checked file on the shelf under a new document id, on disk when this returns; its row comes afterwards."""
    document_id = new_id()
    blobs.put(original(document_id), checked.body)
    for number, page in enumerate(checked.pages, 1):
        blobs.put(picture(document_id, number), page.whole)
        blobs.put(picture(document_id, number, thumb=True), page.thumb)
    return document_id


def clear(document_id: UUID, renditions: int) -> None:
    """Take a document's blobs off the shelf."""
    blobs.delete(names(document_id, renditions))
