"""Staff who are asking: their session looked up once per request, with what they are now; an unsafe request leaves a record."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ColumnElement, Select, bindparam, delete, literal, select, update
from sqlmodel import Session, col
from starlette.requests import HTTPConnection, Request

from app.core import db
from app.core.errors import Forbidden, SignInNeeded
from app.core.settings import settings
from app.core.unit import Unit

from . import records
from .models import Department, Role, SessionRow, Staff
from .sessions import lazily
from .tokens import STAFF_COOKIE, digest, reader_mark

SEEN_EVERY = timedelta(minutes=1)


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
    username: str = ""
    unread: int = 0


s, f = SessionRow, Staff
_STAFF = (
    select(
        col(s.id), col(f.id), col(f.name), col(f.badge), col(f.department_id), col(Department.short_zh),
        col(Department.short_en), col(f.jurisdiction), col(f.role), col(f.username), col(s.seen_at),
    )
    .join(f, col(f.id) == col(s.staff_id))
    .join(Department, col(Department.id) == col(f.department_id))
    .where(
        col(s.token_hash) == bindparam("token"), col(s.expires_at) > bindparam("now"), col(f.active).is_(True),
        col(s.seen_at) > bindparam("idle_since"),
    )
)  # fmt: skip


_STILL = (
    select(col(s.id), col(s.staff_id))
    .join(f, col(f.id) == col(s.staff_id))
    .where(
        col(s.id).in_(bindparam("sessions", expanding=True)), col(s.expires_at) > bindparam("now"), col(f.active).is_(True),
        col(s.seen_at) > bindparam("idle_since"),
    )
)  # fmt: skip


def _idle_since(now: datetime) -> datetime:
    return now - timedelta(minutes=settings().staff_idle_minutes)


def still(session: Session, sessions: Collection[UUID], now: datetime) -> dict[UUID, UUID]:
    """Whose each of these staff sessions is; one that ended, or that nobody used, is not among them. It counts as no use."""
    found = session.execute(_STILL, {"sessions": list(sessions), "now": now, "idle_since": _idle_since(now)})
    return {row[0]: row[1] for row in found}


#: With the number of their unread messages, once a room above has said how these are counted.
_found: Select[Any] = _STAFF.add_columns(literal(0))


def count_unread(column: ColumnElement[int]) -> None:
    """Let each look for an officer count their unread messages, by a column that a room above has (wiring.listen)."""
    global _found
    _found = _STAFF.add_columns(column)


def staff_cookie_name() -> str:
    """Staff have their own cookie, so that a reviewer's and a resident's session can be open side by side in one browser."""
    return f"__Host-{STAFF_COOKIE}" if settings().secure else STAFF_COOKIE


def _find_officer(session: Session, request: HTTPConnection, now: datetime) -> tuple[Officer, datetime]:
    """Who the staff cookie says, as they are now, and when they were last seen; an unsafe request will leave a record."""
    token = request.cookies.get(staff_cookie_name())
    values = {"token": digest(token or ""), "now": now, "idle_since": _idle_since(now)}
    row: Any = token and session.connection().execute(_found, values).first()
    if not row:
        raise SignInNeeded
    officer = Officer(*row[:-2])._replace(unread=row[-1])
    records.notice(session, request, officer, now)
    return officer, row[-2]


def _seen_at_work(officer: Officer, seen_at: datetime, now: datetime) -> Callable[[Session], object] | None:
    """What marks a staff session as in use, at most once a minute."""
    if now - seen_at < SEEN_EVERY:
        return None
    mark = update(s).where(col(s.id) == officer.session_id).values(seen_at=now)
    return lambda session: session.execute(mark)


def find_officer(session: Session, request: HTTPConnection, now: datetime, *roles: Role) -> Officer:
    """The member of staff whose session the staff cookie holds: one query; raises SignInNeeded, Forbidden for other roles."""
    officer, seen_at = _find_officer(session, request, now)
    if mark := _seen_at_work(officer, seen_at, now) if db.is_writing(session) else None:
        mark(session)
    return _with_role(officer, roles)


def _with_role(officer: Officer, roles: tuple[Role, ...]) -> Officer:
    if roles and officer.role not in roles:
        raise Forbidden
    return officer


def find_reviewer(session: Session, request: HTTPConnection, now: datetime) -> Officer:
    """The signed-in reviewer or head; raises SignInNeeded, or Forbidden for other roles."""
    return find_officer(session, request, now, Role.REVIEWER, Role.HEAD)


def _current(unit: Unit, *roles: Role) -> Officer:
    officer, seen_at = _find_officer(unit.session, unit.request, unit.now)
    if mark := _seen_at_work(officer, seen_at, unit.now):
        unit.afterwards(mark)
    unit.facts["officer"] = officer
    unit.request.state.reader = reader_mark(officer.staff_id, officer.session_id)
    return _with_role(officer, roles)


def current_officer(unit: Unit) -> Officer:
    """The signed-in member of staff; raises SignInNeeded."""
    return _current(unit)


def current_reviewer(unit: Unit) -> Officer:
    """The signed-in reviewer or head; raises Forbidden for other roles."""
    return _current(unit, Role.REVIEWER, Role.HEAD)


def current_administrator(unit: Unit) -> Officer:
    """The signed-in administrator; raises Forbidden for other roles."""
    return _current(unit, Role.ADMINISTRATOR)


def current_auditor(unit: Unit) -> Officer:
    """The signed-in auditor; raises Forbidden for other roles."""
    return _current(unit, Role.AUDITOR)


CurrentOfficer = Annotated[Officer, Depends(lazily(current_officer))]
CurrentReviewer = Annotated[Officer, Depends(lazily(current_reviewer))]
CurrentAdministrator = Annotated[Officer, Depends(lazily(current_administrator))]
CurrentAuditor = Annotated[Officer, Depends(lazily(current_auditor))]


def end_staff(session: Session, request: Request, now: datetime) -> None:
    """Sign this member of staff out; nothing happens when nobody is signed in."""
    try:
        officer = find_officer(session, request, now)
    except SignInNeeded:
        return
    session.execute(delete(SessionRow).where(col(s.id) == officer.session_id))
    records.record(session, officer, "sign-out", ("", ""), now)
