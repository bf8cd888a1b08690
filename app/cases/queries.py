"""Reads of cases, each with its permission (ownership.py)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlmodel import Session, col

from app.accounts.parties import Party
from app.core.errors import NotFound
from app.documents.models import Document
from app.messages.models import Channel, Delivery, DeliveryState, Message
from app.messages.queries import unread_column

from .models import Case, CaseEvent, CaseItem, CaseRevision, Correction, Reply
from .ownership import Mine
from .states import CaseState, ItemState

c, i, e, k, m, d = Case, CaseItem, CaseEvent, Correction, Message, Delivery


class CaseHead(NamedTuple):
    """A case without its items. `unread`: of all the party's messages; `news`: of those, about this case."""

    id: UUID
    number: str
    service_id: str
    edition: str
    state: CaseState
    version: int
    revision: int
    filed_at: datetime
    finished_at: datetime | None
    channel: str
    unread: int
    news: int


class ItemRow(NamedTuple):
    """An item with its correction and its result document, as the applicant sees them."""

    case_id: UUID
    id: UUID
    item_id: str
    department_id: str
    state: ItemState
    after: list[str]
    after_any: list[str]
    promised_days: int
    legal_days: int | None
    accepted_at: datetime | None
    promised_due: datetime | None
    legal_due: datetime | None
    decided_at: datetime | None
    finished_at: datetime | None
    provisional: bool
    ground: str | None
    reason: str | None
    reply_by: datetime | None
    words: str | None
    targets: list[dict[str, Any]] | None
    correction_id: UUID | None
    result_id: UUID | None
    result_name: str | None
    result_size: int | None


class EventRow(NamedTuple):
    """One line of the timeline; `told`: over what, beside the inbox, its reader was told of it."""

    sequence: int
    kind: str
    item_id: str | None
    actor: str
    data: Mapping[str, Any]
    at: datetime
    told: frozenset[Channel] = frozenset()


class CaseLine(NamedTuple):
    """A case in a list, with its items."""

    head: CaseHead
    items: list[ItemRow]


_news = (
    select(func.count())
    .where(col(m.person_id) == bindparam("person"), col(m.case_id) == col(c.id), col(m.read_at).is_(None))
    .correlate(c)
    .scalar_subquery()
)
_HEADS = select(
    col(c.id), col(c.number), col(c.service_id), col(c.edition), col(c.state), col(c.version), col(c.revision),
    col(c.filed_at), col(c.finished_at), col(c.channel), unread_column, _news,
)  # fmt: skip
_HEAD = Mine(_HEADS.where(col(c.number) == bindparam("number")))
_turn = case((col(c.state) == CaseState.YOUR_TURN, 0), (col(c.finished_at).is_(None), 1), else_=2)
_LIST = Mine(_HEADS.order_by(_turn, col(c.filed_at).desc(), col(c.id).desc()).limit(bindparam("many")))
_by_time = _HEADS.order_by(col(c.filed_at).desc(), col(c.id).desc()).limit(bindparam("many"))
_NEWEST = Mine(_by_time)
_OLDER = Mine(
    _by_time.where(
        or_(col(c.filed_at) < bindparam("at"), and_(col(c.filed_at) == bindparam("at"), col(c.id) < bindparam("before")))
    )
)
_ITEM = (
    select(
        col(i.case_id), col(i.id), col(i.item_id), col(i.department_id), col(i.state), col(i.after), col(i.after_any),
        col(i.promised_days), col(i.legal_days), col(i.accepted_at), col(i.promised_due), col(i.legal_due), col(i.decided_at),
        col(i.finished_at), col(i.provisional), col(i.ground), col(i.reason), col(k.reply_by), col(k.words), col(k.targets),
        col(k.id), col(Document.id), col(Document.filename), col(Document.size),
    )
    .outerjoin(k, col(k.case_item_id) == col(i.id))
    .outerjoin(Document, and_(col(Document.id) == col(i.result_document_id), col(Document.removed_at).is_(None)))
    .order_by(col(i.case_id), col(i.position))
)  # fmt: skip
_ITEMS = _ITEM.where(col(i.case_id) == bindparam("case"))
_ITEMS_OF = _ITEM.where(col(i.case_id).in_(bindparam("cases", expanding=True)))
_EVENTS = (
    select(col(e.sequence), col(e.kind), col(e.item_id), col(e.actor), col(e.data), col(e.at))
    .where(col(e.case_id) == bindparam("case"))
    .order_by(col(e.sequence).desc())
)
_message = and_(
    col(m.case_id) == col(e.case_id), col(m.person_id) == bindparam("person"), col(m.kind) == col(e.kind),
    col(m.created_at) == col(e.at),
)  # fmt: skip
_TIMELINE = (
    _EVENTS.add_columns(col(m.params), col(d.channel))
    .outerjoin(m, _message)
    .outerjoin(d, and_(col(d.message_id) == col(m.id), col(d.state).in_([DeliveryState.ACCEPTED, DeliveryState.SHOWN])))
)
_ANSWERS = select(col(CaseRevision.answers)).where(
    col(CaseRevision.case_id) == bindparam("case"), col(CaseRevision.revision) == bindparam("revision")
)


def own(session: Session, party: Party, number: str) -> CaseHead:
    """A party's case by its number: one query. Raises NotFound."""
    row: Any = session.connection().execute(_HEAD.of(party), {**party.values, "number": number}).first()
    if row is None:
        raise NotFound
    return CaseHead(*row)


def items(session: Session, case_id: UUID) -> list[ItemRow]:
    """All items of an authorised case in their order."""
    return [ItemRow(*row) for row in session.execute(_ITEMS, {"case": case_id})]


def events(session: Session, case_id: UUID) -> list[EventRow]:
    """The timeline of an authorised case, newest first."""
    return [EventRow(*row) for row in session.execute(_EVENTS, {"case": case_id})]


def timeline(session: Session, case_id: UUID, person_id: UUID) -> list[EventRow]:
    """The timeline of an authorised case with how a person was told of each line: one query."""
    found: dict[int, EventRow] = {}
    for *event, params, channel in session.execute(_TIMELINE, {"case": case_id, "person": person_id}):
        row = found.setdefault(event[0], EventRow(*event))
        if channel and params.get("item") == row.item_id:  # several items may have moved at the same moment
            found[row.sequence] = row._replace(told=row.told | {channel})
    return list(found.values())


def answers(session: Session, head: CaseHead) -> str:
    """The answers of an authorised case as they stand now (JSON text)."""
    return str(session.execute(_ANSWERS, {"case": head.id, "revision": head.revision}).scalar_one())


def replied(session: Session, case_id: UUID, key: str, action: str) -> bool:
    """Whether an authorised case's action with this key was carried out."""
    row = session.get(Reply, (case_id, key))
    return row is not None and row.action == action


def _with_items(session: Session, heads: Iterable[CaseHead]) -> list[CaseLine]:
    lines = {head.id: CaseLine(head, []) for head in heads}
    if lines:
        for row in session.execute(_ITEMS_OF, {"cases": list(lines)}):
            lines[row[0]].items.append(ItemRow(*row))
    return list(lines.values())


def mine(session: Session, party: Party, many: int = 50) -> list[CaseLine]:
    """A party's cases with their items, your turn first, then running, then ended: at most two queries."""
    rows = session.execute(_LIST.of(party), {**party.values, "many": many})
    return _with_items(session, (CaseHead(*row) for row in rows))


def newest(session: Session, party: Party, many: int, before: CaseHead | None = None) -> list[CaseLine]:
    """A party's cases by the time of filing, newest first, for paging: those before the last one of the page before."""
    values: dict[str, Any] = {**party.values, "many": many}
    if before is not None:
        values |= {"at": before.filed_at, "before": before.id}
    rows = session.execute((_OLDER if before else _NEWEST).of(party), values)
    return _with_items(session, (CaseHead(*row) for row in rows))
