"""Who is asking: sessions looked up once per request, listed for their owner, revocable at once."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple, cast
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from app.core import db
from app.core.errors import NotFound, RealNameNeeded, SignInNeeded
from app.core.settings import settings
from app.core.unit import Lazy, Opened, Unit

from .models import Binding, Enterprise, Person, SessionRow, Staff
from .parties import Acting, Party
from .tokens import COOKIE, digest, new_token, reader_mark

SEEN_EVERY = timedelta(minutes=10)


class Resident(NamedTuple):
    """A signed-in person; `enterprise` is for whom they act, None for themself."""

    session_id: UUID
    phone_id: UUID
    person_id: UUID
    name: str
    enterprise: Acting | None = None

    @property
    def party(self) -> Party:
        """Whose things this request is about."""
        return Party(self.person_id, self.enterprise and self.enterprise.id)


class SignedPhone(NamedTuple):
    """A signed-in phone; `person_id` is None before the real-name check. `may_act`: for how many enterprises."""

    session_id: UUID
    phone_id: UUID
    person_id: UUID | None
    name: str | None
    enterprise: Acting | None = None
    may_act: int = 0

    @property
    def resident(self) -> Resident | None:
        """The person, if this phone has one."""
        if self.person_id is None or self.name is None:
            return None
        return Resident(self.session_id, self.phone_id, self.person_id, self.name, self.enterprise)


class SessionLine(NamedTuple):
    """A session as its owner sees it under 我的."""

    id: UUID
    device: str
    bearer: bool
    created_at: datetime
    seen_at: datetime


s, p, f, b, e, every = SessionRow, Person, Staff, Binding, Enterprise, aliased(Binding)
_live = and_(col(b.person_id) == col(s.person_id), col(b.enterprise_id) == col(s.acting_for), col(b.ended_at).is_(None))
_RESIDENT = (
    select(
        col(s.id), col(s.phone_id), col(s.person_id), col(p.name), col(e.id), col(e.name), col(e.credit_code),
        select(func.count()).where(col(every.person_id) == col(s.person_id), col(every.ended_at).is_(None)).scalar_subquery(),
        col(s.seen_at),
    )
    .outerjoin(p, col(p.id) == col(s.person_id))
    .outerjoin(b, _live)  # an ended binding is none: the next request is the person's own
    .outerjoin(e, col(e.id) == col(b.enterprise_id))
    .where(
        col(s.token_hash) == bindparam("token"), col(s.expires_at) > bindparam("now"),
        col(s.staff_id).is_(None), col(s.bearer) == bindparam("bearer"),
    )
)  # fmt: skip


_PARTIES = (
    select(col(s.id), col(s.person_id), col(b.enterprise_id))
    .outerjoin(b, _live)
    .where(
        col(s.id).in_(bindparam("sessions", expanding=True)), col(s.expires_at) > bindparam("now"),
        col(s.person_id).is_not(None),
    )
)  # fmt: skip


def parties(session: Session, sessions: Collection[UUID], now: datetime) -> dict[UUID, Party]:
    """For whom each of these sessions acts now; one that ended is not among them. One query, for what is open for long."""
    found = session.execute(_PARTIES, {"sessions": list(sessions), "now": now})
    return {row[0]: Party(row[1], row[2]) for row in found}


def cookie_name() -> str:
    """`__Host-` over https; a plain name on http localhost, where browsers refuse the prefix."""
    return f"__Host-{COOKIE}" if settings().secure else COOKIE


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
    values = {"token": digest(token[0]), "now": now, "bearer": token[1]}
    row: Any = session.connection().execute(_RESIDENT, values).first()
    if row is None:
        return None
    phone = SignedPhone(*row[:4])._replace(enterprise=Acting(*row[4:7]) if row[4] else None, may_act=row[7])
    return phone, row[8]


def resident_of(request: Request, now: datetime) -> Resident:
    """Who asks, in a read of its own: what follows asks a system outside, and no session may be open then."""
    with db.reading() as session:
        phone = find_phone(session, request, now)
    if phone is None:
        raise SignInNeeded
    if phone.resident is None:
        raise RealNameNeeded
    return phone.resident


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
    unit.request.state.acting = phone.enterprise.name if phone.enterprise else None  # every page says it (core/web.py)
    if phone.person_id:
        unit.request.state.reader = reader_mark(phone.person_id, phone.session_id)
    return phone


def current_phone(unit: Unit) -> SignedPhone:
    """The signed-in phone of a request; raises SignInNeeded."""
    found = _seen(unit)
    if found is None:
        raise SignInNeeded
    return found


def current_resident(unit: Unit) -> Resident:
    """The signed-in person of a request; raises SignInNeeded, or RealNameNeeded for a phone without a person."""
    found = current_phone(unit).resident
    if found is None:
        raise RealNameNeeded
    return found


def maybe_resident(unit: Unit) -> SignedPhone | None:
    """Who is signed in on a page that anyone may read; no query without a session cookie."""
    unit.facts["phone"] = found = _seen(unit)
    return found


def lazily(find: Callable[[Unit], object]) -> Callable[[Unit], object]:
    """A dependency that looks somebody up inside the endpoint's own thread."""

    async def later(unit: Opened) -> Lazy[object]:
        return Lazy(lambda: find(unit))

    later.__name__ = find.__name__
    later.needs_unit = True  # type: ignore[attr-defined] # read by core/unit.py
    return later


MaybeResident = Annotated[SignedPhone | None, Depends(lazily(maybe_resident))]
CurrentPhone = Annotated[SignedPhone, Depends(lazily(current_phone))]
CurrentResident = Annotated[Resident, Depends(lazily(current_resident))]


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


def bind_session(session: Session, session_id: UUID, person_id: UUID) -> tuple[str, datetime]:
    """After the real-name check: this session knows its person and gets a fresh token (no fixation)."""
    row = session.get(SessionRow, session_id)
    if row is None:
        raise SignInNeeded
    token = new_token()
    row.person_id, row.token_hash = person_id, digest(token)
    return token, row.expires_at
