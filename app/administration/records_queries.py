"""Reads of what staff did and looked at, for the auditor: no case's content, no applicant's name; newest first."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, or_, select
from sqlmodel import Session, col

from app.accounts.models import Department, Look, Outcome, Staff, StaffAction
from app.core.clock import SHANGHAI
from app.territory.models import ServicePoint

from .records_words import KINDS

PAGE = 50
MOST_EXPORTED = 100_000
a, k, f, d, p = StaffAction, Look, Staff, Department, ServicePoint


@dataclass(frozen=True)
class Filters:
    """What an auditor chose; unknown values fall back, never fail. `since` and `until` are days in town, both included."""

    path: str
    who: str = ""
    kind: str = ""
    outcome: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None
    after: str = ""

    @classmethod
    def parse(
        cls, path: str, who: str, kind: str, outcome: str, number: str, since: str, until: str, after: str
    ) -> "Filters":  # fmt: skip
        """Choices out of an address."""
        return cls(
            path=path, who=who.strip().lower()[:60], kind=kind if kind in KINDS else "",
            outcome=outcome if outcome in set(Outcome) else "", number="".join(number.split())[:80], since=_day(since),
            until=_day(until), after=after[:40],
        )  # fmt: skip

    def url(self, suffix: str = "", **changes: object) -> str:
        """The address of the same list with some choices changed; a change leads to the first page."""
        new = replace(self, **{"after": "", **changes})  # type: ignore[arg-type]
        names = ("who", "kind", "outcome", "number", "since", "until", "after")
        chosen = {name: str(value) for name in names if (value := getattr(new, name))}
        return self.path + suffix + (f"?{urlencode(chosen)}" if chosen else "")

    def days(self, at: SQLColumnExpression[datetime]) -> list[ColumnElement[bool]]:
        """The conditions of the chosen days."""
        return [
            *([at >= _midnight(self.since)] if self.since else []),
            *([at < _midnight(self.until + timedelta(days=1))] if self.until else []),
        ]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


class Name(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str


class ActLine(NamedTuple):
    """An act as the auditor sees it; `name` is the account's of today, the rest as it was."""

    sequence: int
    at: datetime
    username: str
    name: str | None
    role: str
    department: Name | None
    action: str
    outcome: Outcome
    object_kind: str
    object_id: str
    object_part: str
    address: str
    device: str


def acts(session: Session, filters: Filters, most: int) -> Iterator[ActLine]:
    """The newest acts that were chosen, at most so many: one query."""
    found = (
        select(
            col(a.sequence), col(a.at), col(a.username), col(f.name), col(a.role), col(d.short_zh), col(d.short_en),
            col(a.action), col(a.outcome), col(a.object_kind), col(a.object_id), col(a.object_part), col(a.address),
            col(a.device),
        )
        .outerjoin(f, col(f.id) == col(a.staff_id))
        .outerjoin(d, col(d.id) == col(a.department_id))
        .where(*filters.days(col(a.at)))
        .order_by(col(a.sequence).desc())
    )  # fmt: skip
    if filters.who:
        found = found.where(col(a.username) == filters.who)
    if filters.kind:
        found = found.where(or_(*(col(a.action).startswith(start, autoescape=True) for start in KINDS[filters.kind][1])))
    if filters.outcome:
        found = found.where(col(a.outcome) == Outcome(filters.outcome))
    if filters.number:
        found = found.where(col(a.object_id) == filters.number)
    if filters.after.isascii() and filters.after.isdecimal() and len(filters.after) < 19:
        found = found.where(col(a.sequence) < int(filters.after))
    rows: Iterable[Any] = session.execute(found.limit(most).execution_options(yield_per=500))
    for row in rows:
        yield ActLine._make((*row[:5], Name(row[5], row[6]) if row[5] else None, *row[7:]))


def usernames(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The user names of accounts by their ids as records have them: one query, none without ids."""
    known = [found for text in ids if (found := _uuid(text))]
    if not known:
        return {}
    return {str(row[0]): row[1] for row in session.execute(select(col(f.id), col(f.username)).where(col(f.id).in_(known)))}


def points(session: Session, ids: Collection[str]) -> dict[str, Name]:
    """The names of service points by their ids as records have them: one query, none without ids."""
    known = [found for text in ids if (found := _uuid(text))]
    if not known:
        return {}
    named = select(col(p.id), col(p.name_zh), col(p.name_en)).where(col(p.id).in_(known))
    return {str(row[0]): Name(row[1], row[2]) for row in session.execute(named)}


class LookLine(NamedTuple):
    """A look at personal data: who, which case, what, why, when; not whose."""

    id: UUID
    at: datetime
    username: str
    name: str
    department: Name
    case_number: str | None
    what: str
    why: str


def looks(session: Session, filters: Filters, most: int) -> Iterator[LookLine]:
    """The newest looks that were chosen, at most so many: one query."""
    found = (
        select(
            col(k.id), col(k.at), col(f.username), col(f.name), col(d.short_zh), col(d.short_en), col(k.case_number),
            col(k.what), col(k.why),
        )
        .join(f, col(f.id) == col(k.staff_id))
        .join(d, col(d.id) == col(f.department_id))
        .where(*filters.days(col(k.at)))
        .order_by(col(k.id).desc())
    )  # fmt: skip
    if filters.who:
        found = found.where(col(f.username) == filters.who)
    if filters.number:
        found = found.where(col(k.case_number) == filters.number)
    if cursor := _uuid(filters.after):
        found = found.where(col(k.id) < cursor)
    rows: Iterable[Any] = session.execute(found.limit(most).execution_options(yield_per=500))
    for row in rows:
        yield LookLine._make((*row[:4], Name(row[4], row[5]), *row[6:]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
