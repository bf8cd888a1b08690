"""Reads of documents, each with its permission filter; contents are fetched through viewing.py.

A file that is not sent yet is its owner's, in the identity in which they sent it; one of a case is seen through the case.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Executable, bindparam, select
from sqlmodel import Session, col

from app.accounts.parties import Party, own
from app.core.errors import NotFound

from .models import Document


class DocumentRow(NamedTuple):
    """A document as lists show it. `size` (bytes) and `sha256` are of the file as received; `renditions` counts its pages."""

    id: UUID
    material: str
    page: int
    filename: str
    media_type: str
    size: int
    sha256: str
    renditions: int
    revision: int
    case_item_id: UUID | None


d = Document
ROW = select(
    col(d.id), col(d.material), col(d.page), col(d.filename), col(d.media_type), col(d.size), col(d.sha256), col(d.renditions),
    col(d.revision), col(d.case_item_id),
)  # fmt: skip
_KEPT = ROW.where(col(d.removed_at).is_(None)).order_by(col(d.material), col(d.page), col(d.revision), col(d.id))
_mine = own(col(d.owner_id), col(d.enterprise_id))
_OF_DRAFT = _KEPT.where(_mine, col(d.draft_id) == bindparam("draft"), col(d.case_id).is_(None))
_OF_CASE = _KEPT.where(col(d.case_id) == bindparam("case"))
_OWNED = ROW.where(col(d.id) == bindparam("id"), _mine, col(d.removed_at).is_(None))
_IN_CASE = ROW.where(col(d.id) == bindparam("id"), col(d.case_id) == bindparam("case"), col(d.removed_at).is_(None))


def _rows(session: Session, query: Executable, params: dict[str, object]) -> list[DocumentRow]:
    return [DocumentRow(*row) for row in session.execute(query, params)]


def of_draft(session: Session, party: Party, draft_id: UUID) -> list[DocumentRow]:
    """What the party has provided for a draft (or a correction reply) that is not sent yet, by material and page."""
    return _rows(session, _OF_DRAFT, {**party.values, "draft": draft_id})


def of_case(session: Session, case_id: UUID, materials: Collection[str] | None) -> list[DocumentRow]:
    """A case's documents for some materials, None for all; the caller has authorised the case. By material, page, revision."""
    query = _OF_CASE if materials is None else _OF_CASE.where(col(d.material).in_(materials))
    return _rows(session, query, {"case": case_id})


def owned(session: Session, party: Party, document_id: UUID) -> DocumentRow:
    """One document of its owner, in the identity in which they sent it; anybody else's is NotFound."""
    rows = _rows(session, _OWNED, {**party.values, "id": document_id})
    if not rows:
        raise NotFound
    return rows[0]


def in_case(session: Session, case_id: UUID, document_id: UUID) -> DocumentRow:
    """One document of a case; the caller has authorised the case. One of another case is NotFound."""
    rows = _rows(session, _IN_CASE, {"id": document_id, "case": case_id})
    if not rows:
        raise NotFound
    return rows[0]
