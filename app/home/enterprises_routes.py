"""我代表的企业: what the register says I may act for, and the switch between 个人 and 企业."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import cookies, enterprises, enterprises_asked
from app.accounts.enterprises import KINDS, ROLES
from app.accounts.sessions import CurrentResident, Resident, resident_of
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, BadInput, NotFound
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render
from app.messages import queries as messages

routes = router()
Field = Annotated[str, Form(max_length=40)]
Way = Annotated[str, Form(max_length=2000)]
#: What the page says after a step; a word in the address, never a text.
SAID = ("asked", "silent")


@routes.get("/me/enterprises")
def mine(unit: Opened, resident: CurrentResident, said: str = "", back: str = "/") -> Response:
    """For whom I may act, since when the register says so, and for whom I act now."""
    return render(unit.request, "home/enterprises.html", _context(unit.session, resident, said, back))


def _context(
    session: Session, resident: Resident, said: str = "", back: str = "/", error: AppError | None = None
) -> dict[str, object]:
    rows = enterprises.bound(session, resident.person_id, ended=True)
    return {
        "unread": messages.by_identity(session, resident.person_id),
        "live": [row for row in rows if row.ended_at is None], "ended": [row for row in rows if row.ended_at],
        "acting": resident.enterprise, "kinds": KINDS, "roles": ROLES, "said": said if said in SAID else "", "error": error,
        "back": cookies.safe_next(back),
    }  # fmt: skip


@routes.post("/me/enterprises")
def ask(request: Request) -> Response:
    """查一查: ask the register for whom I may act."""
    now = utcnow()
    resident = resident_of(request, now)
    try:
        enterprises_asked.ask(resident.person_id)
    except AppError as error:
        return _refused(request, resident, error)
    return redirect("/me/enterprises?said=asked")


def _refused(request: Request, resident: Resident, error: AppError) -> Response:
    with db.reading() as session:
        context = _context(session, resident, error=error)
    page = page_of(request)
    page.acting = resident.enterprise and resident.enterprise.name
    return render(request, "home/enterprises.html", context, page=page, status=error.status)


@routes.post("/me/acting")
def act(request: Request, enterprise: Field = "", back: Way = "/") -> Response:
    """Act for an enterprise from now on in this session, or for myself again (an empty field)."""
    resident = resident_of(request, utcnow())
    chosen, silent = None, False
    if enterprise:
        try:
            chosen = UUID(enterprise)
        except ValueError:
            raise BadInput("enterprise") from None
        try:
            silent = enterprises_asked.standing(resident.person_id, chosen).silent
        except NotFound:
            raise
        except AppError as error:
            return _refused(request, resident, error)
    with db.writing() as session:
        enterprises.act(session, resident.session_id, resident.person_id, chosen)
    return redirect("/me/enterprises?said=silent" if silent else cookies.safe_next(back))
