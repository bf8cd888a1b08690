"""消息 at the desk: whose turn, lights, the day's numbers. Each message leads to what it is about."""

from typing import NamedTuple
from uuid import UUID

from starlette.responses import Response

from app.accounts.models import Role
from app.accounts.officers import CurrentOfficer, Officer
from app.core import db
from app.core.unit import Opened, router
from app.core.web import redirect, render
from app.core.words import WORDS
from app.messages import queries, staff_inbox
from app.messages.queries import Standing
from app.messages.staff_inbox import StaffMessage
from app.messages.texts import Said, say

from . import landing
from .routes import desk_page

routes = router()
A_PAGE = 30
UNREAD = "unread"
#: Where several things at once lead a reviewer or a head.
LISTS = {
    "staff_item_new": "/desk?claim=free",
    "staff_due_soon": "/desk?light=soon",
    "staff_overdue": "/desk?light=over&claim=all",
    "staff_escalated": "/desk?light=over&claim=all",
}


class Line(NamedTuple):
    """A message as it is shown."""

    row: StaffMessage
    said: Said
    when: str


@routes.get("/desk/messages")
def inbox(unit: Opened, officer: CurrentOfficer, show: str = "", before: UUID | None = None) -> Response:
    """My messages; `show=unread` only those that I have not read."""
    page, only = desk_page(unit.request, officer), show == UNREAD
    rows = staff_inbox.inbox(unit.session, officer.staff_id, A_PAGE + 1, unread=only, before=before)
    lines = [
        Line(row, say(row.kind, row.params, page.lang, unit.now), WORDS.moment(row.created_at, page.lang, unit.now))
        for row in rows[:A_PAGE]
    ]
    context = {
        "officer": officer, "menu": landing.menu(officer.role, officer.jurisdiction),
        "lines": lines, "only": only, "before": before,
        "older": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None, "live": "/desk/messages",
        "version": queries.standing_at_desk(unit.session, [officer.staff_id]).get(officer.staff_id, Standing()).version,
    }  # fmt: skip
    return render(unit.request, "desk/messages.html", context, page=page, fragment="desk/_inbox.html")


@routes.post("/desk/messages/reading")
def read_all(unit: Opened, officer: CurrentOfficer) -> Response:
    """Mark everything read."""
    staff_inbox.read_all(unit.session, officer.staff_id, unit.now)
    return redirect("/desk/messages")


@routes.get("/desk/messages/{message_id}")
def open_message(unit: Opened, officer: CurrentOfficer, message_id: UUID) -> Response:
    """A message leads to what it is about (a push will too); opening it marks it read, in a transaction of its own."""
    with db.writing() as session:
        found = staff_inbox.read(session, officer.staff_id, message_id, unit.now)
    return redirect(onward(found, officer))


def onward(message: StaffMessage, officer: Officer) -> str:
    """The page where somebody acts upon a message; only reviewers and heads have items and lists of them."""
    if message.kind == "staff_alert":
        return "/desk/deliveries"
    if officer.role not in (Role.REVIEWER, Role.HEAD):
        return landing.home(officer.role)
    if message.item_id:
        return f"/desk/items/{message.case_number}/{message.item_id}"
    return LISTS.get(message.kind, landing.home(officer.role))
