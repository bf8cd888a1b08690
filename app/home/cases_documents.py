"""Pictures and results of a case, for its applicant and for whoever filed it; to everybody else they are not there."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident
from app.core.unit import Opened, Unit, router
from app.documents import queries as documents
from app.documents import viewing

from .cases_routes import own

routes = router()


def _of_case(unit: Unit, party: Party, number: str, document_id: UUID) -> UUID:
    """A document of a case of mine; raises NotFound."""
    return documents.in_case(unit.session, own(unit, party, number).id, document_id).id


@routes.get("/cases/{number}/documents/{document_id}/pages/{page}")
def picture(
    unit: Opened, resident: CurrentResident, number: str, document_id: UUID, page: int,
    thumb: Annotated[bool, Query()] = False,
) -> Response:  # fmt: skip
    """A page of a document of my case."""
    return viewing.rendition_response(_of_case(unit, resident.party, number, document_id), page, thumb=thumb)


@routes.get("/cases/{number}/documents/{document_id}/original")
def original(unit: Opened, resident: CurrentResident, number: str, document_id: UUID) -> Response:
    """A file of my case as it came, or a result of it, to be saved."""
    return viewing.original_response(unit.session, _of_case(unit, resident.party, number, document_id))
