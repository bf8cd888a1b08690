"""免提交: consent before the registers are asked, what they answered, 对不上, and every look that was made about me."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Form, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.sessions import CurrentResident, Resident, resident_of
from app.catalogue import editions
from app.catalogue.definition import Edition, Material
from app.catalogue.registers import REGISTERS
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render
from app.forms.definition import Text

from . import lookup_words, lookups, queries, service
from .addresses import lookups_address, page_address, review_address
from .enquiries import Asked, asked_of
from .errors import DraftSubmitted
from .looks import Looked, Looks
from .lookup_words import Fact
from .models import Outcome
from .steps import REVIEW

routes = router()
Keys = Annotated[list[str], Form()]
Word = Annotated[str, Form(max_length=40)]
Words = Annotated[str, Form(max_length=500)]


class Card(NamedTuple):
    """A register on the page: what is asked of it, and what came of the look in force and of the last one."""

    asked: Asked
    name: Text
    keeper: Text
    fields: tuple[Text, ...]
    look: Looked | None
    last: Looked | None
    facts: tuple[Fact, ...]
    held: tuple[Material, ...]
    wanted: tuple[Material, ...]


def cards(edition: Edition, looks: Looks, lang: str) -> list[Card]:
    """Every register that the service asks, with what is known of it for this draft."""
    held = looks.held(edition)
    return [_card(one, looks, held, lang) for one in asked_of(edition)]


def _card(one: Asked, looks: Looks, held: frozenset[str], lang: str) -> Card:
    look = looks.by_key.get(one.key)
    found = look.answer if look and look.outcome is Outcome.FOUND else {}
    labels = lookup_words.LABELS[one.register]
    return Card(
        asked=one, name=lookup_words.name(one.register, one.licence, one.materials), keeper=REGISTERS[one.register].keeper,
        fields=tuple(labels[name] for name in one.fields), look=look, last=looks.newest.get(one.key),
        facts=tuple(lookup_words.facts(one.register, found, one.fields, lang, whole=False)),
        held=tuple(m for m in one.materials if m.id in held), wanted=tuple(m for m in one.materials if m.id not in held),
    )  # fmt: skip


def continue_address(row: queries.DraftRow) -> str:
    """The page of the form on which a draft goes on."""
    page = row.held_page or row.page
    if page == REVIEW:
        return review_address(row.id)
    return page_address(row.service_id, row.edition, page, row.id)


def _context(row: queries.DraftRow, edition: Edition, looks: Looks, lang: str) -> dict[str, Any]:
    return {
        "draft": row, "edition": edition, "cards": cards(edition, looks, lang), "departments": editions.departments(),
        "onward": continue_address(row), "came": lookup_words.CAME, "again": lookup_words.AGAIN,
    }  # fmt: skip


def opened(session: Session, resident: Resident, draft_id: UUID) -> tuple[queries.DraftRow, Edition]:
    """The person's own unsubmitted draft; raises NotFound, DraftSubmitted."""
    row = queries.own_draft(session, resident.party, draft_id)
    if row.submitted_at is not None:
        raise DraftSubmitted(case=service.case_number(session, resident.person_id, draft_id))
    return row, editions.edition(session, row.service_id, row.edition)


@routes.get("/drafts/{draft_id}/lookups")
def consent_page(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """Which registers would be asked, what for, who sees it, how long it is kept; nothing is asked without consent."""
    row, edition = opened(unit.session, resident, draft_id)
    looks = lookups.of_draft(unit.session, resident.person_id, draft_id)
    context = _context(row, edition, looks, page_of(unit.request).lang)
    if not context["cards"]:
        return redirect(context["onward"])
    return render(unit.request, "filing/lookups.html", {**context, "unsaid": False, "left_out": frozenset()})


@routes.post("/drafts/{draft_id}/lookups")
def look(
    request: Request, draft_id: UUID, consent: Word = "", action: Word = "look", skip: Keys = [], only: Keys = [],  # noqa: B006
) -> Response:  # fmt: skip
    """With consent: ask what was not left out (`skip`), or only one register again (`only`). Without: nothing is asked."""
    now = utcnow()
    resident = resident_of(request, now)
    if action == "refuse":
        return _refuse(resident, draft_id, now)
    if consent != "true":
        return _unsaid(request, resident, draft_id, frozenset(skip))
    with db.writing() as session:
        _, edition = opened(session, resident, draft_id)
        every = asked_of(edition)
        left_out = lookups.chosen(every, skip)
        asked = lookups.chosen(every, only) if only else tuple(one for one in every if one not in left_out)
        lookups.refuse(session, resident, draft_id, edition, left_out, now)
        prepared = lookups.prepare(session, resident, draft_id, edition, asked, now) if asked else None
    if prepared is not None:
        carry_out(prepared)
    return redirect(f"{lookups_address(draft_id)}/results")


def carry_out(prepared: lookups.Prepared) -> None:
    """Ask, no session open, and record what came; raises NotFound or DraftSubmitted when the draft ended meanwhile."""
    answers = lookups.ask(prepared)
    with db.writing() as session:
        draft = service.locked(session, prepared.resident.party, prepared.draft_id)
        fits = draft is not None and draft.submitted_at is None and draft.service_id == prepared.service_id
        lookups.record(session, prepared, answers, keep=fits)
    if not fits:
        with db.reading() as session:
            opened(session, prepared.resident, prepared.draft_id)
        raise NotFound


def _refuse(resident: Resident, draft_id: UUID, now: datetime) -> Response:
    with db.writing() as session:
        row, edition = opened(session, resident, draft_id)
        lookups.refuse(session, resident, draft_id, edition, asked_of(edition), now)
    return redirect(continue_address(row))


def _unsaid(request: Request, resident: Resident, draft_id: UUID, left_out: frozenset[str]) -> Response:
    """The same page: without consent nothing was asked."""
    page = page_of(request)
    page.acting = resident.enterprise and resident.enterprise.name
    with db.reading() as session:
        row, edition = opened(session, resident, draft_id)
        context = _context(row, edition, lookups.of_draft(session, resident.person_id, draft_id), page.lang)
    return render(request, "filing/lookups.html", {**context, "unsaid": True, "left_out": left_out}, page=page, status=422)


@routes.get("/drafts/{draft_id}/lookups/results")
def results(unit: Opened, resident: CurrentResident, draft_id: UUID) -> Response:
    """What each register answered, and what is still to be photographed."""
    row, edition = opened(unit.session, resident, draft_id)
    looks = lookups.of_draft(unit.session, resident.person_id, draft_id)
    if not looks.rows:
        return redirect(lookups_address(draft_id))
    return render(unit.request, "filing/lookups_results.html", _context(row, edition, looks, page_of(unit.request).lang))


@routes.get("/drafts/{draft_id}/lookups/{lookup_id}/dispute")
def dispute_page(unit: Opened, resident: CurrentResident, draft_id: UUID, lookup_id: UUID, back: str = "") -> Response:
    """对不上？ Show once more what was found and ask what is wrong with it."""
    row, edition = opened(unit.session, resident, draft_id)
    _, found = lookups.one_of(unit.session, resident.person_id, draft_id, lookup_id)
    one = next((a for a in asked_of(edition) if a.key == found.key), None)
    lang = page_of(unit.request).lang
    context = {
        "draft": row, "edition": edition, "look": found, "keeper": REGISTERS[found.register].keeper,
        "name": lookup_words.name(found.register, found.licence, edition.service.materials),
        "facts": lookup_words.facts(found.register, found.answer, one.fields if one else (), lang, whole=False),
        "back": _form_page(edition, back), "back_to": _back_to(row, edition, back),
    }  # fmt: skip
    return render(unit.request, "filing/lookups_dispute.html", context)


def _form_page(edition: Edition, page_id: str) -> str:
    return page_id if page_id in {REVIEW, *(p.id for p in edition.service.form.pages)} else ""


def _back_to(row: queries.DraftRow, edition: Edition, back: str) -> str:
    page = _form_page(edition, back)
    if not page:
        return f"{lookups_address(row.id)}/results"
    return review_address(row.id) if page == REVIEW else page_address(row.service_id, row.edition, page, row.id)


@routes.post("/drafts/{draft_id}/lookups/{lookup_id}/dispute")
def dispute(
    unit: Opened, resident: CurrentResident, draft_id: UUID, lookup_id: UUID, words: Words = "", back: Word = ""
) -> Response:
    """What was found is not used any more: its papers are uploaded, its answers are the person's own."""
    row, edition = opened(unit.session, resident, draft_id)
    draft = service.own(unit.session, resident.party, draft_id)
    lookups.dispute(unit.session, draft, edition, lookup_id, lookup_words.clean(words), unit.now)
    return redirect(_back_to(row, edition, back))


@routes.get("/me/lookups")
def mine(unit: Opened, resident: CurrentResident) -> Response:
    """替我查过什么: every look that was made about me: register, purpose, when, what came of it."""
    rows = lookups.made_for(unit.session, resident)
    known = {e.service.id: e.service for e in editions.all_current()}
    lines = [(row, _name_of(row, known)) for row in rows]
    return render(unit.request, "filing/lookups_mine.html", {"lines": lines, "came": lookup_words.CAME_SHORT})


def _name_of(row: lookups.Mine, known: dict[str, Any]) -> Text:
    service_now = known.get(row.service_id)
    return lookup_words.name(row.register, row.licence, service_now.materials if service_now else ())
