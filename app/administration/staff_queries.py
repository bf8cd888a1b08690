"""Reads of the staff: within the administrator's jurisdiction only; names are sealed, so a name is looked for here."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from app.accounts.models import Department, Role, SessionRow, Staff, StaffAction, WrongPasswords
from app.accounts.officers import Officer
from app.core.crypto import keyring
from app.core.errors import NotFound

PAGE = 50


class Filters(NamedTuple):
    """What the list shows; `after` is the user name that the page before ended with."""

    q: str = ""
    department: str = ""
    role: str = ""
    state: str = ""
    after: str = ""

    @classmethod
    def parse(cls, q: str, department: str, role: str, state: str, after: str) -> "Filters":
        """Unknown choices fall back to all."""
        return cls(
            q.strip()[:40], department, role if role in list(Role) else "", state if state in ("active", "closed") else "",
            after[:60],
        )  # fmt: skip


class StaffLine(NamedTuple):
    """Somebody as the list shows them."""

    id: UUID
    username: str
    name: str
    badge: str
    department_id: str
    jurisdiction: str
    role: Role
    active: bool


def _within(officer: Officer) -> Select[StaffLine]:
    s = Staff
    found = select(s.id, s.username, s.name, s.badge, s.department_id, s.jurisdiction, s.role, s.active)  # type: ignore[call-overload]
    within: Select[StaffLine] = found.where(col(s.jurisdiction).startswith(officer.jurisdiction, autoescape=True))
    return within


def lines(session: Session, officer: Officer, filters: Filters) -> list[StaffLine]:
    """A page of the staff by user name, and one row more to know whether there is a next page: one query."""
    found = _within(officer).where(col(Staff.username) > filters.after).order_by(col(Staff.username))
    if filters.department:
        found = found.where(col(Staff.department_id) == filters.department)
    if filters.role:
        found = found.where(col(Staff.role) == Role(filters.role))
    if filters.state:
        found = found.where(col(Staff.active).is_(filters.state == "active"))
    if not filters.q:
        found = found.limit(PAGE + 1)
    rows = (StaffLine(*row) for row in session.execute(found))
    wanted = filters.q.casefold()
    return [row for row in rows if not wanted or _matches(row, wanted)][: PAGE + 1]


def _matches(row: StaffLine, wanted: str) -> bool:
    return wanted in row.username or wanted in row.badge.casefold() or wanted in row.name.casefold()


def locked(session: Session, usernames: Iterable[str], now: datetime) -> set[str]:
    """Which of these are locked after wrong passwords: one query."""
    by_index = {keyring().blind("username", name): name for name in usernames}
    found = select(WrongPasswords.username_index).where(
        col(WrongPasswords.username_index).in_(by_index), col(WrongPasswords.locked_until) > now
    )
    return {by_index[index] for index in session.exec(found)}


def find(session: Session, officer: Officer, staff_id: UUID, *, lock: bool = False) -> Staff:
    """Somebody within the jurisdiction; raises NotFound."""
    found = select(Staff).where(Staff.id == staff_id, col(Staff.jurisdiction).startswith(officer.jurisdiction, autoescape=True))
    row = session.exec(found.with_for_update() if lock else found).first()
    if row is None:
        raise NotFound
    return row


class Seen(NamedTuple):
    """What somebody's page says of their signing in."""

    sessions: int
    last_sign_in: datetime | None


def seen(session: Session, staff_id: UUID, now: datetime) -> Seen:
    """Open sessions and the last sign-in: two queries."""
    live = select(func.count()).where(col(SessionRow.staff_id) == staff_id, col(SessionRow.expires_at) > now)
    last = select(func.max(StaffAction.at)).where(col(StaffAction.staff_id) == staff_id, col(StaffAction.action) == "sign-in")
    return Seen(session.exec(live).one(), session.exec(last).one())


def people(session: Session, officer: Officer) -> dict[str, int]:
    """How many active people each department has within the jurisdiction: one query."""
    found = (
        select(Staff.department_id, func.count())
        .where(col(Staff.active), col(Staff.jurisdiction).startswith(officer.jurisdiction, autoescape=True))
        .group_by(col(Staff.department_id))
    )
    return dict(session.exec(found).all())


def departments(session: Session) -> list[Department]:
    """Every published department, by short name: one query."""
    return list(session.exec(select(Department).order_by(col(Department.short_zh))))
