"""消息: what we told me, newest first."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from starlette.responses import Response

from app.accounts.sessions import CurrentResident
from app.core import db
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render
from app.core.words import WORDS
from app.messages import queries, service
from app.messages.reach import reach
from app.messages.texts import Said, say

routes = router()
A_PAGE = 30
TURN = "your-turn"


class Line(NamedTuple):
    """A message as it is shown."""

    row: queries.MessageRow
    said: Said
    when: str


@routes.get("/messages")
def inbox(unit: Opened, resident: CurrentResident, show: str = "", before: UUID | None = None) -> Response:
    """My messages; `show=your-turn` only those that still ask for something."""
    page, only = page_of(unit.request), show == TURN
    counts = queries.counts(unit.session, resident.party)
    rows = queries.inbox(unit.session, resident.party, A_PAGE + 1, your_turn=only, before=before)
    lines = [
        Line(row, say(row.kind, row.params, page.lang, unit.now), WORDS.moment(row.created_at, page.lang, unit.now))
        for row in rows[:A_PAGE]
    ]
    context = {
        "channels": reach(unit.session, resident.person_id),
        "lines": lines,
        "counts": counts,
        "only": only,
        "older": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
    }
    frame = replace(page, unread=counts.unread, user=WORDS.mask(resident.name))
    return render(unit.request, "messages/inbox.html", context, page=frame, fragment="messages/_inbox.html")


@routes.post("/messages/reading")
def read_all(unit: Opened, resident: CurrentResident) -> Response:
    """Mark everything read."""
    service.read_all(unit.session, resident.party, unit.now)
    return redirect("/messages")


@routes.get("/messages/{message_id}")
def open_message(unit: Opened, resident: CurrentResident, message_id: UUID) -> Response:
    """A message leads to its case (a push will too); opening it marks it read, in a transaction of its own."""
    with db.writing() as session:
        number = service.read(session, resident.party, message_id, unit.now)
    return redirect(f"/cases/{number}")
