"""Staff sign-in, step by step: password, code of the second factor, own password, own second factor; then a session.

Between the steps a browser holds a sealed cookie that opens nothing else, and only while the password stays the same.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

from sqlmodel import Session, col, select

from app.core import db
from app.core.crypto import keyring
from app.core.errors import AppError
from app.core.settings import settings

from . import passwords, second_factor
from .errors import AccountLocked, OneTimePasswordGone, PasswordRefused, SignInTooSlow, WrongPassword, WrongSecondFactor
from .models import Outcome, SessionRow, Staff, WrongPasswords
from .records import NOBODY, Thing, Who, append
from .staff import DEMO_PASSWORD
from .tokens import digest, new_token

LOCK_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)
#: Minutes from the right password to the end of its steps: choosing a password and setting up a phone take their time.
HALFWAY = timedelta(minutes=20)


class Step(StrEnum):
    """What comes next."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a step's name
    ENROL = "enrol"
    DONE = "done"


@dataclass(frozen=True)
class Halfway:
    """A right password was given at `at` for this account; sealed in a cookie. `proved`: so was the second factor.

    `password`: a digest of the hash that was right, so that a change or reset meanwhile ends this sign-in. `secret`: the second
    factor being set up, which is written nowhere until its first code has come.
    """

    staff_id: str
    at: str
    password: str
    next: str = ""
    proved: bool = False
    secret: str = ""


@dataclass(frozen=True)
class Client:
    """Where a try comes from, for records and the list of sessions."""

    address: str
    device: str


def who(staff: Staff) -> Who:
    """An account as records name it."""
    return Who(staff.id, staff.username, staff.role, staff.department_id)


def note(session: Session, staff: Staff | None, action: str, outcome: Outcome, client: Client, now: datetime) -> None:
    """Record a step of a sign-in; of a user name that nobody has, only that somebody tried."""
    append(session, who(staff) if staff else NOBODY, action, Thing(), outcome, now, client.address, client.device)


def prove(session: Session, staff: Staff, wrong: AppError | None, client: Client, now: datetime) -> AppError | None:
    """Count the answer to a question that only an account's owner can answer, asked of somebody signed in.

    Gives the refusal, to be raised when the count is committed: an unlocked screen is no way around the lock.
    """
    counter = _failures(session, staff.username, now)
    locked = _locked(counter, now)
    if locked or wrong is None:
        return locked
    return _count(session, counter, staff, wrong, client, now)


def _seal(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()


def check_password(session: Session, username: str, password: str) -> str | None:
    """The hash that the password opens, None when it opens none. No lock is held while argon2 works; an unknown name costs
    the same time. The demo's password, which everybody knows, opens nothing on a real installation, whoever is left there.
    """
    known = session.exec(select(Staff.password_hash).where(Staff.username == username, col(Staff.active))).first()
    right = passwords.right(known or passwords.nobodys(), password)
    return known if right and (password != DEMO_PASSWORD or settings().demo) else None


def begin(session: Session, username: str, right: str | None, client: Client, way: str, now: datetime) -> Halfway | AppError:
    """The next step's ticket, or the refusal, which is returned so that the failure is counted, recorded and committed.

    `right` is the answer of check_password. Five failures of password or code, from wherever, lock for 15 minutes (等保三级),
    right ones included, and a name that nobody has is locked like any other.
    """
    wrong = _failures(session, username, now)
    staff = session.exec(select(Staff).where(Staff.username == username, col(Staff.active))).first()
    if locked := _locked(wrong, now):
        note(session, staff, "sign-in.password", Outcome.REFUSED, client, now)
        return locked
    if staff is None or right is None or staff.password_hash != right:
        return _failed(session, wrong, staff, "sign-in.password", WrongPassword(), client, now)
    if staff.one_time_until is not None and staff.one_time_until <= now:
        note(session, staff, "sign-in.password", Outcome.REFUSED, client, now)
        return OneTimePasswordGone()
    return Halfway(str(staff.id), now.isoformat(), _seal(right), way)


def begun(halfway: Halfway | None) -> Halfway:
    """A sign-in that was begun; raises SignInTooSlow for a browser that holds none."""
    if halfway is None:
        raise SignInTooSlow
    return halfway


def find(session: Session, halfway: Halfway | None, now: datetime) -> Staff:
    """Whose sign-in is in progress, locked while this session writes; raises SignInTooSlow."""
    halfway = begun(halfway)
    if not timedelta(0) <= now - datetime.fromisoformat(halfway.at) <= HALFWAY:
        raise SignInTooSlow
    found = select(Staff).where(Staff.id == UUID(halfway.staff_id), col(Staff.active))
    staff = session.exec(found.with_for_update() if db.is_writing(session) else found).first()
    if staff is None or _seal(staff.password_hash) != halfway.password:
        raise SignInTooSlow
    return staff


def step(staff: Staff, halfway: Halfway, now: datetime) -> Step:
    """What this sign-in wants next. Who has a second factor shows it before anything is changed."""
    if staff.totp_secret is not None and not halfway.proved:
        return Step.CODE
    if passwords.must_change(staff, now):
        return Step.PASSWORD
    if staff.totp_secret is None and settings().staff_second_factor == "required":
        return Step.ENROL
    return Step.DONE


def give_code(session: Session, halfway: Halfway | None, typed: str, client: Client, now: datetime) -> Halfway | AppError:
    """The second factor, or one of the recovery codes; the refusal is returned, so that it is counted and committed."""
    halfway = begun(halfway)
    staff = find(session, halfway, now)
    wrong = _failures(session, staff.username, now)
    if locked := _locked(wrong, now):
        note(session, staff, "sign-in.code", Outcome.REFUSED, client, now)
        return locked
    if second_factor.use_code(session, staff, typed, now):
        return replace(halfway, proved=True)
    if second_factor.use_recovery_code(session, staff.id, typed, now):
        note(session, staff, "sign-in.recovery-code", Outcome.DONE, client, now)
        return replace(halfway, proved=True)
    return _failed(session, wrong, staff, "sign-in.code", WrongSecondFactor(), client, now)


def choose(session: Session, halfway: Halfway | None, password_hash: str, client: Client, now: datetime) -> Halfway:
    """Put the new password, whose rules were checked, in force; every session of the account ends."""
    halfway = begun(halfway)
    staff = find(session, halfway, now)
    if step(staff, halfway, now) is not Step.PASSWORD:
        raise SignInTooSlow
    passwords.put(session, staff, password_hash, now)
    for row in session.exec(select(SessionRow).where(SessionRow.staff_id == staff.id)):
        session.delete(row)
    note(session, staff, "account.password", Outcome.DONE, client, now)
    return replace(halfway, password=_seal(password_hash))


def enrol(
    session: Session, halfway: Halfway | None, typed: str, client: Client, now: datetime
) -> tuple[Halfway, list[str]] | AppError:
    """Set the second factor up with its first code: the ticket and ten recovery codes. A wrong code is counted like any."""
    halfway = begun(halfway)
    staff = find(session, halfway, now)
    if step(staff, halfway, now) is not Step.ENROL or not halfway.secret:
        raise SignInTooSlow
    wrong = _failures(session, staff.username, now)
    if locked := _locked(wrong, now):
        note(session, staff, "second-factor.enrol", Outcome.REFUSED, client, now)
        return locked
    found = second_factor.matching_step(halfway.secret, second_factor.plain(typed), now)
    if found is None:
        return _failed(session, wrong, staff, "second-factor.enrol", WrongSecondFactor(), client, now)
    codes = second_factor.enrol(session, staff, halfway.secret, found, now)
    note(session, staff, "second-factor.enrol", Outcome.DONE, client, now)
    return replace(halfway, proved=True, secret=""), codes


@dataclass(frozen=True)
class SignedIn:
    """A fresh staff session; its token goes to the browser once."""

    token: str
    expires_at: datetime
    role: str


def open_session(session: Session, halfway: Halfway | None, client: Client, now: datetime) -> SignedIn:
    """The session at the end of all steps; failures before it are forgotten. Raises SignInTooSlow when a step is left."""
    halfway = begun(halfway)
    staff = find(session, halfway, now)
    if step(staff, halfway, now) is not Step.DONE:
        raise SignInTooSlow
    session.delete(_failures(session, staff.username, now))
    token, until = new_token(), now + timedelta(hours=settings().staff_session_hours)
    session.add(
        SessionRow(
            token_hash=digest(token),
            staff_id=staff.id,
            device=client.device[:80],
            created_at=now,
            seen_at=now,
            expires_at=until,
        )
    )
    note(session, staff, "sign-in", Outcome.DONE, client, now)
    return SignedIn(token, until, staff.role)


def refuse_weak(staff: Staff, former: list[str], password: str, again: str) -> str:
    """The argon2id hash of a new password that keeps every rule and was typed twice alike; raises PasswordRefused."""
    kept = passwords.rules(password, passwords.of_owner(staff.username, staff.name), former)
    if not all(rule.kept for rule in kept) or password != again:
        raise PasswordRefused(rules=[rule.id for rule in kept if not rule.kept], alike=password == again)
    return passwords.hasher.hash(password)


def _failures(session: Session, username: str, now: datetime) -> WrongPasswords:
    """The counter of a user name, locked until the transaction ends, so that tries sent at once are counted one by one."""
    key = keyring().blind("username", username)
    found = session.get(WrongPasswords, key, with_for_update=True)
    if found is None:
        fresh = WrongPasswords(username_index=key, last_at=now)
        found = fresh if db.added(session, fresh) else session.get_one(WrongPasswords, key, with_for_update=True)
    return found


def _locked(wrong: WrongPasswords, now: datetime) -> AccountLocked | None:
    if wrong.locked_until is None or wrong.locked_until <= now:
        return None
    return AccountLocked(minutes=ceil((wrong.locked_until - now).total_seconds() / 60))


def _failed(
    session: Session, wrong: WrongPasswords, staff: Staff | None, action: str, refusal: AppError, client: Client, now: datetime
) -> AppError:
    """Record and count a failure."""
    note(session, staff, action, Outcome.REFUSED, client, now)
    return _count(session, wrong, staff, refusal, client, now)


def _count(
    session: Session, wrong: WrongPasswords, staff: Staff | None, refusal: AppError, client: Client, now: datetime
) -> AppError:
    """Count a failure; the fifth locks, and is recorded as such."""
    wrong.failures, wrong.locked_until, wrong.last_at = wrong.failures + 1, None, now
    session.add(wrong)
    if wrong.failures < LOCK_AFTER:
        return refusal
    wrong.failures, wrong.locked_until = 0, now + LOCKED_FOR
    note(session, staff, "sign-in.locked", Outcome.REFUSED, client, now)
    return AccountLocked(minutes=ceil(LOCKED_FOR.total_seconds() / 60))
