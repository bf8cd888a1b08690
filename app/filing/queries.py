"""Reads of filing, each with its permission filter: a draft belongs to its filer, a receipt to filer and applicant."""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col, or_

from app.cases.models import Case
from app.core.errors import NotFound

from .models import Draft, Receipt
from .receipts import Signed


class DraftRow(NamedTuple):
    """A draft as pages and the API show it; `case` is its number once it was submitted."""

    id: UUID
    service_id: str
    edition: str
    revision: int
    answers: dict[str, Any]
    prefilled: dict[str, str]
    page: str
    held: dict[str, Any] | None
    held_page: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


d, r, c = Draft, Receipt, Case
_DRAFT = select(
    col(d.id), col(d.service_id), col(d.edition), col(d.revision), col(d.answers), col(d.prefilled), col(d.page),
    col(d.held), col(d.held_page), col(d.created_at), col(d.updated_at), col(d.submitted_at),
)  # fmt: skip


def _row(row: Any) -> DraftRow:
    found = DraftRow(*row)
    held = json.loads(row.held) if row.held else None
    return found._replace(answers=json.loads(row.answers), held=held)


def own_draft(session: Session, filer_id: UUID, draft_id: UUID) -> DraftRow:
    """A filer's draft; raises NotFound."""
    row = session.execute(_DRAFT.where(col(d.filer_id) == filer_id, col(d.id) == draft_id)).first()
    if row is None:
        raise NotFound
    return _row(row)


def unfinished(session: Session, filer_id: UUID, service_id: str | None = None) -> list[DraftRow]:
    """A filer's drafts that were not submitted, last touched first; of one service if asked."""
    found = _DRAFT.where(col(d.filer_id) == filer_id, col(d.submitted_at).is_(None)).order_by(col(d.updated_at).desc())
    if service_id is not None:
        found = found.where(col(d.service_id) == service_id)
    return [_row(row) for row in session.execute(found)]


def taken(session: Session, filer_id: UUID, draft_id: UUID) -> bool:
    """Whether somebody else has a draft with this id; the draft of a case stays for ever."""
    found = select(col(d.id)).where(col(d.id) == draft_id, col(d.filer_id) != filer_id).limit(1)
    return session.execute(found).first() is not None


class ReceiptRow(NamedTuple):
    """A receipt and the case it is of."""

    case_id: UUID
    case_number: str
    service_id: str
    edition: str
    filed_at: datetime
    digest: str
    signed: Signed


_RECEIPT = select(
    col(c.id), col(c.number), col(c.service_id), col(c.edition), col(c.filed_at), col(r.digest), col(r.body),
    col(r.signature), col(r.salt), col(r.code),
).join(r, col(r.case_id) == col(c.id))  # fmt: skip


def _receipt(row: Any) -> ReceiptRow:
    case_id, number, service_id, edition, filed_at, digest, *signed = row
    return ReceiptRow(case_id, number, service_id, edition, filed_at, digest, Signed(*signed))


def receipt_of_draft(session: Session, filer_id: UUID, draft_id: UUID) -> ReceiptRow | None:
    """The receipt that a draft got when it was submitted, if it was."""
    row = session.execute(_RECEIPT.where(col(c.filer_id) == filer_id, col(c.draft_id) == draft_id)).first()
    return _receipt(row) if row else None


def own_receipt(session: Session, person_id: UUID, number: str) -> ReceiptRow:
    """The receipt of a case that a person filed or that is theirs; raises NotFound."""
    mine = or_(col(c.filer_id) == person_id, col(c.applicant_id) == person_id)
    row = session.execute(_RECEIPT.where(col(c.number) == number, mine)).first()
    if row is None:
        raise NotFound
    return _receipt(row)


def by_code(session: Session, code: str) -> dict[str, Any] | None:
    """The signed body behind a check code; it holds no personal data, so anybody with the code may see it."""
    row = session.execute(select(col(r.body), col(r.signature)).where(col(r.code) == code)).first()
    return {"receipt": row[0], "signature": row[1]} if row else None
