"""A running case in small, for the home page: one lane per department, and what is asked of me. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.cases.clocks import Stage, face
from app.cases.states import ENDED, ItemState
from app.catalogue.definition import DepartmentDef
from app.core.errors import N_
from app.forms.definition import Text


class ItemRow(NamedTuple):
    """The columns of an item that its lane needs; `reply_by` while a correction is asked."""

    department_id: str
    state: ItemState
    promised_days: int
    accepted_at: datetime | None
    promised_due: datetime | None
    legal_due: datetime | None
    decided_at: datetime | None
    reply_by: datetime | None


class Lane(NamedTuple):
    """A department's way: `kind` names the look (components/case.html), `text` is a msgid, `share` of the bar is 0 to 1."""

    name: Text
    kind: str
    text: str
    share: float


@dataclass(frozen=True)
class Mini:
    """`done` of `len(lanes)` departments have ended; `asks` and `reply_by` when it is my turn."""

    number: str
    title: Text
    lanes: tuple[Lane, ...]
    done: int
    asks: Text | None = None
    reply_by: datetime | None = None


#: What stands for a department with several items: the first of these that one of them shows.
LOOKS: Mapping[Stage, tuple[str, str]] = {
    Stage.CORRECTION: ("pause", N_("待补正")),
    Stage.OVER_LEGAL: ("over", N_("超期")),
    Stage.OVER: ("over", N_("超期")),
    Stage.SOON: ("warn", N_("快到期")),
    Stage.RUNNING: ("run", N_("在办")),
    Stage.APPROVED: ("run", N_("在出证")),
    Stage.SENT: ("wait", N_("等受理")),
    Stage.WAITING: ("wait", N_("排队")),
    Stage.DENIED: ("ended", N_("没同意")),
    Stage.NOT_ACCEPTED: ("ended", N_("没受理")),
    Stage.NOT_STARTED: ("ended", N_("没开始")),
    Stage.WITHDRAWN: ("ended", N_("撤回了")),
    Stage.DONE: ("done", N_("已办结")),
}
_RANK = {stage: rank for rank, stage in enumerate(LOOKS)}


def mini(
    number: str, title: Text, items: Iterable[ItemRow], departments: Mapping[str, DepartmentDef], now: datetime
) -> Mini:  # fmt: skip
    """A case in small; items that it does not need are left out."""
    by_department: dict[str, list[ItemRow]] = {}
    for item in items:
        if item.state is not ItemState.NOT_NEEDED:
            by_department.setdefault(item.department_id, []).append(item)
    asked = [item for rows in by_department.values() for item in rows if item.state is ItemState.CORRECTION_ASKED]
    first = min(asked, key=lambda item: item.reply_by or now, default=None)
    return Mini(
        number=number,
        title=title,
        lanes=tuple(_lane(departments[name].short, rows, now) for name, rows in by_department.items()),
        done=sum(all(item.state in ENDED for item in rows) for rows in by_department.values()),
        asks=departments[first.department_id].short if first else None,
        reply_by=first.reply_by if first else None,
    )


def _lane(name: Text, items: Sequence[ItemRow], now: datetime) -> Lane:
    shown = min((face(item, now) for item in items), key=lambda seen: _RANK[seen.stage])
    kind, text = LOOKS[shown.stage]
    return Lane(name, kind, text, {"pause": 0.3, "done": 1.0, "ended": 1.0, "over": 1.0}.get(kind, shown.share))
