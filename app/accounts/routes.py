"""Residents' pages of sign-in, real-name check and sessions."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import Response

from app.core import db
from app.core.clock import local, utcnow
from app.core.errors import AppError, BadInput, SignInNeeded
from app.core.settings import settings
from app.core.unit import Opened, router
from app.core.web import redirect, render
from app.core.words import WORDS
from app.outside.clients import identity, sms

from . import appearance, cookies, demo, real_name, sign_in
from .clients import address_of, device_of
from .errors import ConsentNeeded, NotMatched, PhoneOfAnother
from .models import Person, Phone
from .sessions import CurrentPhone, bind_session, drop_cookie, end, find_phone, maybe_resident, revoke, set_cookie

routes = router()
Field = Annotated[str, Form(max_length=200)]
Way = Annotated[str, Form(max_length=2000)]


def send_code(number: str, address: str, request_token: str | None = None) -> sign_in.AskedCode:
    """Make a code, commit it, then hand it to the SMS gateway with no session open; raises TooMany, Outage."""
    with db.writing() as session:
        asked = sign_in.ask_code(session, number, address, utcnow(), request_token)
    sms().send(asked.number, "sign-in-code", {"code": asked.code, "minutes": "5"}, asked.key)
    return asked


def holds(number: str) -> bool | None:
    """Whether the person bound to a number still holds it; None when nobody is bound or the register is silent."""
    with db.reading() as session:
        phone = sign_in.phone_of(session, number)
        person = phone and phone.person_id and session.get(Person, phone.person_id)
        known = person.id_number if person else None
    if known is None:
        return None
    try:
        return identity().holds_phone(number, known)
    except AppError:
        return None


def try_code(
    number: str, code: str, bound: str, device: str, *, bearer: bool = False, page: Request | None = None
) -> sign_in.SignedInPhone:
    """Use a code and open a session; raises WrongCode or CodeGone after the try was counted.

    `page`: the request of a browser, whose language and view the person chose before they signed in. Whoever was signed in
    there before is so no longer: what is pushed to them must not come to the next one's screen.
    """
    now = utcnow()
    with db.writing() as session:
        refusal = sign_in.check_code(session, number, code.strip(), bound, now)
    if refusal is not None:
        raise refusal
    holder = holds(number)
    with db.writing() as session:
        if page is not None:
            end(session, page)
        signed = sign_in.open_session(session, number, device, now, holder=holder, bearer=bearer)
        if page is not None and signed.person_id is not None:
            appearance.tell(session, page, signed.person_id, now)
        return signed


def _sign_in(request: Request, way: str, number: str = "", error: AppError | None = None) -> Response:
    context = {
        "next": cookies.safe_next(way), "number": number, "error": error, "terms_version": sign_in.TERMS_VERSION,
        "demo": demo.people(), "phone_page": demo.phone_page(),
    }  # fmt: skip
    return render(request, "accounts/sign_in.html", context, status=error.status if error else 200)


@routes.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the field's name in the address
    """Ask for the phone number."""
    return _sign_in(request, next)


@routes.post("/sign-in")
def ask(request: Request, phone: Field = "", next: Way = "/") -> Response:  # noqa: A002
    """Send a code and go to the page that takes it."""
    try:
        number = sign_in.phone_number(phone)
        asked = send_code(number, address_of(request))
    except AppError as error:
        return _sign_in(request, next, phone, error)
    response = redirect("/sign-in/code")
    cookies.keep(response, cookies.Pending(number, asked.request, cookies.safe_next(next)))
    return response


def _code(request: Request, number: str, error: AppError | None = None, *, again: bool = False) -> Response:
    context = {"number": WORDS.mask(number), "error": error, "again": again, "phone_page": demo.phone_page(number)}
    return render(request, "accounts/code.html", context, status=error.status if error else 200)


@routes.get("/sign-in/code")
def code_page(request: Request, again: bool = False) -> Response:
    """Take the code that was sent."""
    pending = cookies.pending_of(request)
    return redirect("/sign-in") if pending is None else _code(request, pending.number, again=again)


@routes.post("/sign-in/again")
def ask_again(request: Request) -> Response:
    """Send another code to the same number, within the same budgets; the older ones stop working."""
    pending = cookies.pending_of(request)
    if pending is None:
        return redirect("/sign-in")
    try:
        asked = send_code(pending.number, address_of(request))
    except AppError as error:
        return _code(request, pending.number, error)
    response = redirect("/sign-in/code?again=1")
    cookies.keep(response, cookies.Pending(pending.number, asked.request, pending.next))
    return response


@routes.post("/sign-in/code")
def check(request: Request, code: Field = "") -> Response:
    """Sign in, or say what is wrong with the code and how many tries are left."""
    pending = cookies.pending_of(request)
    if pending is None:
        return redirect("/sign-in")
    try:
        signed = try_code(pending.number, code, pending.request, device_of(request), page=request)
    except AppError as error:
        return _code(request, pending.number, error)
    response = redirect(pending.next if signed.person_id else f"/real-name?next={quote(pending.next, safe='')}")
    set_cookie(response, signed.token, signed.expires_at)
    drop_cookie(response, cookies.name())
    return response


def _real_name(
    request: Request, way: str, name: str = "", id_number: str = "", *, consent: bool = False, error: AppError | None = None
) -> Response:
    context = {
        "next": cookies.safe_next(way), "name": name, "id_number": id_number, "consent": consent, "error": error,
        "wrong": _wrong_field(error, name), "sensitive_version": real_name.SENSITIVE_VERSION, "phone_page": demo.phone_page(),
    }  # fmt: skip
    return render(request, "accounts/real_name.html", context, status=error.status if error else 200)


def _wrong_field(error: AppError | None, name: str) -> str:
    """Beside which field a mistake is said; empty when it concerns the whole."""
    if isinstance(error, ConsentNeeded):
        return "consent"
    if not isinstance(error, BadInput):
        return ""
    try:
        real_name.person_name(name)
    except BadInput:
        return "name"
    return "id_number"


@routes.get("/privacy")
def privacy(request: Request) -> Response:
    """The words of both consents, with their versions."""
    versions = {"terms_version": sign_in.TERMS_VERSION, "sensitive_version": real_name.SENSITIVE_VERSION}
    return render(request, "accounts/privacy.html", versions)


@routes.get("/real-name")
def real_name_page(unit: Opened, phone: CurrentPhone, next: str = "/") -> Response:  # noqa: A002
    """Ask for name, ID number and the separate consent."""
    if phone.person_id:
        return redirect(cookies.safe_next(next))
    return _real_name(unit.request, next)


@routes.post("/real-name")
def check_name(
    request: Request,
    name: Field = "",
    id_number: Field = "",
    consent: Field = "",
    next: Way = "/",  # noqa: A002
) -> Response:
    """Confirm the person with the register (no session open meanwhile), then bind the phone to them."""
    now = utcnow()
    with db.reading() as session:
        phone = find_phone(session, request, now)
    if phone is None:
        raise SignInNeeded
    if phone.person_id is not None:
        return redirect(cookies.safe_next(next))
    try:
        token = _bind(request, phone.phone_id, phone.session_id, name, id_number, bool(consent))
    except AppError as error:
        return _real_name(request, next, name, id_number, consent=bool(consent), error=error)
    response = redirect(cookies.safe_next(next))
    set_cookie(response, token[0], token[1])
    return response


def _bind(request: Request, phone_id: UUID, session_id: UUID, name: str, number: str, consent: bool) -> tuple[str, datetime]:
    now = utcnow()
    checked_name = real_name.person_name(name)
    checked_number = real_name.id_number(number, local(now).date())
    if not consent:
        raise ConsentNeeded
    with db.writing() as session:
        real_name.spend_check(session, phone_id, now)
        phone = session.get_one(Phone, phone_id).number
    if not identity().check(checked_name, checked_number):
        raise NotMatched
    # Who knows a name and a number is not that person yet: the operator must not say that the phone is another's.
    if identity().holds_phone(phone, checked_number) is False:
        raise PhoneOfAnother
    with db.writing() as session:
        person = real_name.bind(session, phone_id, checked_name, checked_number, now)
        appearance.tell(session, request, person.id, now)
        return bind_session(session, session_id, person.id)


@routes.post("/sign-out")
def sign_out(unit: Opened) -> Response:
    """End this session and drop its cookie."""
    end(unit.session, unit.request)
    response = redirect("/")
    drop_cookie(response)
    return response


@routes.post("/me/sessions/{session_id}/end")
def end_session(unit: Opened, phone: CurrentPhone, session_id: UUID) -> Response:
    """End another of my sessions; takes effect with its next request."""
    revoke(unit.session, phone.phone_id, session_id, phone.person_id)
    return redirect("/me/devices")


@routes.post("/settings")
def choose_look(
    unit: Opened,
    back: Way = "/",
    lang: Field = "",
    theme: Field = "",
    mode: Field = "",
    text: Field = "",
) -> Response:
    """Language, theme, 长辈版 and text size: kept in cookies, so that the first paint is right; no account needed.

    Of whoever is signed in, language and 长辈版 also say how to be told (appearance.py).
    """
    response = redirect(cookies.safe_next(back))
    allowed = {
        "lang": (lang, ("zh", "en")), "theme": (theme, ("light", "dark", "auto")), "mode": (mode, ("care", "standard")),
        "text": (text, ("1", "2", "3", "4", "5")),
    }  # fmt: skip
    for name, (value, choices) in allowed.items():
        if value and value not in choices:
            raise BadInput(name)
        if value:
            response.set_cookie(name, value, max_age=31_536_000, path="/", samesite="lax", secure=settings().secure)
    phone = maybe_resident(unit) if lang or mode else None
    if phone is not None and phone.person_id is not None:
        appearance.tell(unit.session, unit.request, phone.person_id, unit.now, lang, mode)
    return response
