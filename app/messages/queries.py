"""Reads of the inbox, each a person's own."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session, col

from .models import Message

m = Message


class MessageRow(NamedTuple):
    """One line of the inbox."""

    id: UUID
    case_number: str
    kind: str
    params: dict[str, Any]
    your_turn: bool
    created_at: datetime
    read_at: datetime | None


class Counts(NamedTuple):
    """Of a person: messages not read, and messages that still ask for something."""

    unread: int
    your_turn: int


_COLUMNS = (
    col(m.id), col(m.case_number), col(m.kind), col(m.params), col(m.your_turn), col(m.created_at), col(m.read_at)
)  # fmt: skip
_INBOX = (
    select(*_COLUMNS)
    .where(col(m.person_id) == bindparam("person"))
    .order_by(col(m.created_at).desc(), col(m.id).desc())
    .limit(bindparam("many"))
)
_TURN = _INBOX.where(col(m.your_turn).is_(True))
_OLDER = or_(
    col(m.created_at) < bindparam("at"), and_(col(m.created_at) == bindparam("at"), col(m.id) < bindparam("before"))
)  # fmt: skip
_UNREAD = select(func.count()).where(col(m.person_id) == bindparam("person"), col(m.read_at).is_(None))
_COUNTS = select(
    func.count().filter(col(m.read_at).is_(None)), func.count().filter(col(m.your_turn).is_(True))
).where(col(m.person_id) == bindparam("person"))  # fmt: skip
_WHERE = select(col(m.created_at)).where(col(m.id) == bindparam("id"), col(m.person_id) == bindparam("person"))
#: Unread messages of a person, as a column of a bigger select that binds `person`.
unread_column = _UNREAD.scalar_subquery()


def unread(session: Session, person_id: UUID) -> int:
    """How many messages a person has not read."""
    return int(session.execute(_UNREAD, {"person": person_id}).scalar_one())


def counts(session: Session, person_id: UUID) -> Counts:
    """The numbers on the tab and on the filter."""
    return Counts(*session.execute(_COUNTS, {"person": person_id}).one())


def inbox(
    session: Session, person_id: UUID, many: int, *, your_turn: bool = False, before: UUID | None = None
) -> list[MessageRow]:
    """A person's messages, newest first; `before` is the last message of the page before (an unknown one: nothing)."""
    found, values = (_TURN if your_turn else _INBOX), {"person": person_id, "many": many}
    if before is not None:
        at = session.execute(_WHERE, {"id": before, "person": person_id}).scalar()
        if at is None:
            return []
        found, values = found.where(_OLDER), {**values, "at": at, "before": before}
    return [MessageRow(*row) for row in session.execute(found, values)]
