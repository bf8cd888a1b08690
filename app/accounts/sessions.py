"""Who is asking: sessions looked up once per request, listed for their owner, revocable at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple, cast
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ColumnElement, CursorResult, bindparam, delete, or_, select, update
from sqlmodel import Session, col
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from app.core.errors import Forbidden, NotFound, RealNameNeeded, SignInNeeded
from app.core.settings import settings
from app.core.unit import Lazy, Opened, Unit

from .models import Department, Person, Role, SessionRow, Staff
from .tokens import COOKIE, STAFF_COOKIE, digest, new_token

SEEN_EVERY = timedelta(minutes=10)


class Resident(NamedTuple):
    """A signed-in person."""

    session_id: UUID
    phone_id: UUID
    person_id: UUID
    name: str


class SignedPhone(NamedTuple):
    """A signed-in phone; `person_id` is None before the real-name check."""

    session_id: UUID
    phone_id: UUID
    person_id: UUID | None
    name: str | None


class Officer(NamedTuple):
    """A signed-in member of staff: what they may see is their department's, within their jurisdiction."""

    session_id: UUID
    staff_id: UUID
    name: str
    badge: str
    department_id: str
    department_zh: str
    department_en: str
    jurisdiction: str
    role: Role


class SessionLine(NamedTuple):
    """A session as its owner sees it under 我的."""

    id: UUID
    device: str
    bearer: bool
    created_at: datetime
    seen_at: datetime


s, p, f = SessionRow, Person, Staff
_RESIDENT = (
    select(col(s.id), col(s.phone_id), col(s.person_id), col(p.name), col(s.seen_at))
    .outerjoin(p, col(p.id) == col(s.person_id))
    .where(
        col(s.token_hash) == bindparam("token"), col(s.expires_at) > bindparam("now"),
        col(s.staff_id).is_(None), col(s.bearer) == bindparam("bearer"),
    )
)  # fmt: skip
_STAFF = (
    select(
        col(s.id), col(f.id), col(f.name), col(f.badge), col(f.department_id), col(Department.short_zh),
        col(Department.short_en), col(f.jurisdiction), col(f.role),
    )
    .join(f, col(f.id) == col(s.staff_id))
    .join(Department, col(Department.id) == col(f.department_id))
    .where(col(s.token_hash) == bindparam("token"), col(s.expires_at) > bindparam("now"), col(f.active).is_(True))
)  # fmt: skip


def cookie_name() -> str:
    """`__Host-` over https; a plain name on http localhost, where browsers refuse the prefix."""
    return f"__Host-{COOKIE}" if settings().secure else COOKIE


def staff_cookie_name() -> str:
    """Staff have their own cookie, so that a reviewer's and a resident's session can be open side by side in one browser."""
    return f"__Host-{STAFF_COOKIE}" if settings().secure else STAFF_COOKIE


def set_cookie(response: Response, token: str, expires_at: datetime, name: str | None = None) -> None:
    """Give the session to the browser: HttpOnly, SameSite=Lax, Secure over https."""
    response.set_cookie(
        name or cookie_name(), token, expires=expires_at, path="/", secure=settings().secure, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: str | None = None) -> None:
    """Take the session from the browser; a `__Host-` cookie goes only when all its attributes are said again."""
    response.delete_cookie(name or cookie_name(), path="/", secure=settings().secure, httponly=True, samesite="lax")


def token_of(request: HTTPConnection) -> tuple[str, bool] | None:
    """The client's token and whether it came as a bearer token (API) rather than a cookie."""
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip(), True
    token = request.cookies.get(cookie_name())
    return (token, False) if token else None


def find_phone(session: Session, request: HTTPConnection, now: datetime) -> SignedPhone | None:
    """The phone that is signed in, if any: one query."""
    found = _find_phone(session, request, now)
    return found and found[0]


def _find_phone(session: Session, request: HTTPConnection, now: datetime) -> tuple[SignedPhone, datetime] | None:
    """The signed-in phone and when its session was last seen."""
    token = token_of(request)
    if token is None:
        return None
    row: Any = session.connection().execute(_RESIDENT, {"token": digest(token[0]), "now": now, "bearer": token[1]}).first()
    return (SignedPhone(*row[:4]), row[4]) if row else None


def _seen(unit: Unit) -> SignedPhone | None:
    """The signed-in phone of a request; its session is marked as seen, at most once in ten minutes."""
    found = _find_phone(unit.session, unit.request, unit.now) if token_of(unit.request) else None
    if found is None:
        return None
    phone, seen_at = found
    if unit.now - seen_at >= SEEN_EVERY:
        mark = update(s).where(col(s.id) == phone.session_id).values(seen_at=unit.now)
        unit.afterwards(lambda session: session.execute(mark))
    unit.facts["phone"] = phone
    return phone


def current_phone(unit: Unit) -> SignedPhone:
    """The signed-in phone of a request; raises SignInNeeded."""
    found = _seen(unit)
    if found is None:
        raise SignInNeeded
    return found


def current_resident(unit: Unit) -> Resident:
    """The signed-in person of a request; raises SignInNeeded, or RealNameNeeded for a phone without a person."""
    found = current_phone(unit)
    if found.person_id is None or found.name is None:
        raise RealNameNeeded
    return Resident(found.session_id, found.phone_id, found.person_id, found.name)


def maybe_resident(unit: Unit) -> SignedPhone | None:
    """Who is signed in on a page that anyone may read; no query without a session cookie."""
    unit.facts["phone"] = found = _seen(unit)
    return found


def find_officer(session: Session, request: HTTPConnection, now: datetime) -> Officer:
    """The member of staff whose session the staff cookie holds: one query; raises SignInNeeded."""
    token = request.cookies.get(staff_cookie_name())
    row = token and session.connection().execute(_STAFF, {"token": digest(token), "now": now}).first()
    if not row:
        raise SignInNeeded
    return Officer(*row)


def find_reviewer(session: Session, request: HTTPConnection, now: datetime) -> Officer:
    """The signed-in reviewer or head; raises SignInNeeded, or Forbidden for other roles."""
    officer = find_officer(session, request, now)
    if officer.role not in (Role.REVIEWER, Role.HEAD):
        raise Forbidden
    return officer


def current_officer(unit: Unit) -> Officer:
    """The signed-in member of staff; raises SignInNeeded."""
    unit.facts["officer"] = officer = find_officer(unit.session, unit.request, unit.now)
    return officer


def current_reviewer(unit: Unit) -> Officer:
    """The signed-in reviewer or head; raises Forbidden for other roles."""
    unit.facts["officer"] = officer = find_reviewer(unit.session, unit.request, unit.now)
    return officer


def _lazy(find: Callable[[Unit], object]) -> Callable[[Unit], object]:
    async def later(unit: Opened) -> Lazy[object]:
        return Lazy(lambda: find(unit))

    later.__name__ = find.__name__
    later.needs_unit = True  # type: ignore[attr-defined] # read by core/unit.py
    return later


MaybeResident = Annotated[SignedPhone | None, Depends(_lazy(maybe_resident))]
CurrentPhone = Annotated[SignedPhone, Depends(_lazy(current_phone))]
CurrentResident = Annotated[Resident, Depends(_lazy(current_resident))]
CurrentOfficer = Annotated[Officer, Depends(_lazy(current_officer))]
CurrentReviewer = Annotated[Officer, Depends(_lazy(current_reviewer))]


def _mine(phone_id: UUID, person_id: UUID | None) -> ColumnElement[bool]:
    """Sessions of this phone, and of the person's other phones."""
    of_phone = col(s.phone_id) == phone_id
    return of_phone if person_id is None else or_(of_phone, col(s.person_id) == person_id)


def sessions_of(session: Session, phone_id: UUID, now: datetime, person_id: UUID | None = None) -> list[SessionLine]:
    """The live sessions of a phone and of its person's other phones, newest first."""
    found = select(col(s.id), col(s.device), col(s.bearer), col(s.created_at), col(s.seen_at))
    mine = found.where(_mine(phone_id, person_id), col(s.expires_at) > now).order_by(col(s.seen_at).desc())
    return [SessionLine(*row) for row in session.execute(mine)]


def revoke(session: Session, phone_id: UUID, session_id: UUID, person_id: UUID | None = None) -> None:
    """End one of my own sessions, with its very next request; somebody else's is NotFound."""
    gone = session.execute(delete(s).where(col(s.id) == session_id, _mine(phone_id, person_id)))
    if not cast("CursorResult[object]", gone).rowcount:
        raise NotFound


def end(session: Session, request: Request) -> None:
    """Sign this client out."""
    token = token_of(request)
    if token:
        session.execute(delete(SessionRow).where(col(s.token_hash) == digest(token[0])))


def end_staff(session: Session, request: Request) -> None:
    """Sign this member of staff out."""
    token = request.cookies.get(staff_cookie_name())
    if token:
        session.execute(delete(SessionRow).where(col(s.token_hash) == digest(token), col(s.staff_id).is_not(None)))


def bind_session(session: Session, session_id: UUID, person_id: UUID) -> tuple[str, datetime]:
    """After the real-name check: this session knows its person and gets a fresh token (no fixation)."""
    row = session.get(SessionRow, session_id)
    if row is None:
        raise SignInNeeded
    token = new_token()
    row.person_id, row.token_hash = person_id, digest(token)
    return token, row.expires_at
