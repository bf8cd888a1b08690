"""A case as its page shows it: lanes with clocks, what is asked of me, timeline. Built from rows, in one language. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.cases import clocks, words
from app.cases.clocks import Stage
from app.cases.outlook import outlook
from app.cases.queries import CaseHead, EventRow, ItemRow
from app.cases.states import ENDED, LOOKUP, POSITIVE, REFUSED, Action, ItemState
from app.catalogue import editions
from app.catalogue.definition import Edition
from app.core.errors import N_
from app.core.i18n import gettext, pick
from app.core.words import WORDS
from app.messages.models import Channel

WAITS, STOPPED, NOT_NEEDED = N_("等%(names)s办好"), N_("要先办好%(names)s，那边没有办成"), N_("照您填的，用不着办")
GROUND = N_("依据：%(ground)s")


class Result(NamedTuple):
    """A result document to download; size in bytes."""

    id: UUID
    name: str
    size: int


class Lane(NamedTuple):
    """One item on its way through one department."""

    item_id: str
    department: str
    item: str
    kind: str
    status: str
    share: float
    left: str
    right: str
    why: str
    ground: str
    reason: str
    refused: bool
    result: Result | None


class Todo(NamedTuple):
    """What a department asks of the applicant."""

    item_id: str
    department: str
    item: str
    until: str
    late: bool
    words: str
    photos: bool


class Step(NamedTuple):
    """A line of the timeline."""

    title: str
    when: str
    below: str
    bad: bool


class CaseView(NamedTuple):
    """Everything on the case page but the frame. `last_day` is empty when nothing is open."""

    number: str
    title: str
    filed: str
    state: str
    departments: int
    finished: int
    last_day: str
    provisional: bool
    todos: tuple[Todo, ...]
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    results: tuple[tuple[str, Result], ...]
    may_withdraw: bool


class Names:
    """The names of an edition's items and departments in one language; codes stand in for what is not known."""

    def __init__(self, edition: Edition, lang: str) -> None:
        self.title = pick(edition.service.title, lang)
        self.items = {item.id: pick(item.short, lang) for item in edition.service.items}
        self.departments = {d.id: pick(d.short, lang) for d in editions.departments().values()}

    def item(self, item_id: str) -> str:
        """Short name of an item."""
        return self.items.get(item_id, item_id)

    def department(self, department_id: str) -> str:
        """Short name of a department."""
        return self.departments.get(department_id, department_id)


def counted(items: Sequence[ItemRow]) -> tuple[int, int]:
    """(departments with something to do, departments that have ended all of theirs)."""
    by: dict[str, bool] = {}
    for item in items:
        if item.state is not ItemState.NOT_NEEDED:
            by[item.department_id] = by.get(item.department_id, True) and item.state in ENDED
    return len(by), sum(by.values())


def lane(item: ItemRow, names: Names, by: Mapping[str, ItemRow], lang: str, now: datetime) -> Lane:
    """The lane of one item."""
    face = clocks.face(item, now)
    look = words.LOOKS[face.stage]
    refused = face.stage in (Stage.DENIED, Stage.NOT_ACCEPTED)
    share = 1.0 if face.stage is Stage.CORRECTION else round(face.share, 3)  # hatched over its whole length
    counts = face.stage not in (Stage.NOT_NEEDED, Stage.NOT_STARTED, Stage.WITHDRAWN)
    result = Result(item.result_id, item.result_name, item.result_size or 0) if item.result_id and item.result_name else None
    return Lane(
        item_id=item.item_id, department=names.department(item.department_id), item=names.item(item.item_id), kind=look.kind,
        status=gettext(look.status, lang), share=share, left=words.clock(face, lang),
        right=words.promise(item.promised_days, item.legal_days, lang) if counts else "", why=_why(item, names, by, face, lang),
        ground=gettext(GROUND, lang) % {"ground": item.ground} if refused and item.ground else "",
        reason=item.reason or "" if refused else "", refused=refused, result=result,
    )  # fmt: skip


def _why(item: ItemRow, names: Names, by: Mapping[str, ItemRow], face: clocks.Face, lang: str) -> str:
    before = [by[name] for name in (*item.after, *item.after_any) if name in by]
    if face.stage is Stage.NOT_NEEDED:
        return gettext(NOT_NEEDED, lang)
    if face.stage is Stage.WAITING:
        named = [b for b in before if b.state not in POSITIVE and b.state is not ItemState.NOT_NEEDED]
        return gettext(WAITS, lang) % {"names": _listed(named, names, lang)} if named else ""
    if face.stage is Stage.NOT_STARTED:
        named = [b for b in before if b.state in REFUSED]
        return gettext(STOPPED, lang) % {"names": _listed(named, names, lang)} if named else ""
    return ""


def _listed(rows: Sequence[ItemRow], names: Names, lang: str) -> str:
    gap = ": " if lang == "en" else ""
    return words.listed([f"{names.department(r.department_id)}{gap}{names.item(r.item_id)}" for r in rows], lang)


def _todo(item: ItemRow, names: Names, lang: str, now: datetime) -> Todo:
    until = WORDS.until(item.reply_by, lang, now) if item.reply_by else ""
    return Todo(
        item.item_id, names.department(item.department_id), names.item(item.item_id), until,
        bool(item.reply_by and now > item.reply_by), item.words or "", any("material" in t for t in item.targets or ()),
    )  # fmt: skip


#: How the reader was told of a line, beside the inbox.
TOLD = {
    frozenset({Channel.PUSH}): N_("已发手机通知"), frozenset({Channel.SMS}): N_("已发短信"),
    frozenset({Channel.PUSH, Channel.SMS}): N_("已发手机通知和短信"),
}  # fmt: skip


def step(event: EventRow, names: Names, departments: Mapping[str, str], channel: str, lang: str, now: datetime) -> Step:
    """A line of the timeline: who, what, when, how told."""
    item = event.item_id or ""
    said = {"item": names.item(item), "department": names.department(departments.get(item, ""))}
    filed = event.kind == "case_filed" and channel in words.CHANNELS
    below = gettext(words.CHANNELS[channel] if filed else TOLD.get(event.told, ""), lang)
    return Step(words.event(event.kind, said, lang), WORDS.moment(event.at, lang, now), below, event.kind == "correction_asked")


def lanes_of(items: Sequence[ItemRow], names: Names, lang: str, now: datetime) -> tuple[Lane, ...]:
    """All lanes of a case, in the order of its service."""
    by = {item.item_id: item for item in items}
    return tuple(lane(item, names, by, lang, now) for item in items)


def view(
    head: CaseHead, items: Sequence[ItemRow], events: Sequence[EventRow], edition: Edition, lang: str, now: datetime
) -> CaseView:
    """The whole page."""
    names = Names(edition, lang)
    lanes = lanes_of(items, names, lang, now)
    departments, finished = counted(items)
    ahead = outlook(items, now)
    home = {item.item_id: item.department_id for item in items}
    return CaseView(
        number=head.number, title=names.title, filed=WORDS.moment(head.filed_at, lang, now), state=head.state.value,
        departments=departments, finished=finished, last_day=WORDS.date(ahead.at, lang, now) if ahead else "",
        provisional=bool(ahead and ahead.provisional),
        todos=tuple(_todo(i, names, lang, now) for i in items if i.state is ItemState.CORRECTION_ASKED), lanes=lanes,
        steps=tuple(step(event, names, home, head.channel, lang, now) for event in events),
        results=tuple((one.item, one.result) for one in lanes if one.result),
        may_withdraw=any((i.state, Action.WITHDRAW) in LOOKUP for i in items),
    )  # fmt: skip


def pinned(service_id: str, edition_id: str) -> Edition | None:
    """The edition that a case is pinned to if it is the current one: no query."""
    found = next((e for e in editions.all_current() if e.service.id == service_id), None)
    return found if found and found.id == edition_id else None
