"""Accounts of staff: made, changed, closed by an administrator (or the terminal); each act is recorded with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.core import db
from app.core.crypto import keyring
from app.core.errors import N_, BadInput, NotFound
from app.core.settings import settings

from . import passwords, second_factor
from .errors import LastAdministrator, NotOneself, UsernameTaken
from .models import Department, Look, Role, SessionRow, Staff, WrongPasswords
from .officers import Officer
from .records import record
from .sessions import SessionLine

DEMO_PASSWORD = "LinBan-demo-2026"  # noqa: S105 - of invented people, shown on the demo's own sign-in page


@dataclass(frozen=True)
class StaffDetails:
    """What an administrator says about a member of staff; the user name stays as it was made."""

    name: str
    badge: str
    department_id: str
    jurisdiction: str
    role: Role


def _clean(session: Session, by: Officer | None, details: StaffDetails) -> StaffDetails:
    """The details trimmed and checked; raises BadInput."""
    name, badge = " ".join(details.name.split()), details.badge.strip()
    if not 2 <= len(name) <= 50:
        raise BadInput(N_("姓名 2 到 50 个字。"))
    if not 1 <= len(badge) <= 20:
        raise BadInput(N_("工号 1 到 20 个字符。"))
    if session.get(Department, details.department_id) is None:
        raise BadInput(N_("请选一个部门。"))
    where = details.jurisdiction.strip()
    if not (where.isdecimal() and where.isascii() and 2 <= len(where) <= 12):
        raise BadInput(N_("辖区填区划代码，2 到 12 位数字。"))
    if by is not None and not where.startswith(by.jurisdiction):
        raise BadInput(N_("辖区要在您自己的辖区里面。"))
    return StaffDetails(name, badge, details.department_id, where, Role(details.role))


def user_name(text: str) -> str:
    """A user name: 3 to 60 small letters, figures, dots, dashes; raises BadInput."""
    name = text.strip().lower()
    if not (3 <= len(name) <= 60 and name.isascii() and name.replace(".", "").replace("-", "").replace("_", "").isalnum()):
        raise BadInput(N_("用户名用小写字母和数字，3 到 60 个字符。"))
    return name


def make_staff(session: Session, by: Officer | None, username: str, details: StaffDetails, now: datetime) -> tuple[Staff, str]:
    """A new account and its one-time password, which is shown once; raises BadInput, UsernameTaken."""
    name, details = user_name(username), _clean(session, by, details)
    staff = Staff(username=name, password_hash="", created_at=now, **vars(details))
    password = passwords.give_one_time(staff, now)
    if not db.added(session, staff):
        raise UsernameTaken
    record(session, by, "staff.make", ("staff", str(staff.id)), now, part=details.role.value)
    return staff, password


def _find(session: Session, by: Officer | None, staff_id: UUID) -> Staff:
    """An account within the administrator's jurisdiction, locked; raises NotFound."""
    found = session.exec(select(Staff).where(Staff.id == staff_id).with_for_update()).first()
    if found is None or (by is not None and not found.jurisdiction.startswith(by.jurisdiction)):
        raise NotFound
    return found


def _not_oneself(by: Officer | None, staff: Staff) -> None:
    """Nobody gives themself a role, or shuts themself out; raises NotOneself."""
    if by is not None and by.staff_id == staff.id:
        raise NotOneself


def _keep_an_administrator(session: Session, staff: Staff) -> None:
    """Refuse to lose the last administrator in action; raises LastAdministrator.

    The others are locked: two who close each other at the same moment do not both succeed.
    """
    others = select(Staff.id).where(Staff.role == Role.ADMINISTRATOR, col(Staff.active), Staff.id != staff.id)
    if staff.role is Role.ADMINISTRATOR and staff.active and not session.exec(others.with_for_update()).all():
        raise LastAdministrator


def change(session: Session, by: Officer | None, staff_id: UUID, details: StaffDetails, now: datetime) -> Staff:
    """Change what is known of somebody; their very next request is decided by it. Raises NotFound, BadInput, NotOneself."""
    staff, details = _find(session, by, staff_id), _clean(session, by, details)
    if (staff.role, staff.department_id, staff.jurisdiction) != (details.role, details.department_id, details.jurisdiction):
        _not_oneself(by, staff)
    if details.role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, staff)
    changed = [name for name, value in vars(details).items() if getattr(staff, name) != value]
    for name in changed:
        setattr(staff, name, getattr(details, name))
    session.add(staff)
    record(session, by, "staff.change", ("staff", str(staff.id)), now, part=",".join(changed))
    return staff


def reset_password(session: Session, by: Officer | None, staff_id: UUID, now: datetime) -> str:
    """A one-time password, good for 24 hours and shown once; the account's sessions end. Raises NotFound, NotOneself."""
    staff = _find(session, by, staff_id)
    _not_oneself(by, staff)
    password = passwords.give_one_time(staff, now)
    session.add(staff)
    end_sessions(session, staff.id)
    _unlock(session, staff)
    record(session, by, "staff.reset-password", ("staff", str(staff.id)), now)
    return password


def reset_second_factor(session: Session, by: Officer | None, staff_id: UUID, now: datetime) -> None:
    """Forget the second factor and its recovery codes: it is set up anew at the next sign-in; the account's sessions end."""
    staff = _find(session, by, staff_id)
    _not_oneself(by, staff)
    second_factor.forget(session, staff)
    end_sessions(session, staff.id)
    record(session, by, "staff.reset-second-factor", ("staff", str(staff.id)), now)


def deactivate(session: Session, by: Officer | None, staff_id: UUID, now: datetime) -> None:
    """Close an account: its sessions end at once. What it did stays. Raises NotFound, NotOneself, LastAdministrator."""
    staff = _find(session, by, staff_id)
    _not_oneself(by, staff)
    _keep_an_administrator(session, staff)
    staff.active = False
    session.add(staff)
    end_sessions(session, staff.id)
    record(session, by, "staff.deactivate", ("staff", str(staff.id)), now)


def activate(session: Session, by: Officer | None, staff_id: UUID, now: datetime) -> str:
    """Open a closed account again, with a one-time password: nobody returns with what they left with. Raises NotFound."""
    staff = _find(session, by, staff_id)
    staff.active = True
    password = passwords.give_one_time(staff, now)
    session.add(staff)
    record(session, by, "staff.activate", ("staff", str(staff.id)), now)
    return password


def unlock(session: Session, by: Officer | None, staff_id: UUID, now: datetime) -> None:
    """End a lock after wrong passwords or codes before its time. Raises NotFound, NotOneself: the lock also stands between an
    administrator's unlocked screen and whoever guesses their password there.
    """
    staff = _find(session, by, staff_id)
    _not_oneself(by, staff)
    _unlock(session, staff)
    record(session, by, "staff.unlock", ("staff", str(staff.id)), now)


def locked_until(session: Session, username: str, now: datetime) -> datetime | None:
    """Until when an account is locked after wrong passwords or codes; None when it is not."""
    row = session.get(WrongPasswords, keyring().blind("username", username))
    return row.locked_until if row and row.locked_until and row.locked_until > now else None


def _unlock(session: Session, staff: Staff) -> None:
    key = keyring().blind("username", staff.username)
    session.execute(delete(WrongPasswords).where(col(WrongPasswords.username_index) == key))


def sessions_of(session: Session, staff_id: UUID, now: datetime) -> list[SessionLine]:
    """The live sessions of an account, newest first."""
    idle = now - timedelta(minutes=settings().staff_idle_minutes)
    row = SessionRow
    live = select(row).where(row.staff_id == staff_id, row.expires_at > now, row.seen_at > idle)
    found = session.exec(live.order_by(col(row.seen_at).desc()))
    return [SessionLine(each.id, each.device, each.bearer, each.created_at, each.seen_at) for each in found]


def end_session(session: Session, staff_id: UUID, session_id: UUID) -> None:
    """End one of an account's sessions, with its very next request; somebody else's is NotFound."""
    row = session.get(SessionRow, session_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound
    session.delete(row)


def end_sessions(session: Session, staff_id: UUID, but: UUID | None = None) -> None:
    """End the sessions of an account, all or all but one."""
    mine = delete(SessionRow).where(col(SessionRow.staff_id) == staff_id)
    session.execute(mine if but is None else mine.where(col(SessionRow.id) != but))


def record_look(staff_id: UUID, person_id: UUID | None, case_number: str | None, what: str, why: str, now: datetime) -> None:
    """Record a look at personal data in its own transaction, before the data is shown (architecture §5)."""
    with db.writing() as session:
        session.add(Look(staff_id=staff_id, person_id=person_id, case_number=case_number, what=what, why=why, at=now))
