"""会办哪些事: shown from every page of the form and before it is submitted."""

from functools import partial
from uuid import UUID

from starlette.responses import Response

from app.accounts.sessions import CurrentResident
from app.catalogue import editions
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render
from app.documents import queries as documents

from . import display, lookups, queries, service
from .addresses import page_address, review_address
from .outlook import Need, Way, outlook
from .steps import REVIEW

routes = router()


@routes.get("/drafts/{draft_id}/outlook")
def outlook_page(unit: Opened, resident: CurrentResident, draft_id: UUID, back: str = "") -> Response:
    """What the answers so far lead to; `back` is the page of the form, or the review, to which the reader returns."""
    party = resident.party
    row = queries.own_draft(unit.session, party, draft_id)
    if row.submitted_at is not None:
        return redirect(f"/receipts/{service.case_number(unit.session, party.person_id, draft_id)}")
    edition = editions.edition(unit.session, row.service_id, row.edition)
    rows = documents.of_draft(unit.session, party, draft_id)
    held = lookups.of_draft(unit.session, party.person_id, draft_id).held(edition)
    pages = {page.id for page in edition.service.form.pages}
    left_at = REVIEW if back == REVIEW else row.page
    here = next((page for page in (back, row.page) if page in pages), "")
    to_review = back == REVIEW or not here
    context = {
        "draft": row, "edition": edition, "seen": outlook(edition, row.answers, left_at, rows, held, unit.now),
        "departments": editions.departments(), "need": Need, "way": Way, "to_review": to_review,
        "say": partial(display.answer, lang=page_of(unit.request).lang),
        "at": review_address(draft_id) if to_review else page_address(row.service_id, row.edition, here, draft_id),
    }  # fmt: skip
    return render(unit.request, "filing/outlook.html", context)
