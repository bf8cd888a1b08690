"""Reads of the home page and of 我的, each a party's own."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select
from sqlmodel import Session, col

from app.accounts.models import Phone, SessionRow
from app.accounts.parties import Party, own
from app.cases.models import Case, CaseItem, Correction
from app.cases.ownership import Mine
from app.cases.states import CaseState, ItemState
from app.filing.models import Draft
from app.messages.queries import elsewhere_column, unread_column

from .mini import ItemRow

c, i = Case, CaseItem


class Running(NamedTuple):
    """The running case that comes first: ours to act, else the newest. `many` are running in all.

    `unread` and `elsewhere`: messages of the party, and of the person in their other identities.
    """

    id: UUID
    number: str
    service_id: str
    edition: str
    many: int
    unread: int
    elsewhere: int


class Belongings(NamedTuple):
    """What 我的 says in figures; `number` is the signed-in phone's."""

    number: str
    drafts: int
    sessions: int
    unread: int


_RUNNING = Mine(
    select(
        col(c.id),
        col(c.number),
        col(c.service_id),
        col(c.edition),
        func.count().over(),
        unread_column,
        elsewhere_column,
    )
    .where(col(c.state).in_((CaseState.RUNNING, CaseState.YOUR_TURN)))
    .order_by(case((col(c.state) == CaseState.YOUR_TURN, 0), else_=1), col(c.filed_at).desc())
    .limit(1)
)
_ITEMS = Mine(
    select(
        col(i.department_id), col(i.state), col(i.promised_days), col(i.accepted_at), col(i.promised_due), col(i.legal_due),
        col(i.decided_at), col(Correction.reply_by),
    )
    .join(c, col(c.id) == col(i.case_id))
    .outerjoin(Correction, and_(col(Correction.case_item_id) == col(i.id), col(i.state) == ItemState.CORRECTION_ASKED))
    .where(col(i.case_id) == bindparam("case"))
    .order_by(col(i.position))
)  # fmt: skip
_DRAFTS = select(func.count()).where(own(col(Draft.filer_id), col(Draft.enterprise_id)), col(Draft.submitted_at).is_(None))
_SESSIONS = select(func.count()).where(
    col(SessionRow.person_id) == bindparam("person"), col(SessionRow.expires_at) > bindparam("now")
)
_BELONGINGS = select(
    col(Phone.number), _DRAFTS.scalar_subquery(), _SESSIONS.scalar_subquery(), unread_column
).where(col(Phone.id) == bindparam("phone"))  # fmt: skip


def running(session: Session, party: Party) -> Running | None:
    """The case to show on the home page, if one is running."""
    row = session.execute(_RUNNING.of(party), party.values).first()
    return Running(*row) if row else None


def items(session: Session, party: Party, case_id: UUID) -> list[ItemRow]:
    """The items of a party's case in their order."""
    return [ItemRow(*row) for row in session.execute(_ITEMS.of(party), {**party.values, "case": case_id})]


def belongings(session: Session, party: Party, phone_id: UUID, now: datetime) -> Belongings:
    """The figures of 我的."""
    return Belongings(*session.execute(_BELONGINGS, {**party.values, "phone": phone_id, "now": now}).one())


def number_of(session: Session, phone_id: UUID) -> str:
    """The number of a phone that has no person yet."""
    return str(session.execute(select(col(Phone.number)).where(col(Phone.id) == phone_id)).scalar_one())
