"""Reads of filing, each with its permission filter: a draft is its filer's in one identity, a receipt goes with its case."""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, not_, select
from sqlmodel import Session, col

from app.accounts.parties import Party, own
from app.cases.models import Case
from app.cases.ownership import Mine
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
_mine = own(col(d.filer_id), col(d.enterprise_id))
_DRAFT = select(
    col(d.id), col(d.service_id), col(d.edition), col(d.revision), col(d.answers), col(d.prefilled), col(d.page),
    col(d.held), col(d.held_page), col(d.created_at), col(d.updated_at), col(d.submitted_at),
).where(_mine)  # fmt: skip
_ONE = _DRAFT.where(col(d.id) == bindparam("draft"))
_UNFINISHED = _DRAFT.where(col(d.submitted_at).is_(None)).order_by(col(d.updated_at).desc())


def _row(row: Any) -> DraftRow:
    found = DraftRow(*row)
    held = json.loads(row.held) if row.held else None
    return found._replace(answers=json.loads(row.answers), held=held)


def own_draft(session: Session, party: Party, draft_id: UUID) -> DraftRow:
    """A filer's draft in the identity in which they started it; raises NotFound."""
    row = session.execute(_ONE, {**party.values, "draft": draft_id}).first()
    if row is None:
        raise NotFound
    return _row(row)


def unfinished(session: Session, party: Party, service_id: str | None = None) -> list[DraftRow]:
    """A party's drafts that were not submitted, last touched first; of one service if asked."""
    found = _UNFINISHED if service_id is None else _UNFINISHED.where(col(d.service_id) == service_id)
    return [_row(row) for row in session.execute(found, party.values)]


def taken(session: Session, party: Party, draft_id: UUID) -> bool:
    """Whether somebody else, or the same person in another identity, has a draft with this id; a case's stays for ever."""
    found = select(col(d.id)).where(col(d.id) == bindparam("draft"), not_(_mine)).limit(1)
    return session.execute(found, {**party.values, "draft": draft_id}).first() is not None


class ReceiptRow(NamedTuple):
    """A receipt and the case it is of; `agency_at`: when the register last said that the filer may act for the enterprise."""

    case_id: UUID
    case_number: str
    service_id: str
    edition: str
    filed_at: datetime
    digest: str
    signed: Signed
    agency_at: datetime | None = None


_RECEIPT = select(
    col(c.id), col(c.number), col(c.service_id), col(c.edition), col(c.filed_at), col(c.agency_at), col(r.digest), col(r.body),
    col(r.signature), col(r.salt), col(r.code),
).join(r, col(r.case_id) == col(c.id))  # fmt: skip


def _receipt(row: Any) -> ReceiptRow:
    case_id, number, service_id, edition, filed_at, agency_at, digest, *signed = row
    return ReceiptRow(case_id, number, service_id, edition, filed_at, digest, Signed(*signed), agency_at)


def receipt_of_draft(session: Session, filer_id: UUID, draft_id: UUID) -> ReceiptRow | None:
    """The receipt that a draft got when it was submitted, if it was; the caller has authorised the draft."""
    row = session.execute(_RECEIPT.where(col(c.filer_id) == filer_id, col(c.draft_id) == draft_id)).first()
    return _receipt(row) if row else None


_OWN_RECEIPT = Mine(_RECEIPT.where(col(c.number) == bindparam("number")))


def own_receipt(session: Session, party: Party, number: str) -> ReceiptRow:
    """The receipt of a party's case; raises NotFound."""
    row = session.execute(_OWN_RECEIPT.of(party), {**party.values, "number": number}).first()
    if row is None:
        raise NotFound
    return _receipt(row)


def by_code(session: Session, code: str) -> dict[str, Any] | None:
    """The signed body behind a check code; it holds no personal data, so anybody with the code may see it."""
    row = session.execute(select(col(r.body), col(r.signature)).where(col(r.code) == code)).first()
    return {"receipt": row[0], "signature": row[1]} if row else None
