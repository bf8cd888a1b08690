"""By when a whole case is expected to be done, if every department keeps its promise from now on. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from app.core import workdays

from .states import ENDED, POSITIVE, ItemState


class Planned(Protocol):
    """The columns of an item that its outlook needs."""

    @property
    def item_id(self) -> str: ...
    @property
    def state(self) -> ItemState: ...
    @property
    def after(self) -> list[str]: ...
    @property
    def after_any(self) -> list[str]: ...
    @property
    def promised_days(self) -> int: ...
    @property
    def promised_due(self) -> datetime | None: ...


class Outlook(NamedTuple):
    """The last day; `provisional` while the official calendar of its year is unknown; `depends`: on the applicant's reply."""

    at: datetime
    provisional: bool
    depends: bool


def outlook(items: Sequence[Planned], now: datetime) -> Outlook | None:
    """The last promised moment over all open items along the graph; None when nothing is open.

    What is not accepted yet is reckoned as if accepted today; what waits, after the latest of what it waits for.
    """
    by = {item.item_id: item for item in items}
    ends: dict[str, workdays.Due] = {}

    def end(item: Planned) -> workdays.Due:
        if item.item_id not in ends:
            ends[item.item_id] = _end(item)
        return ends[item.item_id]

    def _end(item: Planned) -> workdays.Due:
        if item.state in ENDED or item.state in POSITIVE:
            return workdays.Due(now, provisional=False)
        if item.promised_due is not None:
            return workdays.Due(max(item.promised_due, now), provisional=False)
        before = [end(by[name]) for name in (*item.after, *item.after_any) if name in by]
        start = max([now, *(one.at for one in before)])
        due = workdays.due(start, item.promised_days)
        return workdays.Due(due.at, due.provisional or any(one.provisional for one in before))

    still = [end(item) for item in items if item.state not in ENDED]
    if not still:
        return None
    last = max(still, key=lambda due: due.at)
    depends = any(item.state is ItemState.CORRECTION_ASKED for item in items)
    return Outlook(last.at, any(one.provisional for one in still), depends)
