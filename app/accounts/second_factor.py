"""The second factor of staff: codes of an authenticator (TOTP, RFC 6238), each good once, and ten recovery codes on paper."""

import hashlib
import hmac
import io
import secrets
from base64 import b32encode
from datetime import datetime
from typing import cast
from uuid import UUID

import pyotp
import segno
from markupsafe import Markup
from sqlalchemy import CursorResult, delete, func, or_, update
from sqlmodel import Session, col, select

from app.core.crypto import keyring

from .models import RecoveryCode, Staff

STEP = 30  # seconds (RFC 6238 §4.1)
WINDOW = 1  # steps that a clock may be off, either way (RFC 6238 §5.2)
DIGITS, RECOVERY_DIGITS, RECOVERY_CODES = 6, 12, 10


def new_secret() -> str:
    """A secret of 160 bits in base32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def demo_secret(username: str) -> str:
    """The known secret of a demo account, so that its code can be shown beside the field."""
    return b32encode(hashlib.sha256(f"linban demo {username}".encode()).digest()[:20]).decode()


def step_of(now: datetime) -> int:
    """The time step of a moment."""
    return int(now.timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """The code of a time step."""
    return pyotp.TOTP(secret).generate_otp(step)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to, within the window; None when it belongs to none."""
    here, found = step_of(now), None
    for step in range(here - WINDOW, here + WINDOW + 1):
        if hmac.compare_digest(code_at(secret, step), code):
            found = step
    return found


def plain(typed: str) -> str:
    """The figures of what was typed, whatever stands between them; empty when there is anything else."""
    text = "".join(typed.split()).replace("-", "")
    return text if text.isascii() and text.isdecimal() else ""


def use_code(session: Session, staff: Staff, typed: str, now: datetime) -> bool:
    """Whether the code is right and was not used before; it is used up. Of two at once, one wins."""
    code = plain(typed)
    step = matching_step(staff.totp_secret, code, now) if staff.totp_secret and len(code) == DIGITS else None
    if step is None:
        return False
    newer = update(Staff).where(
        col(Staff.id) == staff.id, col(Staff.totp_secret).is_not(None),
        or_(col(Staff.totp_step).is_(None), col(Staff.totp_step) < step),
    )  # fmt: skip
    return bool(cast("CursorResult[object]", session.execute(newer.values(totp_step=step))).rowcount)


def use_recovery_code(session: Session, staff_id: UUID, typed: str, now: datetime) -> bool:
    """Whether it is one of the account's recovery codes that is left; it is used up."""
    code = plain(typed)
    if len(code) != RECOVERY_DIGITS:
        return False
    mine = (col(RecoveryCode.staff_id) == staff_id, col(RecoveryCode.code_hash) == _hash(staff_id, code))
    used = update(RecoveryCode).where(*mine, col(RecoveryCode.used_at).is_(None)).values(used_at=now)
    return bool(cast("CursorResult[object]", session.execute(used)).rowcount)


def enrol(session: Session, staff: Staff, secret: str, step: int, now: datetime) -> list[str]:
    """Make the secret the second factor, its first code used; gives ten recovery codes, which are shown once."""
    staff.totp_secret, staff.totp_step = secret, step
    session.add(staff)
    return new_recovery_codes(session, staff.id, now)


def new_recovery_codes(session: Session, staff_id: UUID, now: datetime) -> list[str]:
    """Ten fresh recovery codes in fours; older ones stop working."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}")
    for code in codes:
        session.add(RecoveryCode(staff_id=staff_id, code_hash=_hash(staff_id, code), created_at=now))
    return sorted(fours(code) for code in codes)


def recovery_codes_left(session: Session, staff_id: UUID) -> int:
    """How many recovery codes are left."""
    mine = (RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*mine)).one()


def forget(session: Session, staff: Staff) -> None:
    """Take the second factor and its recovery codes away."""
    staff.totp_secret, staff.totp_step = None, None
    session.add(staff)
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff.id))


def _hash(staff_id: UUID, code: str) -> str:
    return keyring().blind("recovery-code", f"{staff_id}:{code}")


def fours(text: str) -> str:
    """In groups of four, as it is read and typed."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(username: str, secret: str) -> str:
    """The otpauth address that authenticators read: short, so that the code is coarse and any camera reads it."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="LinBan")


def picture(text: str) -> Markup:
    """A QR code as SVG without style attributes; black on white in any theme, or cameras do not read it."""
    out = io.BytesIO()
    segno.make(text, error="l", micro=False, boost_error=False).save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass=None, lineclass=None, scale=5, light="#fff", nl=False
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno


def usable_code(secret: str, used: int | None, now: datetime) -> str | None:
    """The code that an authenticator would show now, or the next one when it is used up already; None when that is too."""
    step = max(step_of(now), (used or 0) + 1)
    return code_at(secret, step) if step <= step_of(now) + WINDOW else None
