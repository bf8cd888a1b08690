"""Pictures for the desk: the document's case must have an item with the officer's department that may see its material."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col
from starlette.responses import Response

from app.accounts.officers import CurrentReviewer, Officer
from app.accounts.staff import record_look
from app.cases.models import Case, CaseItem
from app.catalogue.editions import edition
from app.core.errors import NotFound
from app.core.unit import Opened, router
from app.documents import viewing
from app.documents.models import Document

from .filters import REACHED
from .queries import within

routes = router()


class Allowed(NamedTuple):
    """A document that the officer may see, and whose it is."""

    case_number: str
    applicant_id: UUID


def authorise(session: Session, officer: Officer, document_id: UUID) -> Allowed:
    """Own department's items only, within the jurisdiction, and only materials that those items see; raises NotFound."""
    found = (
        select(
            col(Case.number), col(Case.applicant_id), col(Case.service_id), col(Case.edition), col(Document.material),
            col(Document.case_item_id), col(CaseItem.id), col(CaseItem.item_id),
        )
        .select_from(Document)
        .join(Case, col(Case.id) == col(Document.case_id))
        .join(CaseItem, col(CaseItem.case_id) == col(Case.id))
        .where(col(Document.id) == document_id, col(Document.removed_at).is_(None))
        .where(within(officer), col(CaseItem.state).in_(REACHED))
    )  # fmt: skip
    rows = session.execute(found).all()
    if not rows:
        raise NotFound
    number, applicant, service_id, edition_id, material, of_item = rows[0][:6]
    items = {row[7] for row in rows}
    _, materials = edition(session, service_id, edition_id).service.seen_by(items)
    if material not in materials and of_item not in {row[6] for row in rows}:
        raise NotFound
    return Allowed(number, applicant)


def _look(officer: Officer, allowed: Allowed, what: str, now: datetime) -> None:
    record_look(officer.staff_id, allowed.applicant_id, allowed.case_number, what, "desk", now)


@routes.get("/desk/documents/{document_id}/pages/{number}")
def picture(unit: Opened, officer: CurrentReviewer, document_id: UUID, number: int, thumb: str = "") -> Response:
    """A page of a document as a picture; the look is recorded first."""
    allowed = authorise(unit.session, officer, document_id)
    _look(officer, allowed, "thumbnail" if thumb else "document", unit.now)
    return viewing.rendition_response(document_id, number, thumb=bool(thumb))


@routes.get("/desk/documents/{document_id}/original")
def original(unit: Opened, officer: CurrentReviewer, document_id: UUID) -> Response:
    """The file as it was received, as an attachment; the look is recorded first."""
    allowed = authorise(unit.session, officer, document_id)
    _look(officer, allowed, "original", unit.now)
    return viewing.original_response(unit.session, document_id)
