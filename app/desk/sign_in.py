"""Staff sign-in and sign-out: password, code, own password, own second factor, one page each (accounts/staff_sign_in.py)."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Form, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.accounts import cookies, second_factor, staff_sign_in
from app.accounts.budgets import HOUR, spend
from app.accounts.clients import address_of, area_of, device_of
from app.accounts.errors import PasswordRefused, SignInTooSlow
from app.accounts.models import Department, Staff
from app.accounts.officers import end_staff, staff_cookie_name
from app.accounts.passwords import COMMON, RULES, former, of_owner
from app.accounts.sessions import drop_cookie, set_cookie
from app.accounts.staff import DEMO_PASSWORD
from app.accounts.staff_sign_in import Client, Halfway, Step
from app.accounts.tokens import RECOVERY_COOKIE, STAFF_DOOR_COOKIE
from app.core import db
from app.core.clock import utcnow
from app.core.crypto import keyring
from app.core.errors import AppError
from app.core.settings import settings
from app.core.unit import Opened, router
from app.core.web import redirect, render

from . import landing

routes = router()
Field = Annotated[str, Form(max_length=200)]
Way = Annotated[str, Form(max_length=2000)]
TRIES_PER_HOUR = 120
LIFE = int(staff_sign_in.HALFWAY / timedelta(seconds=1))
DOOR = "/desk/sign-in"
PAGES = {Step.CODE: f"{DOOR}/code", Step.PASSWORD: f"{DOOR}/password", Step.ENROL: f"{DOOR}/second-factor"}


class DemoAccount(NamedTuple):
    """An account that the demo offers."""

    username: str
    role: str
    department_zh: str
    department_en: str


def demo_accounts(session: Session) -> list[DemoAccount]:
    """Everyone at the desk, for the sign-in page of a demo installation; empty elsewhere."""
    if not settings().demo:
        return []
    found = select(Staff.username, Staff.role, Department.short_zh, Department.short_en).join(
        Department, col(Department.id) == col(Staff.department_id)
    )
    return [
        DemoAccount(*row) for row in session.exec(found.where(Staff.active).order_by(col(Staff.created_at), Staff.username))
    ]


def client_of(request: Request) -> Client:
    """Where a try comes from."""
    return Client(area_of(request), device_of(request))


def halfway_of(request: Request) -> Halfway | None:
    """The sign-in in progress that this browser holds."""
    try:
        return Halfway(**value) if (value := cookies.read(request, STAFF_DOOR_COOKIE)) else None
    except TypeError:
        return None


def _page(request: Request, way: str, username: str = "", error: AppError | None = None) -> Response:
    with db.reading() as session:
        demo = demo_accounts(session)
    context = {
        "next": landing.way_back(way), "username": username, "error": error, "demo": demo, "demo_password": DEMO_PASSWORD,
        "roles": landing.ROLES,
    }  # fmt: skip
    return render(request, "desk/sign_in.html", context, status=error.status if error else 200)


@routes.get(DOOR)
def page(request: Request, next: str = "", late: bool = False) -> Response:  # noqa: A002 - the field's name in the address
    """Ask for user name and password."""
    answer = _page(request, next, error=SignInTooSlow() if late else None)
    answer.status_code = 200
    return answer


@routes.post(DOOR)
def sign_in(request: Request, username: Field = "", password: Field = "", next: Way = "") -> Response:  # noqa: A002
    """On to the next step, or say that it was wrong (not what was) or until when the account is locked."""
    now, name = utcnow(), username.strip()
    try:
        with db.writing() as session:
            spend(session, "staff/address", keyring().blind("address", address_of(request)), TRIES_PER_HOUR, HOUR, now)
        with db.reading() as session:
            right = staff_sign_in.check_password(session, name, password)
        with db.writing() as session:
            halfway = staff_sign_in.begin(session, name, right, client_of(request), landing.way_back(next), now)
        if isinstance(halfway, AppError):
            raise halfway
        return _on(request, halfway)
    except AppError as error:
        return _page(request, next, name, error)


def _on(request: Request, halfway: Halfway, codes: list[str] | None = None) -> Response:
    """To the page of the next step; after the last one a session, and to the page that was asked for."""
    now = utcnow()
    with db.reading() as session:
        found = staff_sign_in.find(session, halfway, now)
        step = staff_sign_in.step(found, halfway, now)
    if step is not Step.DONE:
        if step is Step.ENROL and not halfway.secret:
            halfway = replace(halfway, secret=second_factor.new_secret())
        response: Response = redirect(PAGES[step])
        cookies.put(response, STAFF_DOOR_COOKIE, asdict(halfway), LIFE)
        return response
    with db.writing() as session:
        signed = staff_sign_in.open_session(session, halfway, client_of(request), now)
    onward = landing.onward(halfway.next, signed.role)
    response = redirect("/desk/account/recovery-codes" if codes else onward)
    if codes:
        keep_codes(response, found.id, codes, onward)
    set_cookie(response, signed.token, signed.expires_at, staff_cookie_name())
    drop_cookie(response, cookies.named(STAFF_DOOR_COOKIE))
    return response


def keep_codes(response: Response, staff_id: UUID, codes: list[str], onward: str) -> None:
    """Let this browser, and nobody else, show fresh recovery codes until their owner says that they are kept."""
    cookies.put(response, RECOVERY_COOKIE, {"staff": str(staff_id), "codes": codes, "next": onward}, LIFE)


def _again(request: Request) -> Response:
    """To the step that is due; from the beginning when the steps took too long, or this browser has none in progress."""
    try:
        halfway, now = halfway_of(request), utcnow()
        with db.reading() as session:
            found = staff_sign_in.find(session, halfway, now)
        if halfway and (due := PAGES.get(staff_sign_in.step(found, halfway, now))):
            return redirect(due)
    except SignInTooSlow:
        pass
    response = redirect(f"{DOOR}?late=true" if halfway_of(request) else DOOR)
    drop_cookie(response, cookies.named(STAFF_DOOR_COOKIE))
    return response


def _step(request: Request, step: Step, error: AppError | None = None) -> Response:
    """The page of a step; another step's page when that comes first."""
    now = utcnow()
    try:
        halfway = staff_sign_in.begun(halfway_of(request))
        with db.reading() as session:
            found = staff_sign_in.find(session, halfway, now)
    except SignInTooSlow:
        return _again(request)
    due = staff_sign_in.step(found, halfway, now)
    if due is not step:
        return redirect(PAGES.get(due, DOOR))
    template, about = {
        Step.CODE: ("desk/sign_in_code.html", _code_page), Step.PASSWORD: ("desk/sign_in_password.html", _password_page),
        Step.ENROL: ("desk/sign_in_enrol.html", _enrol_page),
    }[step]  # fmt: skip
    shown = about(found, halfway)
    context = {"username": found.username, "error": error, "demo_code": None, **shown}
    return render(request, template, context, status=error.status if error else 200)


def _code_page(found: Staff, _halfway: Halfway) -> dict[str, Any]:
    """On a demo, the code that a demo account's authenticator would show now."""
    known = settings().demo and found.totp_secret == second_factor.demo_secret(found.username)
    code = second_factor.usable_code(found.totp_secret, found.totp_step, utcnow()) if known and found.totp_secret else None
    return {"demo_code": code, "demo": known}


def _password_page(found: Staff, _halfway: Halfway) -> dict[str, Any]:
    return {
        "rules": RULES, "parts": of_owner(found.username, found.name), "common": COMMON,
        "one_time": found.one_time_until is not None, "days": settings().staff_password_days,
    }  # fmt: skip


def _enrol_page(found: Staff, halfway: Halfway) -> dict[str, Any]:
    address = second_factor.address(found.username, halfway.secret)
    return {"secret": second_factor.fours(halfway.secret), "address": address, "qr": second_factor.picture(address)}


@routes.get(PAGES[Step.CODE])
def code_page(request: Request) -> Response:
    """Ask for the code of the second factor."""
    return _step(request, Step.CODE)


@routes.post(PAGES[Step.CODE])
def give_code(request: Request, code: Field = "") -> Response:
    """On, or say that the code was wrong, too old or used."""
    try:
        with db.writing() as session:
            halfway = staff_sign_in.give_code(session, halfway_of(request), code, client_of(request), utcnow())
        if isinstance(halfway, AppError):
            raise halfway
        return _on(request, halfway)
    except SignInTooSlow:
        return _again(request)
    except AppError as error:
        return _step(request, Step.CODE, error)


@routes.get(PAGES[Step.PASSWORD])
def password_page(request: Request) -> Response:
    """Ask for an own password, with its rules."""
    return _step(request, Step.PASSWORD)


@routes.post(PAGES[Step.PASSWORD])
def choose_password(request: Request, new: Field = "", again: Field = "") -> Response:
    """On with the new password, or say which rule it breaks. What costs argon2 time is done before the write begins."""
    now, halfway = utcnow(), halfway_of(request)
    try:
        with db.reading() as session:
            found = staff_sign_in.find(session, halfway, now)
            known = former(session, found)
        hashed = staff_sign_in.refuse_weak(found, known, new, again)
        with db.writing() as session:
            halfway = staff_sign_in.choose(session, halfway, hashed, client_of(request), now)
        return _on(request, halfway)
    except SignInTooSlow:
        return _again(request)
    except PasswordRefused as error:
        return _step(request, Step.PASSWORD, error)


@routes.get(PAGES[Step.ENROL])
def enrol_page(request: Request) -> Response:
    """Show the secret, as a QR code and as text, and ask for its first code."""
    return _step(request, Step.ENROL)


@routes.post(PAGES[Step.ENROL])
def enrol(request: Request, code: Field = "") -> Response:
    """Set the second factor up and sign in; the recovery codes are shown next."""
    try:
        with db.writing() as session:
            answer = staff_sign_in.enrol(session, halfway_of(request), code, client_of(request), utcnow())
        if isinstance(answer, AppError):
            raise answer
        return _on(request, *answer)
    except SignInTooSlow:
        return _again(request)
    except AppError as error:
        return _step(request, Step.ENROL, error)


@routes.post("/desk/sign-out")
def sign_out(unit: Opened) -> Response:
    """End this session and drop its cookie; a resident's session in the same browser stays."""
    end_staff(unit.session, unit.request, unit.now)
    response = redirect(DOOR)
    drop_cookie(response, staff_cookie_name())
    return response
