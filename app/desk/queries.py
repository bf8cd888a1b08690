"""Reads of the queue. Each is filtered by department and jurisdiction; none decrypts an answer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col
from stdnum.cn import uscc

from app.accounts.models import Department, Enterprise, Person, Staff
from app.accounts.officers import Officer
from app.cases.models import Case, CaseItem
from app.cases.states import ItemState
from app.core.crypto import keyring

from .filters import OPEN_STATES, REACHED, TABS, Claim, Filters, LightFilter, Tab

PAGE = 50
i, c = CaseItem, Case


class Line(NamedTuple):
    """One item as the queue shows it; of an enterprise's case `applicant` is who filed it."""

    id: UUID
    case_id: UUID
    number: str
    service_id: str
    item_id: str
    applicant: str
    channel: str
    state: ItemState
    version: int
    ready_at: datetime | None
    accepted_at: datetime | None
    act_by: datetime | None
    legal_due: datetime | None
    promised_days: int
    finished_at: datetime | None
    claimed_by: UUID | None
    officer: str | None
    enterprise: str | None


class Sibling(NamedTuple):
    """An item of the same case, perhaps of another department: its state only."""

    case_id: UUID
    item_id: str
    department_id: str
    short_zh: str
    short_en: str
    state: ItemState


class Counts(NamedTuple):
    """How many items stand in each tab (all of them) and under each light (within the filters)."""

    tabs: dict[Tab, int]
    lights: dict[LightFilter, int]
    shown: int


def within(officer: Officer) -> ColumnElement[bool]:
    """The items that an officer may see: their department's, within their jurisdiction (architecture §5)."""
    return and_(
        col(i.department_id) == officer.department_id, col(i.division).startswith(officer.jurisdiction, autoescape=True)
    )


def _light(now: datetime) -> ColumnElement[str]:
    return case(
        (col(i.act_by) < now, LightFilter.OVER.value), (col(i.warn_at) <= now, LightFilter.SOON.value),
        else_=LightFilter.FINE.value,
    )  # fmt: skip


def _chosen(officer: Officer, filters: Filters) -> ColumnElement[bool]:
    whose: dict[Claim, list[ColumnElement[bool]]] = {
        Claim.OPEN: [or_(col(i.claimed_by).is_(None), col(i.claimed_by) == officer.staff_id)],
        Claim.MINE: [col(i.claimed_by) == officer.staff_id],
        Claim.FREE: [col(i.claimed_by).is_(None)],
        Claim.ALL: [],
    }
    parts = whose[filters.claim]
    if filters.service:
        parts = [*parts, col(c.service_id) == filters.service]
    return and_(True, *parts)


def counts(session: Session, officer: Officer, filters: Filters, now: datetime) -> Counts:
    """Numbers of tabs and lights: one query over the open items."""
    light = _light(now)
    mine = func.sum(case((_chosen(officer, filters), 1), else_=0))
    found = select(col(i.state), light, func.count(), mine).join(c, col(c.id) == col(i.case_id))
    rows = session.execute(found.where(within(officer), col(i.state).in_(OPEN_STATES)).group_by(col(i.state), light)).all()
    lit_tab = filters.tab if filters.tab in (Tab.TODO, Tab.FINISH) else Tab.TODO
    tabs: dict[Tab, int] = {tab: sum(n for state, _, n, _ in rows if state in TABS[tab]) for tab in Tab if tab is not Tab.DONE}
    lights = {each: sum(int(n) for state, lit, _, n in rows if state in TABS[lit_tab] and lit == each) for each in LightFilter}
    in_tab = [(lit, int(n)) for state, lit, _, n in rows if state in TABS[filters.tab]]
    return Counts(tabs, lights, sum(n for lit, n in in_tab if filters.light in (None, lit)))


_LINES = (
    select(
        col(i.id), col(i.case_id), col(c.number), col(c.service_id), col(i.item_id), col(Person.name), col(i.channel),
        col(i.state), col(i.version), col(i.ready_at), col(i.accepted_at), col(i.act_by), col(i.legal_due),
        col(i.promised_days), col(i.finished_at), col(i.claimed_by), col(Staff.name), col(Enterprise.name),
    )
    .join(c, col(c.id) == col(i.case_id))
    .join(Person, col(Person.id) == col(c.applicant_id))
    .outerjoin(Staff, col(Staff.id) == col(i.claimed_by))
    .outerjoin(Enterprise, col(Enterprise.id) == col(c.enterprise_id))
)  # fmt: skip


def lines(session: Session, officer: Officer, filters: Filters, now: datetime) -> list[Line]:
    """A page of the queue and one row more (to know whether there is a next page), most urgent first."""
    found = _LINES.where(within(officer), col(i.state).in_(TABS[filters.tab]), _chosen(officer, filters))
    if filters.light:
        found = found.where(_light(now) == filters.light.value)
    key, after = (col(i.finished_at) if filters.tab is Tab.DONE else col(i.act_by)), filters.after
    if filters.tab is Tab.DONE:
        found = found.order_by(key.desc(), col(i.id).desc())
        if after:
            found = found.where(or_(key < after.at, and_(key == after.at, col(i.id) < after.id)))
    else:
        found = found.order_by(key, col(i.id))
        if after:
            found = found.where(or_(key > after.at, and_(key == after.at, col(i.id) > after.id)))
    return [Line(*row) for row in session.execute(found.limit(PAGE + 1))]


class SearchBy(NamedTuple):
    """What was searched for, recognised: `kind` is number, id_number, credit_code or name."""

    kind: str
    value: str


def recognise(text: str) -> SearchBy | None:
    """Twelve digits are a case number, eighteen characters an ID number or a credit code, other words a whole name."""
    compact = "".join(normalize("NFKC", text).split()).upper()
    if compact.isdecimal() and len(compact) == 12:
        return SearchBy("number", compact)
    if len(compact) == 18 and compact[:17].isdecimal():
        return SearchBy("id_number", compact)
    if uscc.is_valid(compact):
        return SearchBy("credit_code", compact)
    name = " ".join(normalize("NFC", text).split())
    return SearchBy("name", name) if 2 <= len(name) <= 50 else None


def search(session: Session, officer: Officer, by: SearchBy) -> list[Line]:
    """Items of the own department and jurisdiction, by exact case number or credit code, blind index of an ID number, or
    the whole name of a person (blind index) or an enterprise."""
    matches = {
        "number": lambda: col(c.number) == by.value,
        "credit_code": lambda: col(Enterprise.credit_code) == by.value,
        "id_number": lambda: col(Person.id_number_index) == keyring().blind("id_number", by.value),
        "name": lambda: or_(col(Person.name_index) == keyring().blind("name", by.value), col(Enterprise.name) == by.value),
    }
    found = _LINES.where(within(officer), col(i.state).in_(REACHED), matches[by.kind]())
    return [Line(*row) for row in session.execute(found.order_by(col(i.filed_at).desc(), col(i.position)).limit(PAGE))]


def neighbours(session: Session, officer: Officer, act_by: datetime, item: UUID) -> tuple[Line | None, Line | None]:
    """The items before and after one in the open queue (mine and unclaimed): two queries."""
    mine = _LINES.where(within(officer), col(i.state).in_(TABS[Tab.TODO]), _chosen(officer, Filters()), col(i.id) != item)
    before = or_(col(i.act_by) < act_by, and_(col(i.act_by) == act_by, col(i.id) < item))
    after = or_(col(i.act_by) > act_by, and_(col(i.act_by) == act_by, col(i.id) > item))
    up = session.execute(mine.where(before).order_by(col(i.act_by).desc(), col(i.id).desc()).limit(1)).first()
    down = session.execute(mine.where(after).order_by(col(i.act_by), col(i.id)).limit(1)).first()
    return Line(*up) if up else None, Line(*down) if down else None


def first_open(session: Session, officer: Officer, but: UUID) -> Line | None:
    """The most urgent item of the open queue besides one."""
    mine = _LINES.where(within(officer), col(i.state).in_(TABS[Tab.TODO]), _chosen(officer, Filters()), col(i.id) != but)
    row = session.execute(mine.order_by(col(i.act_by), col(i.id)).limit(1)).first()
    return Line(*row) if row else None


def siblings(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, list[Sibling]]:
    """For each case all needed items with department and state, in order: one query."""
    wanted = list(case_ids)
    if not wanted:
        return {}
    d = Department
    found = (
        select(col(i.case_id), col(i.item_id), col(i.department_id), col(d.short_zh), col(d.short_en), col(i.state))
        .join(d, col(d.id) == col(i.department_id))
        .where(col(i.case_id).in_(wanted), col(i.state) != ItemState.NOT_NEEDED)
        .order_by(col(i.case_id), col(i.position))
    )
    by_case: dict[UUID, list[Sibling]] = defaultdict(list)
    for row in session.execute(found):
        by_case[row[0]].append(Sibling(*row))
    return by_case
