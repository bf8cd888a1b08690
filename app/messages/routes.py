"""消息: what we told me, by case; filters, search, what is read, and the address that a push leads to."""

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import Response

from app.accounts import cookies, enterprises
from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident, Resident
from app.core import db
from app.core.errors import BadInput, NotFound
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, partial, redirect, render
from app.core.words import WORDS

from . import groups, queries, search, service, view
from .groups import Cursor
from .models import Message
from .queries import Counts, Standing
from .reach import reach

routes = router()
#: Groups on a page, messages shown of each; messages on the page of one case.
A_PAGE, OF_EACH, OF_ONE = 10, 3, 30
SHOWN = ("", "your-turn", "progress", "result")
Text = Annotated[str, Query(max_length=200)]
Way = Annotated[str, Form(max_length=2000)]


def _address(**asked: str) -> str:
    """The address of an inbox page; what is empty is left out."""
    kept = {name: value for name, value in asked.items() if value}
    return f"/messages?{urlencode(kept)}" if kept else "/messages"


@routes.get("/messages")
def inbox(
    unit: Opened, resident: CurrentResident, show: Text = "", q: Text = "", case: Text = "", after: Text = ""
) -> Response:
    """My messages by case; `show` only some of them, `q` those that say so, `case` all of one case."""
    show, case, q = show if show in SHOWN else "", "".join(case.split()), " ".join(q.split())
    cursor = Cursor.parse(after) if after else None
    known = {"show": show, "q": q, "case": case}
    if case:
        context, counts = _one_case(unit, resident.party, case, cursor)
    else:
        context, counts = _by_case(unit, resident.party, show, q, cursor)
    context |= {
        "counts": counts, "show": show, "q": q, "case": case, "here": _address(**known, after=after),
        "address": lambda **changed: _address(**{**known, **changed}), "first": cursor is None,
        "version": Standing(counts.unread, counts.newest).version, "live": "/messages",
    }  # fmt: skip
    if not partial(unit.request):
        context["channels"] = reach(unit.session, resident.person_id)
    page = replace(page_of(unit.request), unread=counts.unread, user=WORDS.mask(resident.name))
    return render(unit.request, "messages/inbox.html", context, page=page, fragment="messages/_inbox.html")


def _by_case(unit: Unit, party: Party, show: str, q: str, cursor: Cursor | None) -> tuple[dict[str, Any], Counts]:
    wanted, until = [*groups.of_kind(show), *search.conditions(q)], cursor.until if cursor else unit.now
    found, counts = groups.groups(unit.session, party, A_PAGE + 1, wanted, until, cursor)
    shown, last = found[:A_PAGE], found[A_PAGE - 1] if len(found) > A_PAGE else None
    rows = groups.lines(unit.session, party, shown, OF_EACH, wanted, until)
    next_page = str(Cursor(last.turn, last.newest, last.key, until)) if last else ""
    sections = view.sections(shown, rows, page_of(unit.request).lang, unit.now)
    return {"sections": sections, "next": next_page}, counts or queries.counts(unit.session, party)


def _one_case(unit: Unit, party: Party, number: str, cursor: Cursor | None) -> tuple[dict[str, Any], Counts]:
    group, counts, rows = groups.of_case(unit.session, party, number, OF_ONE + 1, cursor)
    last = rows[OF_ONE - 1] if len(rows) > OF_ONE else None
    next_page = str(Cursor(0, last.created_at, last.id, unit.now)) if last else ""
    return {"sections": [view.section(group, rows[:OF_ONE], page_of(unit.request).lang, unit.now)], "next": next_page}, counts


@routes.post("/messages/reading")
def read(
    unit: Opened, resident: CurrentResident, group: Annotated[str, Form(max_length=40)] = "", back: Way = "/messages"
) -> Response:
    """Mark everything read, or one group: a case's messages, or one that is about no case."""
    if group:
        try:
            service.read_group(unit.session, resident.party, UUID(group), unit.now)
        except ValueError:
            raise BadInput("group") from None
    else:
        service.read_all(unit.session, resident.party, unit.now)
    return redirect(cookies.safe_next(back))


@routes.get("/messages/{message_id}")
def open_message(unit: Opened, resident: CurrentResident, message_id: UUID) -> Response:
    """A message leads to its case (or to how it was told), as a push does; opening it marks it read, in its own transaction.

    One of another identity of mine says whose it is and offers to change over: a push knows nothing of who acts for whom now.
    """
    with db.writing() as session:
        message = service.read(session, resident.party, message_id, unit.now)
    if message.enterprise_id != resident.party.enterprise_id:
        return _of_another_identity(unit, resident, message)
    if not message.case_number:
        return redirect(f"/messages/{message.id}/deliveries")
    return redirect(f"/cases/{message.case_number}{'#todo-1' if message.your_turn else ''}")


def _of_another_identity(unit: Unit, resident: Resident, message: Message) -> Response:
    """Whose a message is, and nothing that it says; `bound` is None when I may not act for that enterprise any more."""
    bound = None
    if message.enterprise_id is not None:
        with suppress(NotFound):
            bound = enterprises.one_bound(unit.session, resident.person_id, message.enterprise_id)
    context = {"own": message.enterprise_id is None, "bound": bound, "message_id": message.id}
    page = replace(page_of(unit.request), user=WORDS.mask(resident.name))
    return render(unit.request, "messages/elsewhere.html", context, page=page)
