"""What a reviewer chose to see: tab, light, claim, service, place in the list. Unknown values fall back, never fail."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from app.cases.states import ItemState
from app.core.errors import N_

S = ItemState


class Tab(StrEnum):
    """The roots of the desk: 待我审, 等补正, 待办结, 已办结."""

    TODO = "todo"
    CORRECTION = "correction"
    FINISH = "finish"
    DONE = "done"


class LightFilter(StrEnum):
    """The lights of the queue; 等补正 is a tab of its own."""

    OVER = "over"
    SOON = "soon"
    FINE = "fine"


class Claim(StrEnum):
    """Whose items."""

    OPEN = "open"
    MINE = "mine"
    FREE = "free"
    ALL = "all"


TABS: dict[Tab, tuple[ItemState, ...]] = {
    Tab.TODO: (S.FILED, S.RESUBMITTED, S.ACCEPTED),
    Tab.CORRECTION: (S.CORRECTION_ASKED,),
    Tab.FINISH: (S.APPROVED,),
    Tab.DONE: (S.FINISHED, S.DENIED, S.NOT_ACCEPTED, S.WITHDRAWN),
}
TAB_NAMES = {Tab.TODO: N_("待我审"), Tab.CORRECTION: N_("等补正"), Tab.FINISH: N_("待办结"), Tab.DONE: N_("已办结")}
CLAIM_NAMES = {Claim.OPEN: N_("我和未领办"), Claim.MINE: N_("我领办的"), Claim.FREE: N_("未领办"), Claim.ALL: N_("全部")}
#: States in which an item is (or was) with its department; before that the desk does not show it.
REACHED = tuple(state for states in TABS.values() for state in states)
OPEN_STATES = tuple(state for tab in (Tab.TODO, Tab.CORRECTION, Tab.FINISH) for state in TABS[tab])


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the next page begins after it."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """A cursor out of an address; None when it is not one."""
        at, _, row = text.partition("~")
        try:
            moment = datetime.fromisoformat(at)
            return cls(moment.astimezone(UTC), UUID(row)) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Filters:
    """The choices in force. Addresses carry them, and nothing personal."""

    tab: Tab = Tab.TODO
    light: LightFilter | None = None
    claim: Claim = Claim.OPEN
    service: str = ""
    after: Cursor | None = None

    @classmethod
    def parse(cls, tab: str, light: str, claim: str, service: str, after: str) -> "Filters":
        """Choices out of an address."""
        chosen = Tab(tab) if tab in set(Tab) else Tab.TODO
        return cls(
            tab=chosen,
            light=LightFilter(light) if light in set(LightFilter) and chosen in (Tab.TODO, Tab.FINISH) else None,
            claim=Claim(claim) if claim in set(Claim) else Claim.OPEN,
            service=service[:60],
            after=Cursor.parse(after),
        )

    def url(self, **changes: object) -> str:
        """The address of the same list with some choices changed; a change leads to the first page."""
        new = replace(self, **{"after": None, **changes})  # type: ignore[arg-type]
        default = Filters()
        chosen = {k: str(getattr(new, k)) for k in ("tab", "light", "claim", "service", "after")}
        shown = {k: v for k, v in chosen.items() if getattr(new, k) and getattr(new, k) != getattr(default, k)}
        return "/desk" + (f"?{urlencode(shown)}" if shown else "")
