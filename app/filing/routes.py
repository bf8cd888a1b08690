"""Starting a draft, my drafts, the review, and submitting from the page."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.responses import Response

from app.accounts import enterprises
from app.accounts.enterprises_asked import Agency
from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident, MaybeResident, Resident
from app.catalogue import editions
from app.catalogue.definition import Edition
from app.catalogue.guides import handling
from app.catalogue.plans import UPLOADED
from app.core.errors import AppError, NotFound
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, redirect, render
from app.documents import queries as documents

from . import display, eligible, filers, lookup_words, lookups, queries, service
from .addresses import lookups_address, page_address, review_address, sign_in_and_back, start_address
from .enquiries import asked_of
from .errors import DraftSubmitted
from .fields import where
from .review import Review, review
from .steps import steps
from .submission import submit
from .wire import SELF, SentDocument, SubmissionBody

routes = router()
Field = Annotated[str, Form(max_length=200)]


def _continue_at(row: queries.DraftRow) -> str:
    """The page on which a draft goes on: what is held first, else where it was left."""
    page = row.held_page or row.page
    return review_address(row.id) if page in ("", "review") else page_address(row.service_id, row.edition, page, row.id)


@routes.post("/services/{service_id}/drafts")
def start(unit: Opened, phone: MaybeResident, service_id: str, new: Field = "") -> Response:
    """Start filing: a new draft, unless an unfinished one should be offered first; signed out, to sign-in and back."""
    edition = editions.current(service_id)
    if phone is None or phone.resident is None:
        return sign_in_and_back(phone, start_address(service_id))
    party = phone.resident.party
    refused = not filers.may_file(edition.service, party) or eligible.refusals(unit.session, party, edition, unit.now)
    if refused or (not new and queries.unfinished(unit.session, party, service_id)):
        return redirect(start_address(service_id))
    draft = service.start(unit.session, party, edition, unit.now)
    if asked_of(edition):
        return redirect(lookups_address(draft.id))
    return redirect(page_address(service_id, edition.id, edition.service.form.pages[0].id, draft.id))


@routes.get("/services/{service_id}/start")
def start_page(unit: Opened, resident: CurrentResident, service_id: str) -> Response:
    """Continue an unfinished draft of this service, or start a new one."""
    edition = editions.current(service_id)
    if not filers.may_file(edition.service, resident.party):
        return _other_identity(unit, resident, edition)
    if why := eligible.refusals(unit.session, resident.party, edition, unit.now):
        return eligible.say(unit, resident.party, edition, why)
    rows = queries.unfinished(unit.session, resident.party, service_id)
    photos = [(m, handling(m)) for m in edition.service.materials if m.source in UPLOADED]
    fetched = [m for m in edition.service.materials if m.held_by]
    within = [m for m in edition.service.materials if m.from_item]
    context = {"edition": edition, "drafts": [(r, _continue_at(r)) for r in rows], "photos": photos, "fetched": fetched}
    return render(unit.request, "filing/start.html", {**context, "within": within, "ready": _ready(edition, resident)})


def _ready(edition: Edition, resident: Resident) -> set[str]:
    """From where the form will be filled in by itself, so that nothing is promised that it does not ask."""
    asked = (q.prefill for q in edition.service.form.questions().values() if q.prefill and not q.prefill_if)
    places = {name for names in asked for name in ((names,) if isinstance(names, str) else names)}
    sources = {name.partition(".")[0] for name in places}
    return sources & ({"profile", "enterprise"} if resident.enterprise else {"profile"})


def _other_identity(unit: Unit, resident: Resident, edition: Edition) -> Response:
    """The service is filed in another identity than the reader's: said before the form, with the way to switch."""
    bound = enterprises.bound(unit.session, resident.person_id) if resident.enterprise is None else []
    context = {"edition": edition, "bound": bound, "back": start_address(edition.service.id)}
    return render(unit.request, "filing/other_identity.html", context)


def _listed(unit: Unit, row: queries.DraftRow, edition: Edition) -> dict[str, object]:
    way = steps(edition, row.answers, unit.now)
    newest = editions.current(row.service_id).id if row.service_id in {e.service.id for e in editions.all_current()} else None
    return {
        "row": row, "service": edition.service, "number": way.number(row.page), "of": way.count, "at": _continue_at(row),
        "closed": editions.closed(edition, unit.now), "closes_at": edition.closes_at, "reason": edition.close_reason,
        "newer": newest if newest != row.edition else None,
    }  # fmt: skip


@routes.get("/drafts")
def drafts_page(unit: Opened, resident: CurrentResident) -> Response:
    """My unfinished drafts."""
    rows = queries.unfinished(unit.session, resident.party)
    pinned = {(row.service_id, row.edition) for row in rows}
    known = {at: editions.edition(unit.session, *at) for at in pinned}
    context = {"drafts": [_listed(unit, row, known[row.service_id, row.edition]) for row in rows]}
    return render(unit.request, "filing/drafts.html", context)


@routes.get("/drafts/{draft_id}/removal")
def ask_removal(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Ask before a draft is deleted."""
    row = queries.own_draft(unit.session, resident.party, draft_id)
    edition = editions.edition(unit.session, row.service_id, row.edition)
    return render(unit.request, "filing/removal.html", {"draft": row, "edition": edition})


@routes.post("/drafts/{draft_id}/removal")
def remove(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Delete an unfinished draft with its pictures."""
    service.drop(unit.session, resident.party, draft_id, unit.now)
    return redirect("/drafts")


@routes.post("/drafts/{draft_id}/edition")
def move(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Move a draft to the current edition; the answers that it still asks for are kept."""
    draft = service.move(unit.session, resident.party, draft_id, unit.now)
    return redirect(page_address(draft.service_id, draft.edition, draft.page, draft.id))


def _reviewed(unit: Unit, party: Party, draft_id: UUID) -> tuple[queries.DraftRow, Review]:
    row = queries.own_draft(unit.session, party, draft_id)
    if row.submitted_at is not None:
        raise DraftSubmitted(case=service.case_number(unit.session, party.person_id, draft_id))
    edition = editions.edition(unit.session, row.service_id, row.edition)
    rows = documents.of_draft(unit.session, party, draft_id)
    looks = lookups.of_draft(unit.session, party.person_id, draft_id)
    return row, review(edition, row.answers, row.prefilled, rows, unit.now, looks)


def _show(
    unit: Unit, row: queries.DraftRow, seen: Review, error: AppError | None = None, *, undeclared: bool = False
) -> Response:
    edition, lang = seen.edition, page_of(unit.request).lang
    context = {
        "draft": row, "edition": edition, "seen": seen, "departments": editions.departments(), "error": error,
        "undeclared": undeclared, "closed": editions.closed(edition, unit.now),
        "say": partial(display.answer, lang=lang), "where": partial(where, lang=lang),
        "fetched": lookup_words.fetched(seen.exempt, seen.looks, lang),
        "why": {m.id: lookup_words.why(seen.looks.of(m)) for m in seen.way.plan.wanted if m.held_by},
        "asks": bool(asked_of(edition)),
    }  # fmt: skip
    status = error.status if error else 422 if undeclared else 200
    return render(unit.request, "filing/review.html", context, status=status)


@routes.get("/drafts/{draft_id}/review")
def review_page(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Everything once more, before it is declared true and submitted."""
    try:
        row, seen = _reviewed(unit, resident.party, draft_id)
    except DraftSubmitted as done:
        return redirect(f"/receipts/{done.params['case']}")
    return _show(unit, row, seen)


def _body(row: queries.DraftRow, seen: Review) -> SubmissionBody:
    return SubmissionBody(
        service=row.service_id, edition=row.edition, applicant=SELF, mandate=None, answers=seen.values,
        documents=[
            SentDocument(material=d.material, page=d.page, sha256=d.sha256, size=d.size, filename=d.filename)
            for d in seen.documents
        ],
    )  # fmt: skip


@routes.post("/drafts/{draft_id}/submission")
def submission(agency: Agency, unit: Opened, phone: MaybeResident, draft_id: UUID, declaration: Field = "") -> Response:
    """Submit a draft; tapped twice it is the same case. Signed out meanwhile: to sign-in and back to the review."""
    resident = phone.resident if phone else None
    if resident is None:
        return sign_in_and_back(phone, review_address(draft_id))
    if service.locked(unit.session, resident.party, draft_id) is None:
        raise NotFound
    try:
        row, seen = _reviewed(unit, resident.party, draft_id)
    except DraftSubmitted as done:
        return redirect(f"/receipts/{done.params['case']}")
    if seen.to_mend or declaration != "true":
        return _show(unit, row, seen, undeclared=True)
    lang = page_of(unit.request).lang
    filed = submit(unit.session, resident.party, draft_id, _body(row, seen), unit.now, lang, agency)
    return redirect(f"/receipts/{filed.row.case_number}")
