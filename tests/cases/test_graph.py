"""Items by the graph: what runs at once, what waits, what ends because of another, what is not needed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.cases import office
from app.cases.models import Case, CaseEvent, CaseItem
from app.cases.office import ClaimedByAnother
from app.cases.service import PlannedItem
from app.cases.states import CaseState, ItemState, NotNow
from app.core.clock import utcnow
from app.core.errors import NotFound
from tests import factories as make
from tests.cases.hands import ask, decide, item_of, reviewer

NOW = utcnow()


def planned(name: str, *, needed: bool = True, after: Sequence[str] = (), any_of: Sequence[str] = ()) -> PlannedItem:
    return PlannedItem(name, "msb", needed, tuple(after), tuple(any_of), 5, None)


def opened(session: Session, *items: PlannedItem) -> Case:
    return make.make_case(session, make.make_person(session), items=items or make.NEWBORN, now=NOW)


def states(session: Session, case: Case) -> dict[str, str]:
    found = select(CaseItem).where(CaseItem.case_id == case.id).execution_options(populate_existing=True)
    return {item.item_id: item.state.value for item in session.exec(found)}


def kinds(session: Session, case: Case) -> list[str]:
    return list(session.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)))


def test_independent_items_run_in_parallel_and_others_wait(session: Session) -> None:
    case = opened(session)
    assert states(session, case) == {
        "health.birth_cert": "filed", "cdc.vacc_cert": "waiting", "psb.birth_reg": "waiting", "msb.resident_enrol": "waiting",
        "hrss.sscard_apply": "waiting", "msb.maternity_benefit": "waiting", "health.childcare_subsidy": "waiting",
    }  # fmt: skip
    assert kinds(session, case) == ["case_filed"]


def test_an_approval_starts_all_that_waited_for_it_and_nothing_else(session: Session) -> None:
    case = opened(session)
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    now = states(session, case)
    assert [i for i, s in now.items() if s == "filed"] == ["cdc.vacc_cert", "psb.birth_reg", "msb.maternity_benefit"]
    assert now["hrss.sscard_apply"] == "waiting"
    assert item_of(session, case, "psb.birth_reg").ready_at == NOW


def test_a_denied_predecessor_ends_its_dependants_to_the_last_with_the_reason(session: Session) -> None:
    case = opened(session, planned("a"), planned("b", after=["a"]), planned("c", after=["b"]), planned("d"))
    decide(session, case, "a", NOW, "accept", "deny")
    assert states(session, case) == {"a": "denied", "b": "not_started", "c": "not_started", "d": "filed"}
    found = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "item_not_started")
    assert {e.item_id: e.data["because"] for e in session.exec(found)} == {"b": ["a"], "c": ["b"]}
    assert case.state is CaseState.RUNNING


def test_not_accepted_ends_dependants_too(session: Session) -> None:
    case = opened(session, planned("a"), planned("b", after=["a"]))
    decide(session, case, "a", NOW, "deny")
    assert states(session, case) == {"a": "not_accepted", "b": "not_started"}
    assert (case.state, case.finished_at) == (CaseState.FINISHED, NOW)


def test_any_of_waits_for_one_and_ends_only_when_all_have_failed(session: Session) -> None:
    case = opened(session, planned("a"), planned("b"), planned("c", any_of=["a", "b"]))
    decide(session, case, "a", NOW, "accept", "deny")
    assert states(session, case)["c"] == "waiting"
    decide(session, case, "b", NOW, "accept", "approve")
    assert states(session, case)["c"] == "filed"
    other = opened(session, planned("a"), planned("b"), planned("c", any_of=["a", "b"]))
    decide(session, other, "a", NOW, "accept", "deny")
    decide(session, other, "b", NOW, "accept", "deny")
    assert states(session, other)["c"] == "not_started"


@pytest.mark.parametrize("after", [{"after": ["a"]}, {"any_of": ["a"]}, {"after": ["a"], "any_of": ["a"]}])
def test_predecessors_that_are_not_needed_hold_nothing_up(session: Session, after: dict[str, list[str]]) -> None:
    case = opened(session, planned("a", needed=False), planned("b", **after))  # type: ignore[arg-type]
    assert states(session, case) == {"a": "not_needed", "b": "filed"}
    assert kinds(session, case) == ["case_filed"], "it did not wait, so nothing started later"
    assert item_of(session, case, "b").act_by is not None


def test_a_case_in_which_nothing_is_needed_is_finished_at_once(session: Session) -> None:
    case = opened(session, planned("a", needed=False))
    assert case.state is CaseState.FINISHED


def test_the_case_follows_its_items_to_the_end(session: Session) -> None:
    case = opened(session, planned("a"), planned("b"))
    decide(session, case, "a", NOW, "accept", "approve", "finish")
    assert (case.state, case.finished_at) == (CaseState.RUNNING, None)
    later = NOW + timedelta(days=1)
    decide(session, case, "b", later, "accept", "deny")
    assert (case.state, case.finished_at) == (CaseState.FINISHED, later)
    assert kinds(session, case)[-1] == "case_finished"


def test_acceptance_starts_both_clocks_and_nothing_before_does(session: Session) -> None:
    case = opened(session)
    assert item_of(session, case, "health.birth_cert").promised_due is None
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    decide(session, case, "msb.maternity_benefit", NOW, "accept")
    item = item_of(session, case, "msb.maternity_benefit")
    assert item.accepted_at == NOW
    assert item.promised_due is not None
    assert item.legal_due is not None
    assert item.promised_due < item.legal_due


def test_every_write_bumps_the_version_of_the_case(session: Session) -> None:
    case = opened(session, planned("a"))
    seen = [case.version]
    for step in ("accept", "approve", "finish"):
        decide(session, case, "a", NOW, step)
        seen.append(case.version)
    assert seen == sorted(set(seen))


def test_nothing_is_decided_twice(session: Session) -> None:
    case = opened(session, planned("a"))
    who, other = reviewer(session, "msb"), reviewer(session, "msb", 2)
    version = item_of(session, case, "a").version
    office.accept(session, who, case.id, "a", version, NOW)
    with pytest.raises(ClaimedByAnother):
        office.accept(session, other, case.id, "a", version, NOW)
    with pytest.raises(NotNow):
        office.accept(session, who, case.id, "a", version, NOW)


def test_a_correction_is_asked_once(session: Session) -> None:
    case = opened(session, planned("a"))
    ask(session, case, "a", NOW)
    assert case.state is CaseState.YOUR_TURN
    with pytest.raises(NotNow):
        ask(session, case, "a", NOW)


def test_another_department_and_another_place_find_nothing(session: Session) -> None:
    case = opened(session, planned("a"))
    version = item_of(session, case, "a").version
    with pytest.raises(NotFound):
        office.accept(session, reviewer(session, "psb"), case.id, "a", version, NOW)
    elsewhere = reviewer(session, "msb", 3)._replace(jurisdiction="320508")
    with pytest.raises(NotFound):
        office.accept(session, elsewhere, case.id, "a", version, NOW)
    assert item_of(session, case, "a").state is ItemState.FILED
