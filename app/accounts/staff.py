"""Staff sign-in with a password (argon2id), lock-out after wrong ones, and recorded looks at personal data."""

from datetime import datetime, timedelta
from functools import cache
from math import ceil
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import Session, select

from app.core import db
from app.core.crypto import keyring
from app.core.settings import settings

from .errors import AccountLocked, WrongPassword
from .models import Look, Role, SessionRow, Staff, WrongPasswords
from .tokens import digest, new_token

LOCK_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)
DEMO_PASSWORD = "LinBan-demo-2026"  # noqa: S105 - of invented people, shown on the demo's own sign-in page
hasher = PasswordHasher()


@cache
def _nobody() -> str:
    return hasher.hash("nobody")


def _right(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except VerificationError:
        return False


def check_password(session: Session, username: str, password: str) -> bool:
    """Whether the password is right. No lock is held while argon2 works; an unknown name costs the same time."""
    known = session.exec(select(Staff.password_hash).where(Staff.username == username, Staff.active)).first()
    return _right(known or _nobody(), password) and known is not None


def sign_in(session: Session, username: str, right: bool, device: str, now: datetime) -> str | AccountLocked | WrongPassword:
    """A session token, or the refusal, which is returned so that the failure is counted and committed.

    `right` is the answer of check_password. Five failures lock for 15 minutes (等保三级), right passwords included, and a name
    that nobody has is locked like any other.
    """
    wrong = _wrong_passwords(session, username, now)
    if wrong.locked_until and wrong.locked_until > now:
        return AccountLocked(minutes=ceil((wrong.locked_until - now).total_seconds() / 60))
    found = session.exec(select(Staff).where(Staff.username == username, Staff.active)).first()
    if found is None or not right:
        return _count_failure(wrong, now)
    session.delete(wrong)
    token = new_token()
    session.add(
        SessionRow(
            token_hash=digest(token), staff_id=found.id, device=device[:80], created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=settings().staff_session_hours),
        )
    )  # fmt: skip
    return token


def _wrong_passwords(session: Session, username: str, now: datetime) -> WrongPasswords:
    """The counter of a user name, locked until the transaction ends, so that tries sent at once are counted one by one."""
    key = keyring().blind("username", username)
    found = session.get(WrongPasswords, key, with_for_update=True)
    if found is None:
        fresh = WrongPasswords(username_index=key, last_at=now)
        found = fresh if db.added(session, fresh) else session.get_one(WrongPasswords, key, with_for_update=True)
    return found


def _count_failure(wrong: WrongPasswords, now: datetime) -> AccountLocked | WrongPassword:
    wrong.failures, wrong.locked_until, wrong.last_at = wrong.failures + 1, None, now
    if wrong.failures < LOCK_AFTER:
        return WrongPassword()
    wrong.failures, wrong.locked_until = 0, now + LOCKED_FOR
    return AccountLocked(minutes=ceil(LOCKED_FOR.total_seconds() / 60))


def make_staff(
    session: Session, username: str, name: str, badge: str, password: str, department_id: str, jurisdiction: str,
    now: datetime, role: Role = Role.REVIEWER,
) -> Staff:  # fmt: skip
    """A new member of staff; the password rests only as an argon2id hash."""
    staff = Staff(
        username=username, name=name, badge=badge, password_hash=hasher.hash(password), department_id=department_id,
        jurisdiction=jurisdiction, role=role, created_at=now,
    )  # fmt: skip
    session.add(staff)
    return staff


def record_look(staff_id: UUID, person_id: UUID | None, case_number: str | None, what: str, why: str, now: datetime) -> None:
    """Record a look at personal data in its own transaction, before the data is shown (architecture §5)."""
    with db.writing() as session:
        session.add(Look(staff_id=staff_id, person_id=person_id, case_number=case_number, what=what, why=why, at=now))
