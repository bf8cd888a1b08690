"""What texts may cost: so many a person and day, so many for the installation; spent once for each delivery, whoever sends it.

All in one order (the day's own budget first), so that workers who spend at the same moment wait in a row, never in a ring.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col

from app.accounts.budgets import DAY
from app.accounts.budgets import spend as use
from app.core import db
from app.core.crypto import keyring
from app.core.errors import TooMany
from app.core.settings import settings

from .channels import Outcome, Parcel, Result
from .models import Delivery
from .reasons import Because

#: What became of an attempt to spend: True, spent now; False, spent at an earlier try; or why it may not go.
Spent = bool | Outcome


def spend(parcels: Sequence[Parcel], now: datetime) -> dict[UUID, Spent]:
    """Spend for claimed deliveries that are about to leave; by their ids, what became of it."""
    if not parcels:
        return {}
    with db.writing() as session:
        return {parcel.id: _spend(session, parcel, now) for parcel in parcels}


def _spend(session: Session, parcel: Parcel, now: datetime) -> Spent:
    try:
        with session.begin_nested():
            if not _first(session, parcel, now):
                return False
            _use_day(session, now)
            use(session, "sms/person", _whose(parcel), settings().sms_per_person_day, DAY, now)
    except _DayOver as over:
        return Outcome(Result.RETRY, Because.BUDGET_DAY, retry_after=over.minutes * 60.0)
    except TooMany:
        return Outcome(Result.REFUSED, Because.BUDGET_PERSON)
    return True


class _DayOver(Exception):
    def __init__(self, minutes: int) -> None:
        super().__init__()
        self.minutes = minutes


def _use_day(session: Session, now: datetime) -> None:
    try:
        use(session, "sms/day", "all", settings().sms_per_day, DAY, now)
    except TooMany as refusal:
        raise _DayOver(cast("int", refusal.params["minutes"])) from None


def _whose(parcel: Parcel) -> str:
    return keyring().blind("sms", str(parcel.person_id))


def _first(session: Session, parcel: Parcel, now: datetime) -> bool:
    """Note that a delivery is about to leave; False when it was noted before, or is not in our hands any more."""
    mine = (col(Delivery.id) == parcel.id, col(Delivery.claim) == parcel.claim, col(Delivery.handed_at).is_(None))
    done = session.execute(
        update(Delivery).where(*mine).values(handed_at=now), execution_options={"synchronize_session": False}
    )
    return bool(cast("CursorResult[object]", done).rowcount)
