"""Case numbers: YYMMDD in town time, five digits of the day, one ISO 7064 mod 11,10 check digit."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from app.core.clock import local

from .models import CaseCounter


def _next(session: Session, day: str) -> int | None:
    counted = update(CaseCounter).where(col(CaseCounter.day) == day).values(last=CaseCounter.last + 1)
    return session.execute(counted.returning(col(CaseCounter.last))).scalar()


def next_number(session: Session, now: datetime) -> str:
    """The next number of today; the day's counter row stays locked until commit, so numbers have no gaps."""
    day = f"{local(now):%y%m%d}"
    count = _next(session, day)
    if count is None:
        try:
            with session.begin_nested():
                session.add(CaseCounter(day=day, last=1))
            count = 1
        except IntegrityError:
            count = _next(session, day)
    body = f"{day}{count:05d}"
    return body + str(mod_11_10.calc_check_digit(body))


def is_number(text: str) -> bool:
    """Whether a text is a well-formed case number, check digit included; spaces don't matter."""
    compact = text.replace(" ", "")
    if len(compact) != 12:
        return False
    try:
        mod_11_10.validate(compact)
    except ValidationError:
        return False
    return True
