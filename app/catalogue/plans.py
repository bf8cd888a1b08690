"""What one family's filing comes to: items needed, materials to upload or fetched, and how many working days are promised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.forms.conditions import holds, shown

from .definition import Edition, Item, Material, Source

UPLOADED = (Source.APPLICANT, Source.PARTNER)


def uploadable(material: Material) -> bool:
    """Whether a material may have to be uploaded: a paper of the person's, or one that a register may fail to answer with."""
    return material.source in UPLOADED or material.held_by is not None


@dataclass(frozen=True)
class PlannedPart:
    """An item and whether these answers need it; what is not needed stays visible."""

    item: Item
    needed: bool


@dataclass(frozen=True)
class Plan:
    """`promised_days` and `legal_days` are working days along the critical path.

    `legal_days` is None unless a statute limits every needed item: a part without a limit leaves the whole without one.
    """

    items: tuple[PlannedPart, ...]
    wanted: tuple[Material, ...]
    exempt: tuple[Material, ...]
    promised_days: int
    legal_days: int | None


def critical_path(items: Mapping[str, Item], days: Callable[[Item], int]) -> int:
    """The longest way through the graph: `after` waits for all, `after_any` for the quickest; absent ones count nothing."""
    ends: dict[str, int] = {}

    def end(item: Item) -> int:
        if item.id not in ends:
            every = [end(items[i]) for i in item.after if i in items]
            either = [end(items[i]) for i in item.after_any if i in items]
            ends[item.id] = max([*every, min(either, default=0)], default=0) + days(item)
        return ends[item.id]

    return max((end(item) for item in items.values()), default=0)


def _concerns(material: Material, needed: Mapping[str, Item]) -> bool:
    return not material.items or any(i in needed for i in material.items)


def plan(
    edition: Edition, answers: Mapping[str, Any], now: datetime, held: frozenset[str] = frozenset(),
    seen: Mapping[str, Any] | None = None,
) -> Plan:  # fmt: skip
    """The plan of a filing with these answers; a condition over a missing answer is false.

    `held`: the materials that a register has answered with. The others that registers hold are wanted like any paper.
    `seen`: the answers of visible questions (forms.conditions.shown), when the caller has worked them out already.
    """
    service = edition.service
    known = shown(service.form, answers, now) if seen is None else seen

    def true(condition: str | None, absent: bool) -> bool:
        return absent if condition is None else holds(condition, known, now, service.form.district)

    parts = tuple(PlannedPart(item, true(item.needed_if, True)) for item in service.items)
    needed = {part.item.id: part.item for part in parts if part.needed}
    asked = [m for m in service.materials if _concerns(m, needed) and true(m.needed_if, True)]
    fetched = {m.id for m in asked if m.id in held or not uploadable(m) or true(m.exempt_if, False)}
    limited = bool(needed) and all(item.legal_days is not None for item in needed.values())
    return Plan(
        items=parts,
        wanted=tuple(m for m in asked if m.id not in fetched),
        exempt=tuple(m for m in asked if m.id in fetched),
        promised_days=critical_path(needed, lambda item: item.promised_days),
        legal_days=critical_path(needed, lambda item: item.legal_days or 0) if limited else None,
    )
