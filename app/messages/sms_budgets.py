"""What texts may cost: so many a person and day, so many for the installation; spent once for each delivery, whoever sends it.

The day's own budget comes first: workers who spend at the same moment wait for it in a row, never for each other in a ring.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.accounts import budgets
from app.accounts.budgets import DAY
from app.core import db
from app.core.crypto import keyring
from app.core.settings import settings

from .channels import Outcome, Parcel, Result
from .models import Delivery
from .reasons import Because

#: What became of an attempt to spend: True, spent now; False, spent at an earlier try; or why it may not go.
Spent = bool | Outcome
PERSON, INSTALLATION = "sms/person", "sms/day"
_NO_SYNC = {"synchronize_session": False}


def spend(parcels: Sequence[Parcel], now: datetime) -> dict[UUID, Spent]:
    """Spend for claimed deliveries that are about to leave; by their ids, what became of it. A few statements for all.

    One whose claim was lost meanwhile is not among them: whoever has it now spends for it and sends it.
    """
    if not parcels:
        return {}
    with db.writing() as session:
        fresh = _note(session, parcels, now)
        held = set(session.execute(select(col(Delivery.id)).where(*_ours(parcels))).scalars())
        new = [parcel for parcel in parcels if parcel.id in fresh]
        today = budgets.spend_up_to(session, INSTALLATION, "all", len(new), settings().sms_per_day, DAY, now)
        mine = _spend_each(session, new[:today], now)
        _undo(session, [parcel for parcel in new if parcel.id not in mine])
        budgets.give_back(session, INSTALLATION, "all", today - len(mine), DAY, now)
    wait = Outcome(Result.RETRY, Because.BUDGET_DAY, retry_after=budgets.left(DAY, now) * 60.0)
    refusals: dict[UUID, Spent] = {
        p.id: Outcome(Result.REFUSED, Because.BUDGET_PERSON) for p in new[:today] if p.id not in mine
    }
    late: dict[UUID, Spent] = {parcel.id: wait for parcel in new[today:]}
    return {parcel.id: parcel.id in mine for parcel in parcels if parcel.id in held} | refusals | late


def _spend_each(session: Session, parcels: Iterable[Parcel], now: datetime) -> set[UUID]:
    """Spend for each parcel from its person's budget: first one of everybody's, then the second of whoever has two, and on."""
    waiting: defaultdict[str, list[UUID]] = defaultdict(list)
    for parcel in parcels:
        waiting[keyring().blind("sms", str(parcel.person_id))].append(parcel.id)
    spent: set[UUID] = set()
    while waiting:
        had = budgets.spend_each(session, PERSON, waiting.keys(), settings().sms_per_person_day, DAY, now)
        spent |= {waiting[whose].pop(0) for whose in had}
        for whose in [one for one, ids in waiting.items() if one not in had or not ids]:
            del waiting[whose]
    return spent


def _note(session: Session, parcels: Sequence[Parcel], now: datetime) -> set[UUID]:
    """Note that deliveries are about to leave; gives those that are still ours and of which it was not noted before."""
    mine = (*_ours(parcels), col(Delivery.handed_at).is_(None))
    statement = update(Delivery).where(*mine).values(handed_at=now).returning(col(Delivery.id))
    return set(session.execute(statement, execution_options=_NO_SYNC).scalars())


def _undo(session: Session, parcels: Sequence[Parcel]) -> None:
    """These do not leave after all."""
    if parcels:
        session.execute(update(Delivery).where(*_ours(parcels)).values(handed_at=None), execution_options=_NO_SYNC)


def _ours(parcels: Sequence[Parcel]) -> tuple[Any, ...]:
    return col(Delivery.id).in_([p.id for p in parcels]), col(Delivery.claim).in_({p.claim for p in parcels})
