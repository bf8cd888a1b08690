"""The inbox by case: what asks for something first, then what moved last; pages by a cursor that new messages do not shift.

A message about no case is a group of its own. Every statement bears the rule of parties.own.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from app.accounts.parties import Party, own
from app.core.errors import NotFound

from . import kinds
from .kinds import Group as KindGroup
from .models import Message
from .queries import Counts, MessageRow, count_columns

m = Message
_mine = own(col(m.person_id), col(m.enterprise_id))
_key = func.coalesce(col(m.case_id), col(m.id))
_turn = func.max(case((col(m.your_turn).is_(True), 1), else_=0))
_newest = func.max(col(m.created_at))
_rank = func.row_number().over(
    partition_by=_key, order_by=(col(m.your_turn).desc(), col(m.created_at).desc(), col(m.id).desc())
)
_GROUP = (_key, func.max(col(m.case_number)), func.count(), func.count().filter(col(m.read_at).is_(None)), _turn, _newest)
_LINE = (col(m.id), col(m.case_number), col(m.kind), col(m.params), col(m.your_turn), col(m.created_at), col(m.read_at))
Condition = ColumnElement[bool]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Group(NamedTuple):
    """What somebody was told about one case; `turn` is 1 while a message of it asks for something."""

    key: UUID
    case_number: str
    many: int
    unread: int
    turn: int
    newest: datetime


class Cursor(NamedTuple):
    """Where a page ended: its last group as it stood then, and until when messages count for this walk."""

    turn: int
    newest: datetime
    key: UUID
    until: datetime

    def __str__(self) -> str:
        return f"{self.turn}.{_micros(self.newest)}.{self.key}.{_micros(self.until)}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """A cursor as an address bears it; raises NotFound for anything else."""
        try:
            turn, newest, key, until = text.split(".")
            return cls(int(bool(int(turn))), _moment(newest), UUID(key), _moment(until))
        except (ValueError, OverflowError):
            raise NotFound from None


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(micros: str) -> datetime:
    return EPOCH + timedelta(microseconds=int(micros))


def of_kind(shown: str) -> list[Condition]:
    """The condition of a filter: what asks for something, results, or how it goes (and kinds that we do not know yet)."""
    known = kinds.texts().kinds.items()
    if shown == "your-turn":
        return [col(m.your_turn).is_(True)]
    if shown == "result":
        return [col(m.kind).in_([name for name, kind in known if kind.group is KindGroup.RESULT])]
    if shown == "progress":
        return [col(m.kind).not_in([name for name, kind in known if kind.group is not KindGroup.PROGRESS])]
    return []


def groups(
    session: Session, party: Party, many: int, wanted: Sequence[Condition], until: datetime, after: Cursor | None = None
) -> tuple[list[Group], Counts | None]:
    """The next groups, and the party's counts (None when there is no group): one query."""
    statement = (
        select(*_GROUP, *count_columns)
        .where(_mine, col(m.created_at) <= until, *wanted)
        .group_by(_key)
        .order_by(_turn.desc(), _newest.desc(), _key.desc())
        .limit(many)
    )
    if after is not None:
        statement = statement.having(_beyond(after))
    rows: Sequence[Any] = session.execute(statement, party.values).all()
    return [Group(*row[:6]) for row in rows], Counts(*rows[0][6:]) if rows else None


def _beyond(after: Cursor) -> Condition:
    older = or_(_newest < after.newest, and_(_newest == after.newest, _key < after.key))
    return or_(_turn < after.turn, and_(_turn == after.turn, older))


def lines(
    session: Session, party: Party, found: Iterable[Group], most: int, wanted: Sequence[Condition], until: datetime
) -> dict[UUID, list[MessageRow]]:
    """The first messages of each group, at most so many: what asks for something, then the newest. One query."""
    keys = [group.key for group in found]
    if not keys:
        return {}
    these = or_(col(m.case_id).in_(keys), col(m.id).in_(keys))
    ranked = (
        select(_key.label("key"), _rank.label("rank"), *_LINE)
        .where(_mine, these, col(m.created_at) <= until, *wanted)
        .subquery()
    )
    shown: dict[UUID, list[MessageRow]] = {key: [] for key in keys}
    for row in session.execute(select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.rank), party.values):
        shown[row[0]].append(MessageRow(*row[2:]))
    return shown


def of_case(
    session: Session, party: Party, number: str, many: int, after: Cursor | None = None
) -> tuple[Group, Counts, list[MessageRow]]:
    """A case's group as a whole, the party's counts, and its messages, newest first, after a cursor: two queries.

    Raises NotFound when the party was told nothing of such a case.
    """
    of_it = col(m.case_number) == number
    whole: Any = session.execute(select(*_GROUP, *count_columns).where(_mine, of_it).group_by(_key), party.values).first()
    if whole is None or not number:
        raise NotFound
    found = select(*_LINE).where(_mine, of_it).order_by(col(m.created_at).desc(), col(m.id).desc()).limit(many)
    if after is not None:
        same = and_(col(m.created_at) == after.newest, col(m.id) < after.key)
        found = found.where(or_(col(m.created_at) < after.newest, same))
    rows = [MessageRow(*row) for row in session.execute(found, party.values)]
    return Group(*whole[:6]), Counts(*whole[6:]), rows
