"""The page of a correction: the reviewer's words, what is asked, nothing else."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from app.accounts.sessions import CurrentResident
from app.cases import queries
from app.cases.outlook import outlook
from app.cases.states import ENDED, NotNow
from app.catalogue import editions
from app.core import workdays
from app.core.errors import AppError, BadInput
from app.core.ids import new_id
from app.core.unit import Opened as OpenedUnit
from app.core.unit import Unit, router
from app.core.web import page_of, redirect, render
from app.documents import queries as documents
from app.documents.service import WantedDocument
from app.forms.definition import Page, Text
from app.forms.mistakes import Mistake

from . import display, pages
from .corrections import NotAsked, Opened, ReplyIncomplete, opened, reply
from .posted import answers_of

routes = router()
FORM_PAGE = Text(zh="补正", en="Correction")


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=200)


Posted = Annotated[FormData, Depends(_form)]


def _show(
    unit: Unit, seen: Opened, *, typed: dict[str, Any] | None = None, mistakes: tuple[Mistake, ...] = (),
    error: AppError | None = None, key: str = "", status: int = 200,
) -> Response:  # fmt: skip
    items = queries.items(unit.session, seen.head.id)
    department = editions.departments().get(seen.item.department_id)
    item = next((i for i in seen.edition.service.items if i.id == seen.item.item_id), None)
    done = dict.fromkeys(i.department_id for i in items if i.state in ENDED and i.decided_at)
    known = editions.departments()
    ahead = outlook(items, unit.now)
    values = {**seen.answers, **typed} if typed is not None else seen.answers
    context = {
        "seen": seen, "department": department.short if department else None, "item": item.short if item else None,
        "fields": [(q, pages.as_text(q, values.get(q.id))) for q in seen.questions],
        "wrong": {m.question_id: m for m in reversed(mistakes)}, "error": error, "key": key or str(new_id()),
        "closed": len(seen.edition.service.form.pages), "done": [known[d].short for d in done if d in known],
        "due": workdays.due(unit.now, seen.item.promised_days).at, "last_day": ahead.at if ahead else None,
        "back": f"/cases/{seen.head.number}/items/{seen.item.item_id}/correction",
        "late": unit.now > seen.correction.reply_by,
    }  # fmt: skip
    return render(unit.request, "cases/correction.html", context, status=status)


@routes.get("/cases/{number}/items/{item_id}/correction")
def correction_page(unit: OpenedUnit, resident: CurrentResident, number: str, item_id: str) -> Response:
    """What a department asks me to put right; when it is answered or closed already, the case."""
    try:
        return _show(unit, opened(unit.session, resident.person_id, number, item_id))
    except NotNow:
        return redirect(f"/cases/{number}")


def _typed(seen: Opened, form: FormData) -> dict[str, Any]:
    """The answers sent; a field of the form that was not asked for is a change of something closed."""
    known = seen.edition.service.form.questions()
    asked = {q.id for q in seen.questions}
    strange = sorted({name for name in form if name in known and name not in asked})
    if strange:
        raise NotAsked(strange)
    return answers_of(Page(id="correction", title=FORM_PAGE, questions=seen.questions), form)


@routes.post("/cases/{number}/items/{item_id}/correction")
def send_reply(unit: OpenedUnit, resident: CurrentResident, form: Posted, number: str, item_id: str) -> Response:
    """Answer it: 303 to the case; 422 with what is wrong and everything kept; 409 with what was typed when it moved on."""
    key, version = str(form.get("key", "")), str(form.get("version", ""))
    if not 8 <= len(key) <= 80 or not version.isdecimal():
        raise BadInput("key")
    try:
        seen = opened(unit.session, resident.person_id, number, item_id)
    except NotNow as refusal:
        return _moved_on(unit, resident.person_id, number, item_id, form, key, refusal)
    typed = _typed(seen, form)
    uploaded = [
        WantedDocument(d.material, d.page, d.sha256, d.size, d.filename)
        for d in documents.of_draft(unit.session, resident.person_id, seen.correction.id)
    ]
    try:
        reply(unit.session, resident.person_id, number, item_id, typed, uploaded, key, int(version), unit.now)
    except ReplyIncomplete as incomplete:
        return _show(unit, seen, typed=typed, mistakes=incomplete.found, key=key, status=422)
    return redirect(f"/cases/{number}")


def _moved_on(
    unit: Unit, person_id: UUID, number: str, item_id: str, form: FormData, key: str, refusal: NotNow
) -> Response:  # fmt: skip
    """Nothing is done twice: my own reply sent again leads to the case; else what was typed is shown with the reason."""
    head = queries.own(unit.session, person_id, number)
    if queries.replied(unit.session, head.id, key, f"reply:{item_id}"):
        return redirect(f"/cases/{number}")
    edition, lang = editions.edition(unit.session, head.service_id, head.edition), page_of(unit.request).lang
    known = edition.service.form.questions()
    page = Page(id="correction", title=FORM_PAGE, questions=tuple(known[name] for name in form if name in known))
    typed = answers_of(page, form)
    context = {
        "number": number, "error": refusal,
        "typed": [(known[name].label, display.answer(known[name], value, lang, whole=True)) for name, value in typed.items()],
    }  # fmt: skip
    return render(unit.request, "cases/moved_on.html", context, status=409)
