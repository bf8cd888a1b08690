"""The pages of the form, one topic each: without `draft` an anonymous shell, with it the filer's own answers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.accounts.parties import Party
from app.accounts.sessions import MaybeResident, SignedPhone
from app.catalogue import editions
from app.catalogue.definition import Edition
from app.core.errors import NotFound, RealNameNeeded, SignInNeeded
from app.core.unit import Opened, Unit, router
from app.core.web import error_response, page_of, redirect, render
from app.documents import queries as documents
from app.forms.answers import Proposal
from app.forms.definition import Page
from app.forms.mistakes import Mistake

from . import display, lookup_words, lookups, pages, prefill, queries, row_edits, service, ticket
from .addresses import outlook_address, page_address, review_address, sign_in_and_back, start_address
from .enquiries import asked_of
from .errors import OtherIdentity
from .fields import labels
from .looks import Looks
from .models import Draft
from .posted import MOST_FIELDS, answers_of
from .shapes import faults
from .steps import REVIEW, Steps, steps

routes = router()
#: How long an anonymous shell may be kept; it changes only with a release or an edition.
SHELL = {"Cache-Control": "public, max-age=300"}


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


Posted = Annotated[FormData, Depends(_form)]


def edition_of(unit: Unit, service_id: str, edition_id: str) -> Edition:
    """The edition of an address; no query when it is the current one."""
    now_in_force = editions.current(service_id)
    return now_in_force if now_in_force.id == edition_id else editions.edition(unit.session, service_id, edition_id)


def page_of_form(edition: Edition, page_id: str) -> Page:
    """A page of the form; raises NotFound."""
    found = next((p for p in edition.service.form.pages if p.id == page_id), None)
    if found is None:
        raise NotFound
    return found


@routes.get("/forms/{service_id}/{edition_id}/{page_id}")
def form_page(
    unit: Opened, phone: MaybeResident, service_id: str, edition_id: str, page_id: str, draft: UUID | None = None,
    edit: str = "", back: str = "", opened: Annotated[str, Query(alias="open")] = "",
) -> Response:  # fmt: skip
    """A page of the form: the shell, or with `draft` the filer's answers."""
    edition = edition_of(unit, service_id, edition_id)
    page = page_of_form(edition, page_id)
    if draft is None:
        return _shell(unit, edition, page)
    party = _party(phone)
    row = queries.own_draft(unit.session, party, draft)
    if row.submitted_at is not None:
        return redirect(f"/receipts/{service.case_number(unit.session, party.person_id, draft)}")
    if (row.service_id, row.edition) != (service_id, edition_id):
        return redirect(page_address(row.service_id, row.edition, page_id, draft))
    held = row.held if row.held is not None and row.held_page == page_id else None
    shown = (
        {**{k: v for k, v in row.answers.items() if k not in {q.id for q in page.questions}}, **held} if held else row.answers
    )
    looks = lookups.of_draft(unit.session, party.person_id, draft)
    way = steps(edition, shown, unit.now, looks.held(edition))
    known = prefill.known(unit.session, party, draft, edition, looks, [q.id for q in page.questions])
    offered = prefill.offered(edition.service.form, shown, known, unit.now)
    return _show(
        unit, edition, page, way, row, shown, offered, looks, held=held is not None, edit=edit, back=back, opened=opened
    )  # fmt: skip


def _party(phone: SignedPhone | None) -> Party:
    if phone is None:
        raise SignInNeeded
    if phone.resident is None:
        raise RealNameNeeded
    return phone.resident.party


def _shell(unit: Unit, edition: Edition, page: Page) -> Response:
    way = steps(edition, {}, unit.now)
    fields = pages.fields(edition.service.form, page, {}, {}, {}, unit.now, seen=way.seen)
    context = {
        "edition": edition, "form_page": page, "draft": None, "number": way.number(page.id), "of": way.count,
        "next_title": _next_title(edition, page, way), "fields": fields, "mistakes": [], "materials": [], "fetched": [],
        "why": {}, "asks": False, "looked": False,
        "base": "{}", "ticket": "", "held": False, "back": "", "previous": None, "saved_at": None, "revision": 0,
        "labels": {}, "mistake_texts": {}, "say": display.answer, "say_row": display.row,
    }  # fmt: skip
    anonymous = replace(page_of(unit.request), acting=None, reader="")  # it is kept, and outlives the identity of this moment
    return render(unit.request, "filing/form.html", context, page=anonymous, headers=SHELL)


def _next_title(edition: Edition, page: Page, way: Steps) -> Page | None:
    return way.after(page.id, edition.service.form.pages)


def _show(
    unit: Unit, edition: Edition, page: Page, way: Steps, row: queries.DraftRow, shown: Mapping[str, Any],
    offered: Mapping[str, Proposal], looks: Looks, *, mistakes: tuple[Mistake, ...] = (), held: bool = False,
    edit: str = "", back: str = "", opened: str = "", status: int = 200,
) -> Response:  # fmt: skip
    fields = pages.fields(
        edition.service.form, page, shown, row.prefilled, offered, unit.now, mistakes, seen=way.seen, edit=edit,
        opened=frozenset({opened}),
    )  # fmt: skip
    lang = page_of(unit.request).lang
    party = _party(unit.facts["phone"])
    wanted = pages.wanted_on(page, way)
    rows = documents.of_draft(unit.session, party, row.id) if wanted else []
    context = {
        "edition": edition, "form_page": page, "draft": row, "number": way.number(page.id), "of": way.count,
        "next_title": _next_title(edition, page, way),
        "fields": fields, "mistakes": mistakes, "labels": dict(labels(fields, lang)),
        "mistake_texts": pages.mistake_texts(lang), "say": partial(display.answer, lang=lang),
        "say_row": partial(display.row, lang=lang),
        "materials": [(m, [d for d in rows if d.material == m.id]) for m in wanted],
        "fetched": lookup_words.fetched(pages.exempt_on(page, way), looks, lang),
        "why": {m.id: lookup_words.why(looks.of(m)) for m in wanted if m.held_by},
        "asks": bool(asked_of(edition)), "looked": looks.asked, "base": pages.base_of(page, row.answers),
        "ticket": ticket.give(party, row.id, unit.now), "held": held, "back": REVIEW if back == REVIEW else "",
        "previous": way.before(page.id, edition.service.form.pages), "saved_at": row.updated_at, "revision": row.revision,
    }  # fmt: skip
    return render(unit.request, "filing/form.html", context, status=status)


@routes.post("/forms/{service_id}/{edition_id}/{page_id}")
def save_page(
    unit: Opened,
    phone: MaybeResident,
    form: Posted,
    service_id: str,
    edition_id: str,
    page_id: str,
    draft: UUID | None = None,
) -> Response:
    """Save a page and go on, back, or stay; 422 with the mistakes, answers kept; 409 when two devices must be chosen from."""
    if draft is None:
        return redirect(start_address(service_id)) if phone else sign_in_and_back(None, start_address(service_id))
    here = page_address(service_id, edition_id, page_id, draft)
    resident = phone.resident if phone else None
    owner = ticket.party_of(str(form.get("ticket", "")), draft, unit.now)
    if resident is None and owner is None:
        return sign_in_and_back(phone, here)
    edition = editions.edition(unit.session, service_id, edition_id)
    page = page_of_form(edition, page_id)
    mine = answers_of(page, form)
    if resident is None or owner not in (None, resident.party):
        return _hold(unit, phone, owner, draft, edition, page, mine, here)
    party = resident.party
    row = service.own(unit.session, party, draft)
    if (row.service_id, row.edition) != (service_id, edition_id):
        raise NotFound
    before = queries.own_draft(unit.session, party, draft)
    mine = _chosen(page, form, mine, before.answers)
    edit = row_edits.asked(str(form.get("edit-rows", "")), page)
    mine = row_edits.applied(edit, mine) if edit else mine
    going_on = form.get("action") == "next"
    sent = pages.read(edition, page, before.answers, mine, str(form.get("base", "")), unit.now, strict=going_on)
    if sent.clashes:
        return _choose(unit, edition, page, before, sent.shown, sent.clashes, form)
    if sent.stored != before.answers or before.page != page.id or before.held_page == page.id:
        service.write(unit.session, row, edition, sent.stored, page.id, unit.now)
        unit.session.flush()
    if not sent.mistakes and edit:
        opened, at = row_edits.back_to(edit, sent.stored)
        more = {"open": opened} if opened else {}
        return redirect(f"{page_address(service_id, edition_id, page_id, draft, **more, **_back(form))}#{at}")
    if not sent.mistakes:
        return _onwards(unit, edition, page, sent.stored, form, row)
    known = prefill.known(unit.session, party, draft, edition, only=[q.id for q in page.questions])
    offered = prefill.offered(edition.service.form, sent.shown, known, unit.now)
    if all(m.asked in offered for m in sent.mistakes):
        first = sent.mistakes[0].question_id.replace(".", "-").replace(":", "-")
        return redirect(f"{page_address(service_id, edition_id, page_id, draft, **_back(form))}#f-{first}")
    return _mend(unit, edition, page, draft, sent, offered, form)


def _mend(
    unit: Unit, edition: Edition, page: Page, draft: UUID, sent: pages.Sent, offered: Mapping[str, Proposal], form: FormData
) -> Response:
    """The same page with what must be mended; what was not asked before and can be proposed is no mistake."""
    row_party = _party(unit.facts["phone"])
    row = queries.own_draft(unit.session, row_party, draft)
    mistakes = tuple(m for m in sent.mistakes if m.asked not in offered)
    looks, back = lookups.of_draft(unit.session, row_party.person_id, draft), str(form.get("back", ""))
    way = steps(edition, sent.shown, unit.now, looks.held(edition))
    return _show(unit, edition, page, way, row, sent.shown, offered, looks, mistakes=mistakes, back=back, status=422)


def _back(form: FormData) -> dict[str, str]:
    return {"back": REVIEW} if form.get("back") == REVIEW else {}


def _hold(
    unit: Unit, phone: SignedPhone | None, owner: Party | None, draft: UUID, edition: Edition, page: Page,
    mine: dict[str, Any], here: str,
) -> Response:  # fmt: skip
    """The session ended, or is somebody else's now: keep what was sent for the draft's filer, show nothing of it."""
    if owner is not None:
        bad = faults(edition.service.form, mine)
        service.hold(unit.session, owner, draft, page.id, {k: v for k, v in mine.items() if k not in bad}, unit.now)
    if phone is not None and phone.person_id is not None:
        same_person = owner is not None and owner.person_id == phone.person_id
        return error_response(unit.request, OtherIdentity() if same_person else NotFound())
    return sign_in_and_back(phone, here)


def _chosen(page: Page, form: FormData, mine: dict[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """After a conflict: where the other device's answer was picked, it is mine now."""
    for question in page.questions:
        if form.get(f"pick.{question.id}") == "theirs":
            mine.pop(question.id, None)
            if question.id in theirs:
                mine[question.id] = theirs[question.id]
    return mine


def _choose(
    unit: Unit, edition: Edition, page: Page, row: queries.DraftRow, mine: Mapping[str, Any], clashes: tuple[str, ...],
    form: FormData,
) -> Response:  # fmt: skip
    views = [(q, mine.get(q.id), row.answers.get(q.id)) for q in page.questions if q.id in clashes]
    kept = [(name, str(form.get(name, ""))) for name in ("ticket", "back", "seen")]
    context = {
        "edition": edition, "form_page": page, "draft": row, "clashes": views, "sent": [*kept, *pages.as_fields(page, mine)],
        "base": pages.base_of(page, row.answers), "address": page_address(edition.service.id, edition.id, page.id, row.id),
        "say": partial(display.answer, lang=page_of(unit.request).lang, whole=True),
    }  # fmt: skip
    return render(unit.request, "filing/conflict.html", context, status=409)


def _onwards(
    unit: Unit, edition: Edition, page: Page, stored: Mapping[str, Any], form: FormData, row: Draft
) -> RedirectResponse:
    """Where to go after a page was saved."""
    draft = row.id
    service_id, order = edition.service.id, edition.service.form.pages
    back = _back(form)

    def to(target: Page | None) -> RedirectResponse:
        return redirect(page_address(service_id, edition.id, target.id, draft) if target else review_address(draft))

    if form.get("edit"):
        return redirect(page_address(service_id, edition.id, page.id, draft, edit=str(form["edit"]), **back))
    way = steps(edition, stored, unit.now, lookups.held(unit.session, row.filer_id, draft, edition))
    if form.get("action") == "back":
        return to(way.before(page.id, order) or page)
    if form.get("action") == "outlook":
        return redirect(outlook_address(draft, REVIEW if back else page.id))
    if form.get("action") != "next":
        return redirect(page_address(service_id, edition.id, page.id, draft, **back))
    unseen = [m.id for m in pages.wanted_on(page, way) if m.id not in str(form.get("seen", m.id)).split()]
    if unseen:
        return redirect(f"{page_address(service_id, edition.id, page.id, draft, **back)}#m-{unseen[0]}")
    return redirect(review_address(draft)) if back else to(way.after(page.id, order))
