"""The page of a correction: the reviewer's words, what is asked, nothing else."""

from contextlib import suppress
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from starlette.datastructures import FormData
from starlette.responses import Response

from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident, MaybeResident, SignedPhone
from app.cases import queries
from app.cases.states import ENDED, NotNow
from app.catalogue import editions
from app.core import workdays
from app.core.errors import BadInput, NotFound, RealNameNeeded, SignInNeeded
from app.core.ids import new_id
from app.core.unit import Opened as OpenedUnit
from app.core.unit import Unit, router
from app.core.web import error_response, page_of, redirect, render, wants_json
from app.documents import queries as documents
from app.documents.service import WantedDocument
from app.forms.definition import Page
from app.forms.mistakes import Mistake

from . import corrections_kept, display, pages, row_edits, ticket
from .addresses import sign_in_and_back
from .corrections import Opened, ReplyIncomplete, opened, reply
from .corrections_sent import FORM_PAGE, Sent, page_of_reply, sent, typed, writer_of
from .errors import OtherIdentity
from .fields import labels
from .posted import answers_of

routes = router()


Came = Annotated[Sent, Depends(sent)]


def address(number: str, item_id: str) -> str:
    """The page of a correction."""
    return f"/cases/{number}/items/{item_id}/correction"


def _show(
    unit: Unit, seen: Opened, *, answers: dict[str, Any] | None = None, mistakes: tuple[Mistake, ...] = (),
    key: str = "", more: str = "", status: int = 200,
) -> Response:  # fmt: skip
    items = queries.items(unit.session, seen.head.id)
    department = editions.departments().get(seen.item.department_id)
    item = next((i for i in seen.edition.service.items if i.id == seen.item.item_id), None)
    done = dict.fromkeys(i.department_id for i in items if i.state in ENDED and i.decided_at)
    known = editions.departments()
    if answers is None:
        answers = seen.kept.answers if seen.kept else seen.answers
    lang, asked = page_of(unit.request).lang, {q.id for q in seen.questions}
    others = {name: value for name, value in seen.answers.items() if name not in asked}
    fields = pages.fields(
        seen.edition.service.form, page_of_reply(seen), others | answers, {}, {}, unit.now, mistakes, opened=frozenset({more})
    )
    context = {
        "seen": seen, "department": department.short if department else None, "item": item.short if item else None,
        "fields": fields, "labels": dict(labels(fields, lang)), "say": partial(display.answer, lang=lang),
        "mistake_texts": pages.mistake_texts(lang), "others": others,
        "say_row": partial(display.row, lang=lang),
        "wrong": {m.question_id: m for m in reversed(mistakes)}, "key": key or str(new_id()),
        "ticket": ticket.give(unit.facts["phone"].resident.party, seen.correction.id, unit.now),
        "done": [known[d].short for d in done if d in known],
        "due": workdays.due(unit.now, seen.item.promised_days).at,
        "back": address(seen.head.number, seen.item.item_id),
        "late": unit.now > seen.correction.reply_by,
    }  # fmt: skip
    return render(unit.request, "cases/correction.html", context, status=status)


@routes.get("/cases/{number}/items/{item_id}/correction")
def correction_page(
    unit: OpenedUnit, resident: CurrentResident, number: str, item_id: str, more: Annotated[str, Query(alias="open")] = ""
) -> Response:
    """What a department asks me to put right; when it is answered or closed already, the case."""
    try:
        return _show(unit, opened(unit.session, resident.party, number, item_id), more=more)
    except NotNow:
        return redirect(f"/cases/{number}")


@routes.post("/cases/{number}/items/{item_id}/correction")
def send_reply(
    came: Came, unit: OpenedUnit, phone: MaybeResident, number: str, item_id: str
) -> Response:  # fmt: skip
    """Answer it: 303 to the case; 422 with what is wrong and everything kept; 409 with what was typed when it moved on.

    `action` save keeps what is typed, upload does so beside the photos that came; a session that ended loses neither.
    """
    resident = phone.resident if phone else None
    owner, _ = writer_of(came)
    if resident is None or owner not in (None, resident.party):
        return _hold(unit, phone, came, number, item_id)
    party = resident.party
    key, version, action = came.text("key"), came.text("version"), came.text("action")
    if not 8 <= len(key) <= 80 or len(version) > 10 or not version.isdecimal():
        raise BadInput("key")
    try:
        seen = opened(unit.session, party, number, item_id)
    except NotNow as refusal:
        if wants_json(unit.request):
            raise
        return _moved_on(unit, party, number, item_id, came.form, key, refusal)
    answers = typed(seen, came.form)
    if edit := row_edits.asked(came.text("edit-rows"), page_of_reply(seen)):
        return _edited(unit, party.person_id, seen, edit, answers)
    if action in ("save", "upload") or came.refused:
        return _keep(unit, party.person_id, seen, answers, came, key)
    uploaded = [
        WantedDocument(d.material, d.page, d.sha256, d.size, d.filename)
        for d in documents.of_draft(unit.session, party, seen.correction.id)
    ]
    try:
        reply(unit.session, party, number, item_id, answers, uploaded, key, int(version), unit.now)
    except ReplyIncomplete as incomplete:
        corrections_kept.keep(unit.session, party.person_id, seen.correction.id, seen.edition.service.form, answers, unit.now)
        return _show(unit, seen, answers=answers, mistakes=incomplete.found, key=key, status=422)
    return redirect(f"/cases/{number}")


def _edited(unit: Unit, person_id: UUID, seen: Opened, edit: row_edits.RowEdit, answers: dict[str, Any]) -> Response:
    """A row more or less, without script: kept, and back to where it is."""
    changed = row_edits.applied(edit, answers)
    corrections_kept.keep(unit.session, person_id, seen.correction.id, seen.edition.service.form, changed, unit.now)
    more, at = row_edits.back_to(edit, changed)
    query = f"?{urlencode({'open': more})}" if more else ""
    return redirect(f"{address(seen.head.number, seen.item.item_id)}{query}#{at}")


def _keep(unit: Unit, person_id: UUID, seen: Opened, answers: dict[str, Any], came: Sent, key: str) -> Response:
    corrections_kept.keep(unit.session, person_id, seen.correction.id, seen.edition.service.form, answers, unit.now)
    if came.refused:
        return _show(unit, seen, answers=answers, mistakes=came.refused, key=key, status=422)
    return Response(status_code=204) if wants_json(unit.request) else redirect(address(seen.head.number, seen.item.item_id))


def _hold(unit: Unit, phone: SignedPhone | None, came: Sent, number: str, item_id: str) -> Response:
    """The session ended, or is somebody else's now: keep what was typed for whom the page was made, show nothing of it."""
    owner, correction_id = writer_of(came)
    if owner is not None:
        with suppress(NotFound, NotNow):
            seen = opened(unit.session, owner, number, item_id)
            if seen.correction.id == correction_id:
                form = seen.edition.service.form
                corrections_kept.hold(unit.session, owner.person_id, correction_id, form, typed(seen, came.form), unit.now)
    if phone is not None and phone.person_id is not None:
        same_person = owner is not None and owner.person_id == phone.person_id
        return error_response(unit.request, OtherIdentity() if same_person else NotFound())
    if wants_json(unit.request):
        return error_response(unit.request, RealNameNeeded() if phone else SignInNeeded())
    return sign_in_and_back(phone, address(number, item_id))


def _moved_on(
    unit: Unit, party: Party, number: str, item_id: str, form: FormData, key: str, refusal: NotNow
) -> Response:  # fmt: skip
    """Nothing is done twice: my own reply sent again leads to the case; else what was typed is shown with the reason."""
    head = queries.own(unit.session, party, number)
    if queries.replied(unit.session, head.id, key, f"reply:{item_id}"):
        return redirect(f"/cases/{number}")
    edition, lang = editions.edition(unit.session, head.service_id, head.edition), page_of(unit.request).lang
    known = edition.service.form.questions()
    sent = dict.fromkeys(name.partition(":")[0] for name in form)
    page = Page(id="correction", title=FORM_PAGE, questions=tuple(known[name] for name in sent if name in known))
    typed = answers_of(page, form)
    context = {
        "number": number, "error": refusal,
        "typed": [(known[name].label, display.answer(known[name], value, lang, whole=True)) for name, value in typed.items()],
    }  # fmt: skip
    return render(unit.request, "cases/moved_on.html", context, status=409)
