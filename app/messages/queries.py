"""Reads of the inbox: what a person was told, in the identity in which they are now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, not_, or_, select
from sqlmodel import Session, col

from app.accounts.models import Binding
from app.accounts.parties import Party, own

from .models import Message

m = Message
_mine = own(col(m.person_id), col(m.enterprise_id))


class MessageRow(NamedTuple):
    """One line of the inbox."""

    id: UUID
    case_number: str
    kind: str
    params: dict[str, Any]
    your_turn: bool
    created_at: datetime
    read_at: datetime | None


class News(NamedTuple):
    """Messages not read: of the party, and of the same person in their other identities."""

    unread: int
    elsewhere: int


class Counts(NamedTuple):
    """Of a party: messages not read, those that still ask for something, when the newest was written.

    `elsewhere`: messages that the same person has not read in their other identities.
    """

    unread: int
    your_turn: int
    newest: datetime | None = None
    elsewhere: int = 0


class Standing(NamedTuple):
    """How an inbox stands: what changes when somebody is told something, or reads it."""

    unread: int = 0
    newest: datetime | None = None

    @property
    def version(self) -> str:
        """What an open page compares: another one means that there is something to show."""
        return f"{self.unread}-{int(self.newest.timestamp() * 1e6) if self.newest else 0}"


_COLUMNS = (
    col(m.id), col(m.case_number), col(m.kind), col(m.params), col(m.your_turn), col(m.created_at), col(m.read_at)
)  # fmt: skip
_INBOX = select(*_COLUMNS).where(_mine).order_by(col(m.created_at).desc(), col(m.id).desc()).limit(bindparam("many"))
_TURN = _INBOX.where(col(m.your_turn).is_(True))
_OLDER = or_(
    col(m.created_at) < bindparam("at"), and_(col(m.created_at) == bindparam("at"), col(m.id) < bindparam("before"))
)  # fmt: skip
_UNREAD = select(func.count()).where(_mine, col(m.read_at).is_(None))
_WHERE = select(col(m.created_at)).where(col(m.id) == bindparam("id"), _mine)
#: Unread messages of a party, as a column of a bigger select that binds `Party.values`.
unread_column = _UNREAD.scalar_subquery()


_elsewhere = and_(
    col(m.person_id) == bindparam("person"), col(m.read_at).is_(None), or_(
        col(m.enterprise_id).is_(None),
        col(m.enterprise_id).in_(
            select(col(Binding.enterprise_id)).where(
                col(Binding.person_id) == bindparam("person"), col(Binding.ended_at).is_(None)
            )
        ),
    ),
)  # fmt: skip
_BY_IDENTITY = select(col(m.enterprise_id), func.count()).where(_elsewhere).group_by(col(m.enterprise_id))
#: Unread messages of a person in their other identities, as a column like `unread_column`.
elsewhere_column = select(func.count()).where(_elsewhere, not_(_mine)).scalar_subquery()


_NEWS = select(unread_column, elsewhere_column)
_COUNTS = select(
    func.count().filter(col(m.read_at).is_(None)), func.count().filter(col(m.your_turn).is_(True)),
    func.max(col(m.created_at)), elsewhere_column,
).where(_mine)  # fmt: skip
#: The same as columns of a bigger select.
count_columns = (
    unread_column,
    select(func.count()).where(_mine, col(m.your_turn).is_(True)).scalar_subquery(),
    select(func.max(col(m.created_at))).where(_mine).scalar_subquery(),
    elsewhere_column,
)
_STANDING = (func.count().filter(col(m.read_at).is_(None)), func.max(col(m.created_at)))
_OF_PEOPLE = (
    select(col(m.person_id), col(m.enterprise_id), *_STANDING)
    .where(col(m.person_id).in_(bindparam("people", expanding=True)))
    .group_by(col(m.person_id), col(m.enterprise_id))
)
_OF_STAFF = (
    select(col(m.staff_id), *_STANDING).where(col(m.staff_id).in_(bindparam("staff", expanding=True))).group_by(col(m.staff_id))
)


def news(session: Session, party: Party) -> News:
    """What a party has not read, and what waits for the same person elsewhere: one query."""
    return News(*session.execute(_NEWS, party.values).one())


def by_identity(session: Session, person_id: UUID) -> dict[UUID | None, int]:
    """Unread messages of a person by the enterprise whose cases they are about; None for their own."""
    return {row[0]: row[1] for row in session.execute(_BY_IDENTITY, {"person": person_id})}


def unread(session: Session, party: Party) -> int:
    """How many messages a party has not read."""
    return int(session.execute(_UNREAD, party.values).scalar_one())


def counts(session: Session, party: Party) -> Counts:
    """The numbers on the tab and on the filter."""
    return Counts(*session.execute(_COUNTS, party.values).one())


def standing(session: Session, parties: Collection[Party]) -> dict[Party, Standing]:
    """How the inboxes of parties stand: one query for all; an empty inbox is not among them."""
    people = {party.person_id for party in parties}
    rows = session.execute(_OF_PEOPLE, {"people": list(people)}) if people else ()
    return {Party(row[0], row[1]): Standing(row[2], row[3]) for row in rows}


def standing_at_desk(session: Session, staff: Collection[UUID]) -> dict[UUID, Standing]:
    """The same for members of staff."""
    rows = session.execute(_OF_STAFF, {"staff": list(staff)}) if staff else ()
    return {row[0]: Standing(row[1], row[2]) for row in rows}


def inbox(
    session: Session, party: Party, many: int, *, your_turn: bool = False, before: UUID | None = None
) -> list[MessageRow]:
    """A party's messages, newest first; `before` is the last message of the page before (an unknown one: nothing)."""
    found, values = (_TURN if your_turn else _INBOX), {**party.values, "many": many}
    if before is not None:
        at = session.execute(_WHERE, {**party.values, "id": before}).scalar()
        if at is None:
            return []
        found, values = found.where(_OLDER), {**values, "at": at, "before": before}
    return [MessageRow(*row) for row in session.execute(found, values)]
