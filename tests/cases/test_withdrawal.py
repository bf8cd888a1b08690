"""Taking a case back: once, only what is open, only one's own, only as it was seen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.accounts.parties import Party
from app.cases import applicant, history
from app.cases.applicant import Asked, KeyUsed
from app.cases.models import Case, CaseEvent, CaseItem
from app.cases.states import CaseState, NotNow
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound
from tests import factories as make
from tests.cases.hands import ask, decide

NOW: datetime = utcnow()


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    return make.make_case(session, mother)


def withdraw(
    session: Session, who: Person, case: Case, seen: int | None = None, key: str = "a-key-of-mine", what: str = "x"
) -> Case:
    return applicant.withdraw(session, Party(who.id), case.number, Asked(key, what, seen), NOW)


def states(session: Session, case: Case) -> set[str]:
    return {s.value for s in session.exec(select(CaseItem.state).where(CaseItem.case_id == case.id))}


def test_everything_open_is_taken_back_at_once(session: Session, mother: Person, case: Case) -> None:
    withdraw(session, mother, case, case.version)
    assert states(session, case) == {"withdrawn"}, "what waited is taken back too, not ended by its predecessor"
    assert (case.state, case.finished_at) == (CaseState.WITHDRAWN, NOW)


def test_decided_items_stay(session: Session, mother: Person, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve", "finish")
    withdraw(session, mother, case, case.version)
    assert states(session, case) == {"finished", "withdrawn"}
    assert case.state is CaseState.FINISHED


def test_a_correction_that_waits_can_be_taken_back(session: Session, mother: Person, case: Case) -> None:
    ask(session, case, "health.birth_cert", NOW)
    withdraw(session, mother, case, case.version)
    assert case.state is CaseState.WITHDRAWN


def test_the_same_key_again_changes_nothing(session: Session, mother: Person, case: Case) -> None:
    seen = case.version
    version = withdraw(session, mother, case, seen).version
    count = len(session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)).all())
    assert withdraw(session, mother, case, seen).version == version
    assert len(session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()) == count


def test_the_same_key_for_something_else_is_refused(session: Session, mother: Person, case: Case) -> None:
    withdraw(session, mother, case)
    with pytest.raises(KeyUsed):
        withdraw(session, mother, case, what="y")


def test_a_case_that_moved_on_is_not_taken_back(session: Session, mother: Person, case: Case) -> None:
    seen = case.version
    decide(session, case, "health.birth_cert", NOW, "accept")
    with pytest.raises(NotNow):
        withdraw(session, mother, case, seen)


def test_a_second_withdrawal_finds_nothing_to_take_back(session: Session, mother: Person, case: Case) -> None:
    withdraw(session, mother, case)
    with pytest.raises(NotNow):
        withdraw(session, mother, case, case.version, key="another-key")


def test_somebody_elses_case_is_not_found(session: Session, case: Case) -> None:
    with pytest.raises(NotFound):
        withdraw(session, make.make_person(session, make.FATHER), case)


def test_at_once_from_many_places_it_is_done_once(session: Session, mother: Person, case: Case) -> None:
    session.commit()
    seen, number, person = case.version, case.number, Party(mother.id)

    def send(key: str) -> str:
        try:
            with db.writing() as other:
                applicant.withdraw(other, person, number, Asked(key, "x", seen), NOW)
        except NotNow:
            return "moved on"
        return "done"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(send, ["the-same-key"] * 4 + [f"another-key-{n}" for n in range(4)]))
    assert said.count("done") in (1, 4), "one key wins, with all its repetitions"
    with db.reading() as fresh:
        kinds = fresh.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()
        assert kinds.count("case_withdrawn") == 1
        assert kinds.count("item_withdrawn") == 7
        assert history.broken(fresh) == []
