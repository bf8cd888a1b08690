"""What staff are told by the clock: new items, lights, escalations, the morning's digest. Chores of the worker.

Each step is one transaction, in office hours only; what was told stands in StaffTold, written with the messages, so that
any number of workers tell it once. Several things for one person at one time are one message.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.core.clock import local
from app.messages import service as messages
from app.messages.told import Once, first

from . import alert_queries as queries
from . import alert_rules as rules
from .alert_queries import Arrived, Lit
from .alert_rules import Colleague, Group, Level

#: A queue hears of new items at most so often; what came in the last minute may not be committed by all who file it.
NEWS_EVERY, SETTLED = timedelta(minutes=30), timedelta(minutes=1)
#: Items whose lights are told in one step: so many that a calendar change is one message to a person, not ten.
AT_ONCE = 1000
KINDS = {Level.SOON: "staff_due_soon", Level.OVER: "staff_overdue", Level.ESCALATED: "staff_escalated"}


def tell_new(session: Session, now: datetime, most: int) -> int:
    """New items that nobody took, told to each queue as a number; what came while offices were closed is in the digest."""
    if not rules.at_work(now):
        return 0
    colleagues, opened = queries.colleagues(session), rules.opening(now)
    told = queries.last_told(session, [_subject(group) for group in rules.queues(colleagues)], opened)
    due = {
        group: (ids, told.get(_subject(group), opened))
        for group, ids in rules.queues(colleagues).items()
        if now - SETTLED - told.get(_subject(group), now - NEWS_EVERY - SETTLED) >= NEWS_EVERY
    }
    if not due:
        return 0
    since = min(after for _, after in due.values())
    news = queries.arrived(session, {group.department_id for group in due}, since, now - SETTLED)
    free = [one for one in news if rules.claimer(one, colleagues) is None]
    for group, (ids, after) in sorted(due.items()):
        mine = [one for one in free if _concerns(group, one) and one.ready_at > after]
        if mine:
            _tell_queue(session, group, ids, mine, after, now)
    return 0


def _subject(group: Group) -> str:
    return f"new:{group.department_id}:{group.jurisdiction}"


def _concerns(group: Group, one: Arrived) -> bool:
    return one.department_id == group.department_id and one.division.startswith(group.jurisdiction)


def _tell_queue(
    session: Session, group: Group, ids: Iterable[UUID], mine: Sequence[Arrived], after: datetime, now: datetime
) -> None:
    """The news since `after`, once: who comes second finds that somebody told the news since then."""
    if not first(session, [Once(_subject(group), after.isoformat())], now - SETTLED):
        return
    params = _named(mine[-1]) | {"n": len(mine)}
    for staff_id in ids:
        messages.tell_staff(session, staff_id, "staff_item_new", params, now)


def _named(one: Arrived | Lit) -> dict[str, Any]:
    return {"service": one.service_id, "item": one.item_id, "department": one.department_id}


def tell_lights(session: Session, now: datetime, most: int) -> int:
    """Items that are due soon, overdue, or overdue for a working day: to whom it concerns, once per date and level."""
    if not rules.at_work(now):
        return 0
    colleagues, done = queries.colleagues(session), 0
    departments = {who.department_id for who in colleagues}
    for level in Level:
        found = queries.crossed(session, level, departments, now, max(most, AT_ONCE))
        fresh = first(session, [_once(level, one) for one in found], now)
        mine = [one for one in found if _once(level, one) in fresh]
        _tell_level(session, level, mine, colleagues, now)
        done += len(mine)
    return done


def _once(level: Level, one: Lit) -> Once:
    return Once(one.id.hex, f"{level.value} {one.act_by:%Y%m%dT%H%M%S}")


def _tell_level(session: Session, level: Level, found: Sequence[Lit], colleagues: Sequence[Colleague], now: datetime) -> None:
    by_person: dict[UUID, list[Lit]] = defaultdict(list)
    for one in found:
        for staff_id in rules.whom(level, one, colleagues):
            by_person[staff_id].append(one)
    for staff_id, items in sorted(by_person.items()):
        urgent, alone = items[0], len(items) == 1
        params = _named(urgent) | {"n": len(items), "due": urgent.act_by.isoformat()}
        messages.tell_staff(
            session, staff_id, KINDS[level], params, now, case_id=urgent.case_id if alone else None,
            case_number=urgent.number if alone else "",
        )  # fmt: skip


def tell_digests(session: Session, now: datetime, most: int) -> int:
    """The morning's numbers, once a working day: a reviewer's own, a head's department, a supervisor's jurisdiction."""
    if not rules.morning(now):
        return 0
    today = local(now).date()
    what = f"digest {today}"
    missing = queries.without(session, what, queries.AT_DESK, most)
    fresh = first(session, [Once(who.id.hex, what) for who in missing], now)
    mine = [who for who in missing if Once(who.id.hex, what) in fresh]
    if mine:
        _tell_digests(session, mine, now)
    return len(mine)


def _tell_digests(session: Session, mine: Iterable[Colleague], now: datetime) -> None:
    today, colleagues = local(now).date(), queries.colleagues(session)
    before = rules.midnight(rules.working_day_before(today))
    tallies = queries.standing(session, rules.closing_before(now), now)
    tallies += queries.finished(session, before, rules.midnight(today))
    for who in mine:
        numbers = rules.digest(who, tallies, colleagues)
        if numbers is not None:
            messages.tell_staff(session, who.id, "staff_digest", numbers, now)
