"""Asking the register of enterprises for whom a person may act; never with a session open."""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends
from sqlalchemy import and_, func, select
from sqlmodel import col
from starlette.requests import Request

from app.core import db
from app.core.clock import utcnow
from app.core.crypto import keyring
from app.core.errors import AppError, NotFound, Outage
from app.outside.enterprises import enterprises

from .budgets import DAY, spend
from .enterprises import FRESH, AgencyUnchecked, Bound, NotAgent, note, one_bound
from .models import Binding, Person, SessionRow
from .sessions import find_phone

#: While the register is silent, what it said last holds this long.
HOLDS = timedelta(days=7)
ASKED_PER_DAY = 50
b, s = Binding, SessionRow


class Standing(NamedTuple):
    """For whom somebody acts, and whether the register could be asked when it should have been."""

    bound: Bound
    silent: bool


def ask(person_id: UUID) -> None:
    """Ask for whom a person may act, and write it down; raises Outage, TooMany."""
    with db.writing() as session:
        spend(session, "enterprises", keyring().blind("person-id", str(person_id)), ASKED_PER_DAY, DAY, utcnow())
    _ask(person_id)


def _ask(person_id: UUID) -> None:
    with db.reading() as session:
        id_number = session.get_one(Person, person_id).id_number
    told = enterprises().agents_of(id_number)
    with db.writing() as session:
        note(session, person_id, told, utcnow())


def standing(person_id: UUID, enterprise_id: UUID) -> Standing:
    """Whether a person may act for an enterprise now; the register is asked when it last was more than a day ago.

    Raises NotFound when they are not bound, NotAgent when the register ends it, AgencyUnchecked when it is silent and what it
    said last is older than a week.
    """
    before = _bound(person_id, enterprise_id)
    age = utcnow() - before.checked_at
    if age < FRESH:
        return Standing(before, silent=False)
    try:
        ask(person_id)
    except Outage:
        if age < HOLDS:
            return Standing(before, silent=True)
        raise AgencyUnchecked(enterprise=before.name) from None
    try:
        return Standing(_bound(person_id, enterprise_id), silent=False)
    except NotFound:
        raise NotAgent(enterprise=before.name) from None


def ask_again(now: datetime, most: int = 20) -> int:
    """Ask again about people who act for an enterprise right now and of whom the register last spoke more than a day ago.

    Gives how many were asked; ends quietly when the register is silent. For the worker, so that whoever lost the right does
    not look on until they switch or submit. In no order: an answer that cannot be used keeps nobody else from being asked. It
    is not the person's asking, so it takes nothing of what they may ask in a day.
    """
    acting = (col(s.person_id) == col(b.person_id), col(s.acting_for) == col(b.enterprise_id), col(s.expires_at) > now)
    due = select(col(b.person_id)).join(s, and_(*acting)).where(col(b.ended_at).is_(None), col(b.checked_at) < now - FRESH)
    with db.reading() as session:
        anyone = due.group_by(col(b.person_id)).order_by(func.random()).limit(most)
        people = list(session.execute(anyone).scalars())
    for asked, person_id in enumerate(people):
        try:
            _ask(person_id)
        except AppError:
            return asked
    return len(people)


def _bound(person_id: UUID, enterprise_id: UUID) -> Bound:
    with db.reading() as session:
        return one_bound(session, person_id, enterprise_id)


def _agency(request: Request) -> datetime | None:
    with db.reading() as session:
        phone = find_phone(session, request, utcnow())
    if phone is None or phone.person_id is None or phone.enterprise is None:
        return None
    return standing(phone.person_id, phone.enterprise.id).bound.checked_at


#: When the register last said that the asker may act for their enterprise, None for themself. Name it before the unit of work
#: of a submission: the register is asked before a transaction begins.
Agency = Annotated[datetime | None, Depends(_agency)]
