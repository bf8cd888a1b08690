"""The auditor's pages: what staff did, at which cases they looked; filtered, page by page, as CSV. Nothing is changed here."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import Response

from app.accounts.officers import CurrentAuditor, Officer
from app.accounts.records import record
from app.core import db
from app.core.clock import local
from app.core.i18n import gettext
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, render
from app.desk import landing

from . import records_queries as queries
from . import records_words as words
from .records_objects import Names, item
from .records_queries import MOST_EXPORTED, PAGE, Filters

routes = router()
Choice = Annotated[str, Query(max_length=80)]


def _filters(path: str) -> Callable[..., Filters]:
    def parse(
        who: Choice = "", kind: Choice = "", outcome: Choice = "", number: Choice = "", since: Choice = "", until: Choice = "",
        after: Choice = "",
    ) -> Filters:  # fmt: skip
        return Filters.parse(path, who, kind, outcome, number, since, until, after)

    return parse


OfActs = Annotated[Filters, Depends(_filters("/desk/records"))]
OfLooks = Annotated[Filters, Depends(_filters("/desk/looks"))]


def _page(unit: Unit, officer: Officer, template: str, context: dict[str, Any]) -> Response:
    page = page_of(unit.request)
    page.staff = officer.name
    frame = {
        "officer": officer, "menu": landing.menu(officer.role, officer.jurisdiction),
        "kinds": words.KINDS, "roles": landing.ROLES,
        "things": words.THINGS, "action": words.action, "look": words.look, "most": MOST_EXPORTED,
    }  # fmt: skip
    return render(unit.request, template, {**frame, **context}, page=page)


@routes.get("/desk/records")
def acts(unit: Opened, officer: CurrentAuditor, filters: OfActs) -> Response:
    """What staff did, newest first."""
    rows = list(queries.acts(unit.session, filters, PAGE + 1))
    onward = filters.url(after=str(rows[PAGE - 1].sequence)) if len(rows) > PAGE else None
    named = Names.of(unit.session, rows, page_of(unit.request).lang)
    context = {"filters": filters, "rows": rows[:PAGE], "next_page": onward, "what": named.what}
    return _page(unit, officer, "administration/records.html", context)


@routes.get("/desk/looks")
def looks(unit: Opened, officer: CurrentAuditor, filters: OfLooks) -> Response:
    """Which case's personal data staff looked at, newest first."""
    rows = list(queries.looks(unit.session, filters, PAGE + 1))
    onward = filters.url(after=str(rows[PAGE - 1].id)) if len(rows) > PAGE else None
    context = {
        "filters": filters,
        "rows": rows[:PAGE],
        "next_page": onward,
        "item": partial(item, lang=page_of(unit.request).lang),
    }
    return _page(unit, officer, "administration/looks.html", context)


@routes.get("/desk/records.csv")
def acts_csv(unit: Opened, officer: CurrentAuditor, filters: OfActs) -> Response:
    """The chosen acts as a table for a spreadsheet; that they were taken out is recorded first."""
    _exported(unit, officer, "records.export")
    head = ("number", "at", "username", "name", "role", "department", "action", "words", "outcome", "object", "id", "part",
            "network", "device")  # fmt: skip
    lang = page_of(unit.request).lang
    rows = (
        (r.sequence, _at(r.at), r.username, r.name, r.role, r.department and r.department.zh, r.action,
         gettext(words.action(r.action), lang), r.outcome.value, r.object_kind, r.object_id, r.object_part, r.address, r.device)
        for r in queries.acts(unit.session, filters, MOST_EXPORTED)
    )  # fmt: skip
    return _csv("records", head, rows)


@routes.get("/desk/looks.csv")
def looks_csv(unit: Opened, officer: CurrentAuditor, filters: OfLooks) -> Response:
    """The chosen looks as a table for a spreadsheet; that they were taken out is recorded first."""
    _exported(unit, officer, "looks.export")
    rows = (
        (_at(r.at), r.username, r.name, r.department.zh, r.case_number, r.what, r.why)
        for r in queries.looks(unit.session, filters, MOST_EXPORTED)
    )
    return _csv("looks", ("at", "username", "name", "department", "case", "what", "why"), rows)


def _exported(unit: Unit, officer: Officer, action: str) -> None:
    with db.writing() as session:
        record(session, officer, action, ("", ""), unit.now, request=unit.request)


def _at(moment: Any) -> str:
    return local(moment).isoformat(sep=" ", timespec="seconds")


def plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: =, +, -, @ (full width too) and controls at its beginning get a '."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")) else text


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """RFC 4180 with a byte order mark, without which spreadsheets in China misread 汉字."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([plain(value) for value in row] for row in rows)
    disposition = {"Content-Disposition": f'attachment; filename="linban-{name}.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=disposition)
