"""The law of a case as a table: which action, by whom, leads an item from which state to which. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import N_, AppError


class ItemState(StrEnum):
    """Where one item of a case stands."""

    WAITING = "waiting"
    FILED = "filed"
    CORRECTION_ASKED = "correction_asked"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    FINISHED = "finished"
    DENIED = "denied"
    NOT_ACCEPTED = "not_accepted"
    NOT_STARTED = "not_started"
    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    """What the items together amount to."""

    RUNNING = "running"
    YOUR_TURN = "your_turn"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done to an item."""

    START = "start"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ASK_CORRECTION = "ask_correction"
    REPLY = "reply"
    APPROVE = "approve"
    DENY = "deny"
    FINISH = "finish"
    WITHDRAW = "withdraw"
    END_UNSTARTED = "end_unstarted"


class Actor(StrEnum):
    """Who may do it."""

    SYSTEM = "system"
    APPLICANT = "applicant"
    REVIEWER = "reviewer"


class Guard(StrEnum):
    """What must hold besides the state."""

    NONE = ""
    PREDECESSORS_APPROVED = "predecessors_approved"
    PREDECESSOR_REFUSED = "predecessor_refused"
    NOT_ASKED_BEFORE = "not_asked_before"


@dataclass(frozen=True)
class Row:
    """One line of the table, readable aloud."""

    before: ItemState
    action: Action
    actor: Actor
    guard: Guard
    after: ItemState
    event: str
    source: str


S, A = ItemState, Action
SYS, APP, REV = Actor.SYSTEM, Actor.APPLICANT, Actor.REVIEWER
TABLE: tuple[Row, ...] = (
    Row(S.WAITING, A.START, SYS, Guard.PREDECESSORS_APPROVED, S.FILED, "item_started", "服务定义 after"),
    Row(S.WAITING, A.END_UNSTARTED, SYS, Guard.PREDECESSOR_REFUSED, S.NOT_STARTED, "item_not_started", "服务定义 after"),
    Row(S.FILED, A.ACCEPT, REV, Guard.NONE, S.ACCEPTED, "item_accepted", "行政许可法 art. 32(1)(5)"),
    Row(S.FILED, A.REFUSE, REV, Guard.NONE, S.NOT_ACCEPTED, "item_not_accepted", "行政许可法 art. 32(1)(1)(2)"),
    Row(S.FILED, A.ASK_CORRECTION, REV, Guard.NOT_ASKED_BEFORE, S.CORRECTION_ASKED, "correction_asked",
        "行政许可法 art. 32(1)(4)"),
    Row(S.CORRECTION_ASKED, A.REPLY, APP, Guard.NONE, S.RESUBMITTED, "correction_answered", "行政许可法 art. 32(1)(5)"),
    Row(S.RESUBMITTED, A.ACCEPT, REV, Guard.NONE, S.ACCEPTED, "item_accepted", "行政许可法 art. 32(1)(5)"),
    Row(S.RESUBMITTED, A.REFUSE, REV, Guard.NONE, S.NOT_ACCEPTED, "item_not_accepted", "行政许可法 art. 32(1)(1)(2)"),
    Row(S.ACCEPTED, A.APPROVE, REV, Guard.NONE, S.APPROVED, "item_approved", "行政许可法 art. 38(1)"),
    Row(S.ACCEPTED, A.DENY, REV, Guard.NONE, S.DENIED, "item_denied", "行政许可法 art. 38(2)"),
    Row(S.APPROVED, A.FINISH, REV, Guard.NONE, S.FINISHED, "item_finished", "行政许可法 art. 44"),
    *(
        Row(state, A.WITHDRAW, APP, Guard.NONE, S.WITHDRAWN, "item_withdrawn", "申请人撤回")
        for state in (S.WAITING, S.FILED, S.CORRECTION_ASKED, S.RESUBMITTED, S.ACCEPTED)
    ),
)  # fmt: skip
LOOKUP = {(row.before, row.action): row for row in TABLE}
ENDED = frozenset({S.FINISHED, S.DENIED, S.NOT_ACCEPTED, S.NOT_STARTED, S.NOT_NEEDED, S.WITHDRAWN})
POSITIVE = frozenset({S.APPROVED, S.FINISHED})
REFUSED = frozenset({S.DENIED, S.NOT_ACCEPTED, S.NOT_STARTED, S.WITHDRAWN})


class NotNow(AppError):
    """The item has moved on since the page was shown; nothing is decided twice."""

    status = 409
    type = "moved-on"
    what = N_("这一件已经有人办过这一步，或者状态变了。")
    kept = N_("没有重复处理，原来的决定有效。")
    todo = N_("请刷新看最新的状态。")


def step(state: ItemState, action: Action, actor: Actor, *, asked_before: bool = False) -> Row:
    """The line of the table for an action now; raises NotNow when there is none or its guard fails."""
    row = LOOKUP.get((state, action))
    if row is None or row.actor is not actor or (row.guard is Guard.NOT_ASKED_BEFORE and asked_before):
        raise NotNow(state=state.value, action=action.value)
    return row


def ready(all_of: Iterable[ItemState], any_of: Iterable[ItemState]) -> Action | None:
    """What a waiting item's predecessors lead to: START, END_UNSTARTED, or None (still waiting).

    Predecessors that the case does not need are ignored (facts: `after`, `after_any`).
    """
    needed = [s for s in all_of if s is not S.NOT_NEEDED]
    choice = [s for s in any_of if s is not S.NOT_NEEDED]
    if any(s in REFUSED for s in needed) or (choice and all(s in REFUSED for s in choice)):
        return Action.END_UNSTARTED
    if all(s in POSITIVE for s in needed) and (not choice or any(s in POSITIVE for s in choice)):
        return Action.START
    return None


def case_state(items: Iterable[ItemState]) -> CaseState:
    """The case follows its items: somebody's turn first, then whether all have ended."""
    states = list(items)
    if S.CORRECTION_ASKED in states:
        return CaseState.YOUR_TURN
    if not all(s in ENDED for s in states):
        return CaseState.RUNNING
    needed = [s for s in states if s is not S.NOT_NEEDED]
    return CaseState.WITHDRAWN if needed and all(s in (S.WITHDRAWN, S.NOT_STARTED) for s in needed) else CaseState.FINISHED
