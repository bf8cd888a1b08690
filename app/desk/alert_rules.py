"""Whom of the staff something concerns, and when they may be told: by role, department, jurisdiction, office hours. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from app.accounts.models import Role
from app.core import workdays
from app.core.clock import SHANGHAI, local


class Colleague(NamedTuple):
    """Somebody at work here: an account in use, with what it may see."""

    id: UUID
    role: Role
    department_id: str
    jurisdiction: str

    def sees(self, department_id: str, division: str) -> bool:
        """Whether items of a department in a division concern them; a supervisor's jurisdiction spans the departments."""
        whose = self.role is Role.SUPERVISOR or self.department_id == department_id
        return whose and division.startswith(self.jurisdiction)


class Of(Protocol):
    """What decides whom an item concerns."""

    @property
    def department_id(self) -> str: ...
    @property
    def division(self) -> str: ...
    @property
    def claimed_by(self) -> UUID | None: ...


class Level(StrEnum):
    """How far an item's light has gone: 临期, 超期, 超期一个工作日."""

    SOON = "soon"
    OVER = "over"
    ESCALATED = "escalated"


def at_work(now: datetime) -> bool:
    """Whether offices are open this minute; nobody is told anything in their lunch or on their holiday."""
    here = local(now)
    return workdays.workday(here.date()).open and any(a <= here.time() < b for a, b in workdays.hours().stretches)


def morning(now: datetime) -> bool:
    """Whether it is the morning of a working day: the time of the digest."""
    return at_work(now) and local(now).time() < workdays.hours().lunch


def opening(now: datetime) -> datetime:
    """When offices open on this day."""
    return datetime.combine(local(now).date(), workdays.hours().opens, SHANGHAI)


def working_day_before(day: date) -> date:
    """The last working day before one."""
    day -= timedelta(days=1)
    while not workdays.workday(day).open:
        day -= timedelta(days=1)
    return day


def closing_before(now: datetime) -> datetime:
    """When offices closed on the last working day before this one."""
    return datetime.combine(working_day_before(local(now).date()), workdays.hours().closes, SHANGHAI)


def midnight(day: date) -> datetime:
    """The first moment of a day in town."""
    return datetime.combine(day, time(), SHANGHAI)


def escalates(now: datetime) -> datetime:
    """What was due before this moment has been overdue for a whole working day."""
    here = local(now)
    closed = workdays.workday(here.date()).open and here.time() >= workdays.hours().closes
    return midnight(here.date() if closed else working_day_before(here.date()))


def claimer(item: Of, colleagues: Iterable[Colleague]) -> Colleague | None:
    """Who took an item, while they still may work on it: not once their account, department or jurisdiction is another."""
    found = (who for who in colleagues if who.id == item.claimed_by)
    return next((who for who in found if _decides(who) and who.sees(item.department_id, item.division)), None)


def _decides(who: Colleague) -> bool:
    return who.role in (Role.REVIEWER, Role.HEAD)


def whose_turn(item: Of, colleagues: Sequence[Colleague]) -> set[UUID]:
    """Who has to act: the claimer; of an item that nobody took the department's reviewers, or without any its head."""
    if taken := claimer(item, colleagues):
        return {taken.id}
    seeing = [who for who in colleagues if who.sees(item.department_id, item.division)]
    for role in (Role.REVIEWER, Role.HEAD):
        if found := {who.id for who in seeing if who.role is role}:
            return found
    return set()


def whom(level: Level, item: Of, colleagues: Sequence[Colleague]) -> set[UUID]:
    """Whom a light concerns: 临期 whoever has to act; 超期 them and the head; a working day later the head and supervisors."""
    seeing = [who for who in colleagues if who.sees(item.department_id, item.division)]
    heads = {who.id for who in seeing if who.role is Role.HEAD}
    if level is Level.SOON:
        return whose_turn(item, colleagues)
    if level is Level.OVER:
        return whose_turn(item, colleagues) | heads
    return heads | {who.id for who in seeing if who.role is Role.SUPERVISOR}


class Group(NamedTuple):
    """Those who share a queue: same department, same jurisdiction."""

    department_id: str
    jurisdiction: str


def queues(colleagues: Sequence[Colleague]) -> dict[Group, list[UUID]]:
    """Who is told of new items, by queue: reviewers; in a department without any its heads."""
    reviewed = {who.department_id for who in colleagues if who.role is Role.REVIEWER}
    found: dict[Group, list[UUID]] = defaultdict(list)
    for who in colleagues:
        head = who.role is Role.HEAD and who.department_id not in reviewed
        if who.role is Role.REVIEWER or head:
            found[Group(who.department_id, who.jurisdiction)].append(who.id)
    return dict(found)


class Tally(NamedTuple):
    """Numbers of items with one department, place and claimer; `fresh` of those to review came since the last digest."""

    department_id: str
    division: str
    claimed_by: UUID | None
    review: int = 0
    fresh: int = 0
    waiting: int = 0
    soon: int = 0
    over: int = 0
    finished: int = 0


NUMBERS = ("review", "fresh", "waiting", "soon", "over", "finished")


def digest(who: Colleague, tallies: Iterable[Tally], colleagues: Sequence[Colleague]) -> dict[str, int] | None:
    """Somebody's numbers of the morning; None when all are zero.

    A reviewer's are of what they took and of what nobody took, as their queue begins; a head's are the department's.
    """
    numbers = dict.fromkeys(NUMBERS, 0)
    for tally in tallies:
        if not who.sees(tally.department_id, tally.division):
            continue
        mine = who.role is not Role.REVIEWER or tally.claimed_by == who.id
        if mine or claimer(tally, colleagues) is None:
            for name in NUMBERS[:-1]:
                numbers[name] += getattr(tally, name)
        if mine:
            numbers["finished"] += tally.finished
    return {"n": numbers["review"], **numbers} if any(numbers.values()) else None
