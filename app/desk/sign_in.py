"""Staff sign-in and sign-out."""

from datetime import timedelta
from typing import Annotated, NamedTuple

from fastapi import Form, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.accounts import staff
from app.accounts.budgets import HOUR, spend
from app.accounts.cookies import safe_next
from app.accounts.models import Department, Staff
from app.accounts.routes import address_of, device_of
from app.accounts.sessions import end_staff, set_cookie, staff_cookie_name
from app.core import db
from app.core.clock import utcnow
from app.core.crypto import keyring
from app.core.errors import AppError
from app.core.settings import settings
from app.core.unit import Opened, router
from app.core.web import redirect, render

routes = router()
Field = Annotated[str, Form(max_length=200)]
TRIES_PER_HOUR = 120


class DemoAccount(NamedTuple):
    """An account that the demo offers."""

    username: str
    department_zh: str
    department_en: str


def demo_accounts(session: Session) -> list[DemoAccount]:
    """Everyone at the desk, for the sign-in page of a demo installation; empty elsewhere."""
    if not settings().demo:
        return []
    found = select(Staff.username, Department.short_zh, Department.short_en).join(
        Department, col(Department.id) == col(Staff.department_id)
    )
    return [
        DemoAccount(*row) for row in session.exec(found.where(Staff.active).order_by(col(Staff.created_at), Staff.username))
    ]


def _page(request: Request, next: str, username: str = "", error: AppError | None = None) -> Response:  # noqa: A002
    with db.reading() as session:
        demo = demo_accounts(session)
    context = {
        "next": _back(next), "username": username, "error": error, "demo": demo, "demo_password": staff.DEMO_PASSWORD
    }  # fmt: skip
    return render(request, "desk/sign_in.html", context, status=error.status if error else 200)


def _back(path: str) -> str:
    """A way back within the desk; anything else leads to the queue."""
    return path if path.startswith("/desk") and safe_next(path) == path else "/desk"


@routes.get("/desk/sign-in")
def page(request: Request, next: str = "/desk") -> Response:  # noqa: A002 - the field's name in the address
    """Ask for user name and password."""
    return _page(request, next)


@routes.post("/desk/sign-in")
def sign_in(request: Request, username: Field = "", password: Field = "", next: Field = "/desk") -> Response:  # noqa: A002
    """Open a session, or say that it was wrong (not what was) or until when the account is locked."""
    now, name = utcnow(), username.strip()
    try:
        with db.writing() as session:
            spend(session, "staff/address", keyring().blind("address", address_of(request)), TRIES_PER_HOUR, HOUR, now)
        with db.reading() as session:
            right = staff.check_password(session, name, password)
        with db.writing() as session:
            answer = staff.sign_in(session, name, right, device_of(request), now)
        if isinstance(answer, AppError):
            raise answer
    except AppError as error:
        return _page(request, next, name, error)
    response = redirect(_back(next))
    set_cookie(response, answer, now + timedelta(hours=settings().staff_session_hours), staff_cookie_name())
    return response


@routes.post("/desk/sign-out")
def sign_out(unit: Opened) -> Response:
    """End this session and drop its cookie; a resident's session in the same browser stays."""
    end_staff(unit.session, unit.request)
    response = redirect("/desk/sign-in")
    response.delete_cookie(staff_cookie_name(), secure=settings().secure, httponly=True, samesite="lax")
    return response
