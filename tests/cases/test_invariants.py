"""Whatever departments and applicant do, in whatever order: the chain holds, states are legal, the case follows."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.cases import applicant, history
from app.cases.applicant import Asked
from app.cases.models import Case, CaseEvent, CaseItem
from app.cases.service import PlannedItem
from app.cases.states import ENDED, LOOKUP, TABLE, ItemState, NotNow, case_state
from app.core.clock import utcnow
from app.core.errors import AppError
from app.core.ids import new_id
from tests import factories as make
from tests.cases.hands import decide, item_of

NAMES = ("a", "b", "c", "d", "e")
STEPS = ("accept", "approve", "finish", "deny", "ask", "reply", "withdraw")
BEFORE = {row.event: (row.before, row.after) for row in TABLE}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[PlannedItem, ...]:
    """Items that depend on earlier ones only."""
    found = []
    for n, name in enumerate(NAMES):
        earlier = st.lists(st.sampled_from(NAMES[:n]), unique=True, max_size=2) if n else st.just([])
        after, any_of, needed = draw(earlier), draw(earlier), draw(st.booleans())
        found.append(PlannedItem(name, "msb", needed, tuple(after), tuple(any_of), draw(st.integers(0, 20)), None))
    return tuple(found)


actions = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(NAMES)), max_size=25)


def act(session: Session, person: Any, case: Case, step: str, name: str) -> None:
    if step == "withdraw":
        applicant.withdraw(session, Party(person.id), case.number, Asked(str(new_id()), "w", None), utcnow())
    elif step == "reply":
        applicant.reply(session, Party(person.id), case.number, name, "{}", Asked(str(new_id()), "r", None), utcnow())
    else:
        decide(session, case, name, utcnow(), step)


def holds(session: Session, case: Case) -> None:
    items = list(session.exec(select(CaseItem).where(CaseItem.case_id == case.id).execution_options(populate_existing=True)))
    assert case.state is case_state(item.state for item in items)
    assert (case.finished_at is not None) == all(item.state in ENDED for item in items)
    by = {item.item_id: item.state for item in items}
    for item in items:
        needed = [by[n] for n in item.after if by[n] is not ItemState.NOT_NEEDED]
        if item.state not in (ItemState.WAITING, ItemState.NOT_NEEDED, ItemState.NOT_STARTED, ItemState.WITHDRAWN):
            assert all(s in (ItemState.APPROVED, ItemState.FINISHED) for s in needed)
        assert (item.accepted_at is None) == (item.promised_due is None)
        assert (item.finished_at is not None) == (item.state in ENDED - {ItemState.NOT_NEEDED})
    events = session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)).all()
    assert [e.sequence for e in events] == list(range(1, case.event_count + 1))
    for item in items:
        at = None
        for event in (e for e in events if e.item_id == item.item_id):
            before = [row for row in LOOKUP.values() if row.event == event.kind and at in (None, row.before)]
            assert before, f"{event.kind} from {at}"
            at = before[0].after
        assert at in (None, item.state)


@pytest.mark.usefixtures("database")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=graphs(), steps=actions)
def test_any_sequence_of_actions_keeps_the_case_whole(
    session: Session, items: tuple[PlannedItem, ...], steps: list[Any]
) -> None:
    person = make.make_person(session)
    case = make.make_case(session, person, items=items)
    holds(session, case)
    for step, name in steps:
        version, state = case.version, item_of(session, case, name).state
        try:
            act(session, person, case, step, name)
        except (NotNow, AppError):
            assert (case.version, item_of(session, case, name).state) == (version, state), "a refusal changes nothing"
        else:
            assert case.version > version
        holds(session, case)
    assert history.broken(session) == []
