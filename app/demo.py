"""Demo data for `make run`: staff with a known password and second factor, towns and villages. Residents: sandbox."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.accounts import passwords, second_factor
from app.accounts.models import Department, Role, Staff
from app.accounts.staff import DEMO_PASSWORD
from app.core import db
from app.core.clock import utcnow
from app.core.settings import settings
from app.territory import demo as territory

PASSWORD = DEMO_PASSWORD
NAMES = {
    "health1": "林静", "cdc1": "吴倩", "psb1": "周敏", "msb1": "郑海燕", "msb2": "孙磊", "hrss1": "马超", "msb9": "蒋文",
    "super1": "许建华", "admin1": "韩雪", "audit1": "曹正",
}  # fmt: skip


#: For everybody else: whichever of these nobody bears yet, so that the list of staff never has two of one name.
OTHERS = (
    "沈洁", "顾明", "陆婷", "朱强", "徐丽", "何勇", "钱芳", "冯军", "蔡雯", "潘涛", "姚静", "唐磊", "秦岚", "罗斌", "邵敏",
    "汪洋", "丁蕾", "范杰", "石英", "薛刚", "叶青", "戴军", "夏莉", "贾伟",
)  # fmt: skip


class Wanted(NamedTuple):
    """An account that the demo has."""

    username: str
    department_id: str
    role: Role = Role.REVIEWER


#: Who is there besides a reviewer for every department.
MORE = (
    Wanted("msb2", "msb"), Wanted("msb9", "msb", Role.HEAD), Wanted("super1", "das", Role.SUPERVISOR),
    Wanted("admin1", "das", Role.ADMINISTRATOR), Wanted("audit1", "das", Role.AUDITOR),
)  # fmt: skip


def make() -> int:
    """Add the demo staff that is missing and keep the others' known password and factor alive; gives how many were added."""
    now = utcnow()
    with db.writing() as session:
        territory.fill(session, now)
        departments = list(session.exec(select(Department.id).order_by(col(Department.id))))
        there = {staff.username: staff for staff in session.exec(select(Staff))}
        wanted = [*(Wanted(f"{name}1", name) for name in departments), *(w for w in MORE if w.department_id in departments)]
        missing = [each for each in wanted if each.username not in there]
        borne = {staff.name for staff in there.values()} | set(NAMES.values())
        free = (name for name in OTHERS if name not in borne)
        for number, each in enumerate(missing, start=len(there) + 1):
            _add(session, each, NAMES.get(each.username) or next(free, each.username), number, now)
        for each in wanted:
            if known := there.get(each.username):
                _keep_alive(session, known, now)
    return len(missing)


def _add(session: Session, each: Wanted, name: str, number: int, now: datetime) -> None:
    session.add(
        Staff(
            username=each.username, name=name, badge=f"{settings().division}{number:04d}",
            password_hash=passwords.hasher.hash(PASSWORD), password_changed_at=now, department_id=each.department_id,
            jurisdiction=settings().division, role=each.role, totp_secret=second_factor.demo_secret(each.username),
            created_at=now,
        )
    )  # fmt: skip


def _keep_alive(session: Session, known: Staff, now: datetime) -> None:
    """A demo of an earlier release, or one left alone for a season, still opens with what its sign-in page shows."""
    old = known.password_changed_at is None or now - known.password_changed_at > timedelta(days=30)
    if known.one_time_until is None and old and passwords.right(known.password_hash, PASSWORD):
        known.password_changed_at = now
        known.totp_secret = known.totp_secret or second_factor.demo_secret(known.username)
        session.add(known)


def accounts() -> list[str]:
    """User names of the staff who can sign in at the desk."""
    with db.reading() as session:
        return list(session.exec(select(Staff.username).where(Staff.active).order_by(Staff.username)))
