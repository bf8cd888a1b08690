"""The desk's queue: lights, tabs, filters, search. Addresses carry choices, never anything personal."""

from typing import Annotated, Any

from fastapi import Form, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.officers import CurrentOfficer, Officer, find_reviewer
from app.accounts.staff import record_look
from app.catalogue.editions import all_current
from app.core import db
from app.core.clock import utcnow
from app.core.unit import Opened, router
from app.core.web import Page, page_of, redirect, render

from . import landing, queries, words
from .filters import CLAIM_NAMES, TAB_NAMES, Cursor, Filters, LightFilter, Tab
from .rows import rows

routes = router()
SEARCHED = {
    "name": "search by name", "id_number": "search by ID number", "number": "search by case number",
    "credit_code": "search by credit code",
}  # fmt: skip


def desk_page(request: Request, officer: Officer) -> Page:
    """The frame of a page for a signed-in officer."""
    page = page_of(request)
    page.staff = officer.name
    return page


def _frame(officer: Officer, filters: Filters, numbers: queries.Counts, session: Session) -> dict[str, Any]:
    services = [(e.service.id, e.service.title) for e in all_current()]
    return {
        "officer": officer, "filters": filters, "counts": numbers, "tabs": TAB_NAMES, "claims": CLAIM_NAMES,
        "menu": landing.menu(officer.role, officer.jurisdiction),
        "services": services, "lights": LightFilter, "sent": None, "query": "", "searched": False, "next_page": None,
    }  # fmt: skip


@routes.get("/desk")
def queue(
    unit: Opened, officer: CurrentOfficer, tab: str = "", light: str = "", claim: str = "", service: str = "",
    after: str = "", sent: str = "",
) -> Response:  # fmt: skip
    """The items of my department within my jurisdiction, most urgent first; who has no queue is led to their own page."""
    if (own := landing.home(officer.role)) != landing.QUEUE:
        return redirect(own)
    filters = Filters.parse(tab, light, claim, service, after)
    numbers = queries.counts(unit.session, officer, filters, unit.now)
    lines = queries.lines(unit.session, officer, filters, unit.now)
    shown = lines[: queries.PAGE]
    by_case = queries.siblings(unit.session, {line.case_id for line in shown})
    context = _frame(officer, filters, numbers, unit.session) | {
        "rows": rows(shown, by_case, officer.department_id, unit.now), "now": unit.now, "sent": words.SENT.get(sent),
        "next_page": _next(filters, lines),
    }  # fmt: skip
    return render(unit.request, "desk/queue.html", context, page=desk_page(unit.request, officer))


def _next(filters: Filters, lines: list[queries.Line]) -> str | None:
    if len(lines) <= queries.PAGE:
        return None
    last = lines[queries.PAGE - 1]
    at = last.finished_at if filters.tab is Tab.DONE else last.act_by
    return filters.url(after=Cursor(at, last.id)) if at else None


@routes.post("/desk/search")
def search(request: Request, q: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Exact search. Answered right here, without a redirect, so that no name or number is ever in an address.

    A search by name or ID number is a look at personal data: it is recorded before anything is shown.
    """
    now, by = utcnow(), queries.recognise(q)
    with db.reading() as session:
        officer = find_reviewer(session, request, now)
        if by is not None:
            record_look(officer.staff_id, None, by.value if by.kind == "number" else None, SEARCHED[by.kind], "desk", now)
        found = queries.search(session, officer, by) if by else []
        by_case = queries.siblings(session, {line.case_id for line in found})
        context = _frame(officer, Filters(), queries.counts(session, officer, Filters(), now), session)
    context |= {
        "rows": rows(found, by_case, officer.department_id, now), "now": now, "query": q, "searched": True,
        "understood": by.kind if by else None,
    }  # fmt: skip
    return render(request, "desk/queue.html", context, page=desk_page(request, officer), status=200 if by else 422)
