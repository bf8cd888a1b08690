"""A member of staff's own account: who they are here, password, second factor, recovery codes, sessions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import Response

from app.accounts import cookies, passwords, records, second_factor, staff, staff_sign_in
from app.accounts.errors import AccountLocked, PasswordRefused, WrongPassword, WrongSecondFactor
from app.accounts.models import Outcome, Role, Staff
from app.accounts.officers import CurrentOfficer, Officer, find_officer
from app.accounts.sessions import drop_cookie
from app.accounts.tokens import RECOVERY_COOKIE
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, Forbidden
from app.core.settings import settings
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render
from app.territory import divisions

from . import landing
from .routes import desk_page
from .sign_in import client_of, keep_codes

routes = router()
Field = Annotated[str, Form(max_length=200)]
DONE = ("password", "session", "codes")


def _show(
    request: Request, officer: Officer, template: str, context: Mapping[str, Any], error: AppError | None = None
) -> Response:
    """A page with the rail of the officer's role; with an error, the same page again."""
    frame = {"officer": officer, "menu": landing.menu(officer.role, officer.jurisdiction), "error": error}
    page = desk_page(request, officer)
    return render(request, template, {**frame, **context}, page=page, status=error.status if error else 200)


@routes.get("/desk/account")
def account(unit: Opened, officer: CurrentOfficer, done: str = "") -> Response:
    """Everything about my account that I may know or change."""
    session, now = unit.session, unit.now
    found = session.get_one(Staff, officer.staff_id)
    sign_ins = records.last_sign_ins(session, officer.staff_id)
    changed = found.password_changed_at
    context = {
        "roles": landing.ROLES, "before": sign_ins[1] if len(sign_ins) > 1 else None,
        "until": changed + timedelta(days=settings().staff_password_days) if changed else None,
        "enrolled": found.totp_secret is not None, "left": second_factor.recovery_codes_left(session, officer.staff_id),
        "sessions": staff.sessions_of(session, officer.staff_id, now), "done": done if done in DONE else "",
        "where": divisions.own_name(officer.jurisdiction, page_of(unit.request).lang),
        "idle": settings().staff_idle_minutes, "hours": settings().staff_session_hours,
    }  # fmt: skip
    return _show(unit.request, officer, "desk/account.html", context)


@routes.get("/desk/overview")
def overview(unit: Opened, officer: CurrentOfficer) -> Response:
    """Where a supervisor arrives: what is not there yet, said plainly."""
    if officer.role is not Role.SUPERVISOR:
        raise Forbidden
    return _show(unit.request, officer, "desk/overview.html", {})


@routes.post("/desk/account/sessions/{session_id}/end")
def end_session(unit: Opened, officer: CurrentOfficer, session_id: UUID) -> Response:
    """End one of my sessions; takes effect with its next request."""
    staff.end_session(unit.session, officer.staff_id, session_id)
    return redirect("/desk/account?done=session")


def _password_page(request: Request, error: AppError | None = None) -> Response:
    now = utcnow()
    with db.reading() as session:
        officer = find_officer(session, request, now)
    context = {
        "rules": passwords.RULES, "common": passwords.COMMON,
        "parts": passwords.of_owner(officer.username, officer.name), "days": settings().staff_password_days,
    }  # fmt: skip
    return _show(request, officer, "desk/account_password.html", context, error)


@routes.get("/desk/account/password")
def password_page(request: Request) -> Response:
    """Ask for the password in force and a new one."""
    return _password_page(request)


@routes.post("/desk/account/password")
def change_password(request: Request, password: Field = "", new: Field = "", again: Field = "") -> Response:
    """Put a new password in force; my other sessions end. argon2 does its work before the write begins."""
    now = utcnow()
    try:
        with db.reading() as session:
            officer = find_officer(session, request, now)
            found = session.get_one(Staff, officer.staff_id)
            right, former = passwords.right(found.password_hash, password), passwords.former(session, found)
        with db.writing() as session:
            refusal = staff_sign_in.prove(session, found, None if right else WrongPassword(), client_of(request), now)
        if refusal is not None:
            raise refusal
        hashed = staff_sign_in.refuse_weak(found, former, new, again)
        with db.writing() as session:
            officer = find_officer(session, request, now)
            passwords.put(session, session.get_one(Staff, officer.staff_id), hashed, now)
            staff.end_sessions(session, officer.staff_id, but=officer.session_id)
    except (AccountLocked, PasswordRefused, WrongPassword) as error:
        return _password_page(request, error)
    return redirect("/desk/account?done=password")


def _codes_page(request: Request, error: AppError | None = None) -> Response:
    """The fresh codes, as long as this browser holds them; else how many are left, and how to make new ones."""
    now = utcnow()
    with db.reading() as session:
        officer = find_officer(session, request, now)
        left = second_factor.recovery_codes_left(session, officer.staff_id)
        enrolled = session.get_one(Staff, officer.staff_id).totp_secret is not None
    fresh = cookies.read(request, RECOVERY_COOKIE) or {}
    mine = fresh.get("staff") == str(officer.staff_id) and error is None
    context: dict[str, Any] = {
        "left": left, "enrolled": enrolled, "codes": fresh["codes"] if mine else [],
        "next": landing.onward(fresh.get("next", ""), officer.role),
    }  # fmt: skip
    return _show(request, officer, "desk/account_codes.html", context, error)


@routes.get("/desk/account/recovery-codes")
def codes_page(request: Request) -> Response:
    """Recovery codes: the fresh ones once, later only how many are left."""
    return _codes_page(request)


@routes.post("/desk/account/recovery-codes")
def make_codes(request: Request, code: Field = "") -> Response:
    """Ten fresh codes for a right code of the authenticator; the old ones stop working."""
    now = utcnow()
    with db.writing() as session:
        officer = find_officer(session, request, now)
        found = session.get_one(Staff, officer.staff_id)
        wrong = None if second_factor.use_code(session, found, code, now) else WrongSecondFactor()
        refusal = staff_sign_in.prove(session, found, wrong, client_of(request), now)
        codes = [] if refusal else second_factor.new_recovery_codes(session, officer.staff_id, now)
        if refusal:
            records.record(session, officer, "account.recovery-codes", ("", ""), now, outcome=Outcome.REFUSED)
    if refusal:
        return _codes_page(request, refusal)
    response = redirect("/desk/account/recovery-codes")
    keep_codes(response, officer.staff_id, codes, "/desk/account")
    return response


@routes.post("/desk/account/recovery-codes/kept")
def kept(unit: Opened, officer: CurrentOfficer, next: Field = "") -> Response:  # noqa: A002
    """The codes are on paper: they are shown no more."""
    response = redirect(landing.onward(next, officer.role))
    drop_cookie(response, cookies.named(RECOVERY_COOKIE))
    return response
