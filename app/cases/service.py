"""The verbs of the case engine. Each locks its case, asks the state table, writes, and says what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.core import events
from app.core.errors import NotFound

from . import clocks, history
from .models import Case, CaseEvent, CaseItem, CaseRevision
from .numbers import next_number
from .states import POSITIVE, REFUSED, Action, Actor, CaseState, ItemState, NotNow, Row, case_state, ready, step


@dataclass(frozen=True)
class PlannedItem:
    """An item of a filing: who decides it, after what, within how many working days; not needed ones stay visible."""

    item_id: str
    department_id: str
    needed: bool
    after: tuple[str, ...]
    after_any: tuple[str, ...]
    promised_days: int
    legal_days: int | None


@dataclass(frozen=True)
class Filing:
    """A checked submission: whose, by whom, of what, with which answers (canonical JSON text).

    `enterprise_id`: for which enterprise, whose register confirmed the filer at `agency_at`.
    """

    draft_id: UUID
    service_id: str
    edition: str
    applicant_id: UUID
    filer_id: UUID
    division: str
    channel: str
    answers: str
    items: Sequence[PlannedItem]
    enterprise_id: UUID | None = None
    agency_at: datetime | None = None


@dataclass(frozen=True)
class Happened:
    """Told to every listener, in the same transaction, for each event of a case."""

    case: Case
    event: CaseEvent
    item: CaseItem | None


@dataclass(frozen=True)
class By:
    """Who acts."""

    actor: Actor
    id: UUID | None = None


SYSTEM = By(Actor.SYSTEM)
#: The states in which a case has ended, and what has happened then.
ENDS = {CaseState.FINISHED: "case_finished", CaseState.WITHDRAWN: "case_withdrawn"}


def open_case(session: Session, filing: Filing, now: datetime) -> Case:
    """Make the case with all its items: independent ones go to their departments at once, the others wait."""
    case = Case(
        number=next_number(session, now), service_id=filing.service_id, edition=filing.edition,
        applicant_id=filing.applicant_id, filer_id=filing.filer_id, draft_id=filing.draft_id, division=filing.division,
        channel=filing.channel, state=CaseState.RUNNING, filed_at=now, enterprise_id=filing.enterprise_id,
        agency_at=filing.agency_at,
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(CaseRevision(case_id=case.id, revision=1, answers=filing.answers, created_at=now))
    needed = {plan.item_id for plan in filing.items if plan.needed}
    items = [_item(case, position, plan, needed, filing, now) for position, plan in enumerate(filing.items)]
    session.add_all(items)
    happened(session, case, "case_filed", By(Actor.APPLICANT, filing.filer_id), now, data={"channel": filing.channel})
    _follow(session, case, items, now)
    return case


def _item(case: Case, position: int, plan: PlannedItem, needed: set[str], filing: Filing, now: datetime) -> CaseItem:
    """An item waits only for predecessors that this case needs; without any it goes to its department at once."""
    waits = not needed.isdisjoint((*plan.after, *plan.after_any))
    state = ItemState.WAITING if waits else ItemState.FILED
    item = CaseItem(
        case_id=case.id, item_id=plan.item_id, position=position, department_id=plan.department_id,
        after=list(plan.after), after_any=list(plan.after_any), promised_days=plan.promised_days,
        legal_days=plan.legal_days, division=filing.division, channel=filing.channel, filed_at=now,
        state=state if plan.needed else ItemState.NOT_NEEDED,
    )  # fmt: skip
    if item.state is ItemState.FILED:
        _reached(item, now)
    return item


def _reached(item: CaseItem, now: datetime) -> None:
    """The item is with its department (again): until when it must be accepted, refused or asked about."""
    item.ready_at = now
    dates = clocks.reached(now)
    item.act_by, item.warn_at = dates.act_by, dates.warn_at


def locked(session: Session, case_id: UUID) -> Case:
    """The case as it stands now, its row locked until the transaction ends, so that two people never decide at once.

    Every write takes this one lock first and no other row lock of a case before it, so writers cannot deadlock.
    """
    found = select(Case).where(Case.id == case_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).one()


def items_of(session: Session, case_id: UUID) -> list[CaseItem]:
    """All items of a case in their order, as they stand now."""
    found = select(CaseItem).where(CaseItem.case_id == case_id).order_by(col(CaseItem.position))
    return list(session.exec(found.execution_options(populate_existing=True)))


def lock_item(session: Session, case_id: UUID, item_id: str, version: int | None = None) -> tuple[Case, CaseItem]:
    """The case (locked) and one item; raises NotNow when the item changed since `version` was shown, NotFound without it."""
    case = locked(session, case_id)
    found = select(CaseItem).where(CaseItem.case_id == case_id, CaseItem.item_id == item_id)
    item = session.exec(found.execution_options(populate_existing=True)).first()
    if item is None:
        raise NotFound
    if version is not None and item.version != version:
        raise NotNow(state=item.state.value)
    return case, item


def apply(
    session: Session, case: Case, item: CaseItem, action: Action, by: By, now: datetime, data: dict[str, Any] | None = None
) -> Row:
    """Take one step of the table on one item and let the rest of the case follow; raises NotNow."""
    row = _take(session, case, item, action, by, now, data)
    _move_on(session, case, now)
    return row


def apply_all(session: Session, case: Case, items: Sequence[CaseItem], action: Action, by: By, now: datetime) -> None:
    """Take the same step on several items of a locked case at once, before the rest follows; raises NotNow."""
    for item in items:
        _take(session, case, item, action, by, now)
    _move_on(session, case, now)


def _take(
    session: Session, case: Case, item: CaseItem, action: Action, by: By, now: datetime, data: dict[str, Any] | None = None
) -> Row:
    row = step(item.state, action, by.actor)
    item.state = row.after
    item.version += 1
    _stamp(item, action, now)
    session.add(item)
    happened(session, case, row.event, by, now, item=item, data=data)
    return row


def _stamp(item: CaseItem, action: Action, now: datetime) -> None:
    if action in (Action.START, Action.REPLY):
        _reached(item, now)
    elif action is Action.ACCEPT:
        _start_clock(item, now)
    elif action in (Action.APPROVE, Action.DENY, Action.REFUSE):
        item.decided_at = now
    if action in (Action.FINISH, Action.DENY, Action.REFUSE, Action.END_UNSTARTED, Action.WITHDRAW):
        item.finished_at = now


def _start_clock(item: CaseItem, now: datetime) -> None:
    item.accepted_at = now
    set_dates(item, clocks.accepted(now, item.promised_days, item.legal_days))


def set_dates(item: CaseItem, dates: clocks.Dates) -> None:
    """Write the dates of an accepted item."""
    item.promised_due, item.legal_due, item.provisional = dates.promised_due, dates.legal_due, dates.provisional
    item.act_by, item.warn_at = dates.act_by, dates.warn_at


def _move_on(session: Session, case: Case, now: datetime) -> None:
    """Start or end what waited, until nothing changes; then the case's own state follows."""
    session.flush()
    moved = True
    items = items_of(session, case.id)
    while moved:
        states = {item.item_id: item.state for item in items}
        moved = False
        for item in items:
            if item.state is not ItemState.WAITING:
                continue
            action = ready([states[i] for i in item.after], [states[i] for i in item.after_any])
            if action:
                counts = POSITIVE if action is Action.START else REFUSED
                because = [i for i in (*item.after, *item.after_any) if states[i] in counts]
                _take(session, case, item, action, SYSTEM, now, {"because": because})
                states[item.item_id], moved = item.state, True
    _follow(session, case, items, now)


def _follow(session: Session, case: Case, items: Sequence[CaseItem], now: datetime) -> None:
    case.state = case_state(item.state for item in items)
    case.version += 1
    session.add(case)
    if case.state in ENDS and case.finished_at is None:
        case.finished_at = now
        happened(session, case, ENDS[case.state], SYSTEM, now)
    session.flush()


def happened(
    session: Session, case: Case, kind: str, by: By, now: datetime, *, item: CaseItem | None = None,
    data: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write one event into the case's chain and tell every listener, in this transaction."""
    item_id = item.item_id if item else None
    event = history.append(session, case, kind, by.actor, now, item_id=item_id, actor_id=by.id, data=data)
    events.emit(session, Happened(case, event, item))
