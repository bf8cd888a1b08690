"""Residents' sign-in: a one-time code to a phone, bound to the browser that asked for it; then a session."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core import db
from app.core.crypto import keyring
from app.core.errors import N_, BadInput
from app.core.settings import settings

from .budgets import DAY, HOUR, spend
from .errors import CodeGone, WrongCode
from .models import Consent, ConsentKind, Phone, SessionRow, SignInCode
from .tokens import digest, new_code, new_token

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
#: Operators give a number to somebody else after 90 days at the earliest; while the register is silent we trust half of that.
HOLDER_TRUSTED = timedelta(days=45)
TERMS_VERSION = "2026-11.2"
NUMBER = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True)
class AskedCode:
    """A code to be sent to `number`, and the request it is bound to (a cookie, or the API client's).

    `key` names this sending to the gateway, which sends nothing twice.
    """

    number: str
    code: str
    request: str
    key: str


@dataclass(frozen=True)
class SignedInPhone:
    """A fresh session: its token goes to the client once; `person_id` is None until the real-name check."""

    token: str
    session_id: UUID
    expires_at: datetime
    person_id: UUID | None


def phone_number(text: str) -> str:
    """A mainland mobile number, eleven digits, out of what was typed; raises BadInput saying how to mend it."""
    digits = re.sub(r"[\s\-]", "", normalize("NFKC", text)).removeprefix("+86")
    if not NUMBER.fullmatch(digits):
        raise BadInput(N_("手机号是 11 位数字，以 1 开头。"))
    return digits


def ask_code(session: Session, number: str, address: str, now: datetime, request: str | None = None) -> AskedCode:
    """Make a code within the budgets per number, address and day; older codes of the same request stop working.

    Codes that others asked for to this number live on: nobody can end a stranger's sign-in by asking for a code.
    """
    subject = keyring().blind("phone", number)
    spend(session, "code/number", subject, settings().codes_per_number_hour, HOUR, now)
    spend(session, "code/address", keyring().blind("address", address), settings().codes_per_address_hour, HOUR, now)
    spend(session, "code/day", "all", settings().codes_per_day, DAY, now)
    code, bound = new_code(), request or new_token()
    for old in session.exec(_codes(subject, bound).where(col(SignInCode.used_at).is_(None))):
        old.used_at = now
    row = SignInCode(number_index=subject, request_hash=digest(bound), code_hash="", created_at=now, expires_at=now + CODE_LIFE)
    row.code_hash = _code_hash(row.id, code)
    session.add(row)
    return AskedCode(number, code, bound, str(row.id))


def _codes(subject: str, request: str) -> SelectOfScalar[SignInCode]:
    """The codes of a number that one request asked for."""
    return select(SignInCode).where(SignInCode.number_index == subject, SignInCode.request_hash == digest(request))


def _code_hash(row_id: UUID, code: str) -> str:
    return keyring().blind("code", f"{row_id}:{code}")


def check_code(session: Session, number: str, code: str, request: str, now: datetime) -> CodeGone | WrongCode | None:
    """Use the code up, or say why not. The refusal is returned, not raised: the try must be counted and committed."""
    subject = keyring().blind("phone", number)
    newest = _codes(subject, request).order_by(col(SignInCode.created_at).desc(), col(SignInCode.id).desc())
    row = session.exec(newest.limit(1).with_for_update()).first()
    if row is None or row.used_at or row.expires_at <= now or row.tries >= CODE_TRIES:
        return CodeGone()
    row.tries += 1
    session.add(row)
    if not hmac.compare_digest(row.code_hash, _code_hash(row.id, code)):
        return WrongCode(left=CODE_TRIES - row.tries) if row.tries < CODE_TRIES else CodeGone()
    row.used_at = now
    return None


def phone_of(session: Session, number: str) -> Phone | None:
    """The credential row of a number, if it ever signed in."""
    return session.exec(select(Phone).where(Phone.number_index == keyring().blind("phone", number))).first()


def open_session(
    session: Session, number: str, device: str, now: datetime, *, holder: bool | None, bearer: bool = False
) -> SignedInPhone:
    """Sign a phone in. `holder` False means that the register says somebody else holds the number now: the link is cut."""
    phone = _known_phone(session, number, now)
    if holder is False:
        release(session, phone, now)
    elif holder:
        phone.holder_checked_at = now
    _agree(session, phone, now)
    checked = phone.holder_checked_at
    person_id = phone.person_id if checked and now - checked < HOLDER_TRUSTED else None
    token = new_token()
    row = SessionRow(
        token_hash=digest(token), phone_id=phone.id, person_id=person_id, device=device[:80], bearer=bearer,
        created_at=now, seen_at=now, expires_at=now + timedelta(days=settings().session_days),
    )  # fmt: skip
    session.add(row)
    return SignedInPhone(token, row.id, row.expires_at, person_id)


def _known_phone(session: Session, number: str, now: datetime) -> Phone:
    phone = phone_of(session, number)
    if phone is not None:
        return phone
    fresh = Phone(number=number, number_index=keyring().blind("phone", number), created_at=now)
    if db.added(session, fresh):
        return fresh
    return session.exec(select(Phone).where(Phone.number_index == fresh.number_index)).one()


def _agree(session: Session, phone: Phone, now: datetime) -> None:
    """Record the consent that signing in gives to the terms on the sign-in page: once for each version of the words."""
    same = (Consent.phone_id == phone.id, Consent.kind == ConsentKind.TERMS, Consent.version == TERMS_VERSION)
    if session.exec(select(col(Consent.id)).where(*same, col(Consent.withdrawn_at).is_(None))).first() is None:
        session.add(Consent(phone_id=phone.id, kind=ConsentKind.TERMS, version=TERMS_VERSION, given_at=now))


def release(session: Session, phone: Phone, now: datetime) -> None:
    """Cut a number from its person: sessions and consents given with it end at once, and it sees nothing any more."""
    phone.person_id, phone.holder_checked_at = None, None
    for consent in session.exec(select(Consent).where(Consent.phone_id == phone.id, col(Consent.withdrawn_at).is_(None))):
        consent.withdrawn_at = now
    for row in session.exec(select(SessionRow).where(SessionRow.phone_id == phone.id)):
        session.delete(row)
    session.flush()
