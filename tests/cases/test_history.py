"""A changed past is found: altered, removed, reordered, cut off."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.cases import history
from app.cases.models import Case, CaseEvent
from app.core.clock import utcnow
from tests import factories as make
from tests.cases.hands import decide


@pytest.fixture
def case(session: Session) -> Case:
    made = make.make_case(session, make.make_person(session))
    decide(session, made, "health.birth_cert", utcnow(), "accept", "approve")
    make.make_case(session, make.make_person(session))
    return made


def damage(session: Session, case: Case, sequence: int, **values: Any) -> None:
    here = (col(CaseEvent.case_id) == case.id, col(CaseEvent.sequence) == sequence)
    session.execute(update(CaseEvent).where(*here).values(**values) if values else delete(CaseEvent).where(*here))
    session.expire_all()


def test_a_true_history_holds(session: Session, case: Case) -> None:
    session.expire_all()
    assert history.broken(session) == []
    assert case.event_count == 6


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "item_denied"},
        {"actor": "system"},
        {"item_id": None},
        {"data": {"x": 1}},
        {"at": datetime(2026, 3, 11, tzinfo=UTC)},
        {"digest": "0" * 64},
    ],
    ids=str,
)
def test_a_changed_event_is_found(session: Session, case: Case, values: dict[str, Any]) -> None:
    damage(session, case, 2, **values)
    assert (case.id, 2) in history.broken(session)


def test_a_removed_event_is_found_by_its_successor(session: Session, case: Case) -> None:
    damage(session, case, 2)
    assert history.broken(session) == [(case.id, 3)]


def test_a_cut_off_end_is_found(session: Session, case: Case) -> None:
    damage(session, case, 6)
    assert history.broken(session) == [(case.id, 6)]


def test_a_recomputed_event_is_found_by_its_successor(session: Session, case: Case) -> None:
    event = session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.sequence == 2)).one()
    event.kind = "item_denied"
    damage(session, case, 2, kind="item_denied", digest=history.digest_of(event))
    assert history.broken(session) == [(case.id, 3)]
