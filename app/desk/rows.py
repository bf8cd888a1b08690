"""Rows of the queue as the template shows them: clock, names, pips of the other departments. Pure, no query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.cases.states import ItemState
from app.catalogue.editions import all_current
from app.core.errors import N_

from . import words
from .queries import Line, Sibling
from .review import clock_of
from .words import Said


class Name(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str


class Pip(NamedTuple):
    """A department of the case: class, glyph, name, state in words, whether it is the reviewer's own."""

    kind: str
    glyph: str
    name: Name
    words: str
    mine: bool


class Row(NamedTuple):
    """One item of the queue, ready to be shown."""

    line: Line
    said: Said
    used: int
    item: Name
    service: Name
    pips: list[Pip]
    done: int
    tag: tuple[str, str]
    channel: str
    action: str
    claimable: bool

    @property
    def href(self) -> str:
        """The review of this item."""
        return f"/desk/items/{self.line.number}/{self.line.item_id}"


_RANK = ("bad", "run", "wait", "ok")


def pips(items: Sequence[Sibling], own: str) -> list[Pip]:
    """One pip a department, showing its least finished item; in the order in which departments first appear."""
    found: dict[str, Pip] = {}
    for each in items:
        kind, glyph, text = words.PIPS[each.state]
        pip = Pip(kind, glyph, Name(each.short_zh, each.short_en), text, each.department_id == own)
        before = found.get(each.department_id)
        if before is None or _RANK.index(kind) < _RANK.index(before.kind):
            found[each.department_id] = pip
    return list(found.values())


def _names(service_id: str, item_id: str) -> tuple[Name, Name]:
    """Names of item and service as the edition in force has them; ids where the catalogue has dropped them. No query."""
    service = next((e.service for e in all_current() if e.service.id == service_id), None)
    if service is None:
        return Name(item_id, item_id), Name(service_id, service_id)
    item = next((i for i in service.items if i.id == item_id), None)
    name = Name(item.short.zh, item.short.en) if item else Name(item_id, item_id)
    return name, Name(service.title.zh, service.title.en)


def _tag(state: ItemState) -> tuple[str, str]:
    if state is ItemState.CORRECTION_ASKED:
        return "bad", N_("等补正")
    if state is ItemState.RESUBMITTED:
        return "ok", N_("已补齐")
    return "ok", N_("齐")


def row(line: Line, items: Sequence[Sibling], department: str, now: datetime) -> Row:
    """A line with its words."""
    clock = clock_of(line, now)
    shown = pips(items, department)
    item, service = _names(line.service_id, line.item_id)
    open_to_all = line.claimed_by is None and line.state in (ItemState.FILED, ItemState.RESUBMITTED, ItemState.ACCEPTED)
    return Row(
        line=line, said=words.clock_words(clock, line.state), used=clock.used, item=item, service=service, pips=shown,
        done=sum(p.kind == "ok" for p in shown), tag=_tag(line.state), channel=words.CHANNELS.get(line.channel, line.channel),
        action=N_("领办") if open_to_all else words.STATES[line.state][1], claimable=open_to_all,
    )  # fmt: skip


def rows(lines: Sequence[Line], by_case: Mapping[UUID, Sequence[Sibling]], department: str, now: datetime) -> list[Row]:
    """All lines of a page."""
    return [row(line, by_case.get(line.case_id, ()), department, now) for line in lines]
