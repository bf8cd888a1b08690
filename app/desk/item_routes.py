"""One item at the desk: review, claim, decision, result. Every look is recorded before the data is shown."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.officers import CurrentReviewer, Officer, find_reviewer
from app.accounts.records import record
from app.accounts.staff import record_look
from app.cases import office
from app.cases.office import ClaimedByAnother
from app.cases.states import NotNow
from app.catalogue.editions import edition
from app.core import db, workdays
from app.core.clock import utcnow
from app.core.errors import AppError, BadInput
from app.core.unit import Opened, router
from app.core.web import redirect, render
from app.documents import service as documents
from app.documents.checks import check

from . import decisions, queries, words
from .decisions import Typed
from .review import Review, Subject, find, open_review
from .routes import desk_page
from .rows import pips

routes = router()
ITEM = "/desk/items/{number}/{item_id}"
MOST_BYTES = 20 * 1024 * 1024


def _record(officer: Officer, subject: Subject, now: datetime) -> None:
    record_look(officer.staff_id, subject.case.applicant_id, subject.case.number, "review", subject.item.item_id, now)


def _page(
    request: Request, officer: Officer, review: Review, now: datetime, *, typed: Typed | None = None,
    error: AppError | None = None, sent: str = "", status: int = 200,
) -> Response:  # fmt: skip
    item = review.subject.item
    context: dict[str, Any] = {
        "officer": officer, "review": review, "item": item, "case": review.subject.case, "now": now, "error": error,
        "said": words.clock_words(review.clock, item.state), "state": words.STATES[item.state][0],
        "pips": pips(review.others, officer.department_id), "typed": typed or Typed(version=item.version),
        "marks": decisions.marks_by_target(typed) if typed else {}, "may_act": item.claimed_by in (None, officer.staff_id),
        "days": [(n, workdays.due(now, n).at) for n in words.CORRECTION_DAYS], "quick": words.QUICK_REASONS,
        "quick_denials": words.QUICK_DENIALS, "approve": words.APPROVE, "events": words.EVENTS, "channels": words.CHANNELS,
        "sent": words.SENT.get(sent), "previewing": bool(typed and typed.then == "preview" and error is None),
    }  # fmt: skip
    page = desk_page(request, officer)
    return render(request, "desk/review.html", context, page=page, status=status)


@routes.get(ITEM)
def review_page(unit: Opened, officer: CurrentReviewer, number: str, item_id: str, sent: str = "") -> Response:
    """Documents beside answers, facts, other departments, and the decision."""
    subject = find(unit.session, officer, number, item_id)
    _record(officer, subject, unit.now)
    page = desk_page(unit.request, officer)
    review = open_review(unit.session, officer, subject, page.lang, unit.now)
    return _page(unit.request, officer, review, unit.now, sent=sent)


def _again(
    request: Request, number: str, item_id: str, typed: Typed | None, error: AppError | None, status: int = 200
) -> Response:
    """The same page with what was typed, after a refusal; the item as it stands now."""
    now = utcnow()
    with db.reading() as session:
        officer = find_reviewer(session, request, now)
        subject = find(session, officer, number, item_id)
        _record(officer, subject, now)
        review = open_review(session, officer, subject, desk_page(request, officer).lang, now)
        if typed is not None and error is None:
            record(session, officer, "items.preview", ("case", subject.case.number), now, part=subject.item.item_id)
        return _page(request, officer, review, now, typed=typed, error=error, status=error.status if error else status)


Verb = Callable[[Session, Officer, Subject, datetime], str]


def _act(request: Request, number: str, item_id: str, verb: Verb) -> tuple[str, queries.Line | None]:
    """One transaction: who, what, done. Gives what was done and the item that comes next in the queue."""
    now = utcnow()
    with db.writing() as session:
        officer = find_reviewer(session, request, now)
        subject = find(session, officer, number, item_id)
        _, after = queries.neighbours(session, officer, subject.item.act_by or now, subject.item.id)
        done = verb(session, officer, subject, now)
        record(session, officer, f"items.{done}", ("case", subject.case.number), now, part=subject.item.item_id)
        return done, after or queries.first_open(session, officer, subject.item.id)


def _on(done: str, number: str, item_id: str, onward: queries.Line | None, then: str) -> Response:
    """After 受理 and 同意 the work on this item goes on; after the rest the next one comes."""
    if then == "stay" or done in ("accept", "approve", "claim", "release"):
        return redirect(f"/desk/items/{number}/{item_id}?sent={done}")
    return redirect(f"/desk/items/{onward.number}/{onward.item_id}?sent={done}" if onward else f"/desk?sent={done}")


def _claim(session: Session, officer: Officer, subject: Subject, now: datetime) -> str:
    office.claim(session, decisions.reviewer(officer), subject.case.id, subject.item.item_id, now)
    return "claim"


def _release(session: Session, officer: Officer, subject: Subject, now: datetime) -> str:
    office.release(session, decisions.reviewer(officer), subject.case.id, subject.item.item_id)
    return "release"


@routes.post(ITEM + "/claim")
def claim(request: Request, number: str, item_id: str) -> Response:
    """领办."""
    return _simple(request, number, item_id, _claim)


@routes.post(ITEM + "/release")
def release(request: Request, number: str, item_id: str) -> Response:
    """释放领办."""
    return _simple(request, number, item_id, _release)


def _simple(request: Request, number: str, item_id: str, verb: Verb) -> Response:
    try:
        done, _ = _act(request, number, item_id, verb)
    except (ClaimedByAnother, NotNow) as error:
        return _again(request, number, item_id, None, error)
    return _on(done, number, item_id, None, "")


@routes.post(ITEM + "/decision")
def decide(request: Request, number: str, item_id: str, typed: Annotated[Typed, Form()]) -> Response:
    """受理, 请补正, 同意, 不予. Refused or only previewed: the same page, what was typed kept."""
    if typed.then == "preview":
        return _again(request, number, item_id, typed, None)

    def verb(session: Session, officer: Officer, subject: Subject, now: datetime) -> str:
        service = edition(session, subject.case.service_id, subject.case.edition).service
        return decisions.carry_out(session, officer, subject.case.id, item_id, service, typed, now)

    try:
        done, onward = _act(request, number, item_id, verb)
    except (BadInput, ClaimedByAnother, NotNow) as error:
        return _again(request, number, item_id, typed, error)
    return _on(done, number, item_id, onward, typed.then)


@routes.post(ITEM + "/result")
def finish(
    request: Request, number: str, item_id: str, version: Annotated[int, Form()] = 0,
    then: Annotated[str, Form(max_length=20)] = "", file: UploadFile | None = None,
) -> Response:  # fmt: skip
    """办结: hand the result over, with the document that the applicant gets, if there is one.

    The file is checked (seconds) only for those who may finish the item, and before the write begins.
    """
    with db.reading() as session:
        find(session, find_reviewer(session, request, utcnow()), number, item_id)
    try:
        body = file.file.read(MOST_BYTES + 1) if file and file.filename else b""
        filename = (file.filename if file else None) or ""
        checked = check(body) if body else None

        def verb(session: Session, officer: Officer, subject: Subject, now: datetime) -> str:
            who, case, item = decisions.reviewer(officer), subject.case, subject.item
            office.open_item(session, who, case.id, item_id, version)
            kept = None
            if checked:
                kept = documents.store_result(
                    session, case.applicant_id, case.id, item.id, filename, checked, now, case.enterprise_id
                )
            office.finish(session, who, case.id, item_id, version, kept, now)
            return "finish"

        done, onward = _act(request, number, item_id, verb)
    except AppError as error:
        if error.status in (401, 403, 404):
            raise
        return _again(request, number, item_id, None, error)
    return _on(done, number, item_id, onward, then)
