"""However many workers spend at the same moment, budgets hold, nothing is spent twice, and nobody waits in a ring."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts import budgets
from app.accounts.budgets import DAY
from app.core import db
from app.messages import sms_budgets
from app.messages.sms_budgets import INSTALLATION, PERSON
from tests import factories as make
from tests.messages.texting import AFTER, NOON, claim, door, spent, tell, texts
from tests.support import databases


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_PER_PERSON_DAY", "4")
    monkeypatch.setenv("SMS_PER_DAY", "10")
    databases.forget_settings()


def test_four_workers_spend_what_there_is_and_no_more(sandbox: str, tight: None, session: Session) -> None:
    people = [make.make_person(session, now=NOON) for _ in range(3)]
    session.commit()
    for number in range(30):
        tell(session, people[number % 3], NOON)

    def worker(_: int) -> list[str]:
        ends = []
        with door() as opened:
            while (taken := claim(opened, AFTER, most=4)).ready or taken.ended:
                ends += ["sent" for _ in taken.ready] + [str(outcome.because) for _, outcome in taken.ended]
        return ends

    with ThreadPoolExecutor(4) as threads:
        ends = [end for found in threads.map(worker, range(4)) for end in found]
    assert len(ends) == 30
    assert ends.count("sent") == spent(INSTALLATION) == spent(PERSON) == 10
    assert set(ends) <= {"sent", "budget_day", "budget_person"}
    assert sum(row.handed_at is not None for row in texts()) == 10


def test_what_a_person_may_not_have_is_left_to_others(sandbox: str, tight: None, session: Session) -> None:
    greedy, other = (make.make_person(session, now=NOON) for _ in range(2))
    session.commit()
    for _ in range(9):
        tell(session, greedy, NOON)
    with door() as opened:
        assert len(claim(opened, AFTER).ready) == 4
    assert spent(INSTALLATION) == 4
    for _ in range(4):
        tell(session, other, NOON)
    with door() as opened:
        assert len(claim(opened, AFTER).ready) == 4


def test_a_second_try_spends_nothing(sandbox: str, tight: None, session: Session) -> None:
    tell(session, make.make_person(session, now=NOON), NOON)
    with door() as opened:
        parcels = [ready.parcel for ready in claim(opened, AFTER).ready]
    assert sms_budgets.spend(parcels, AFTER) == {parcels[0].id: False}
    assert (spent(INSTALLATION), spent(PERSON)) == (1, 1)
    assert sms_budgets.spend([], AFTER) == {}


def test_what_another_worker_has_taken_meanwhile_is_neither_spent_for_nor_sent(sandbox: str, session: Session) -> None:
    tell(session, make.make_person(session, now=NOON), NOON)
    with door() as opened:
        parcel = claim(opened, AFTER).ready[0].parcel
        lost = parcel._replace(claim=make.new_id())
        assert sms_budgets.spend([lost], AFTER) == {}
        with db.reading() as reading:
            assert opened.prepare(reading, [lost], AFTER) == []
    assert spent(INSTALLATION) == 1


def test_budgets_of_many_at_once_end_with_their_window(session: Session) -> None:
    def each(*who: str, day: int = 0) -> set[str]:
        with db.writing() as writing:
            return budgets.spend_each(writing, "tests", who, 2, DAY, NOON + timedelta(days=day))

    assert each("a", "b") == each("a") | each("b") == {"a", "b"}
    assert each("a", "b", "c") == {"c"}
    assert each("a", "b", day=1) == {"a", "b"}
    assert each() == set()


def test_a_budget_gives_what_is_left_and_takes_back_what_was_not_needed(session: Session) -> None:
    def some(wanted: int) -> int:
        return budgets.spend_up_to(session, "tests", "all", wanted, 5, DAY, NOON)

    assert (some(3), some(3), some(3)) == (3, 2, 0)
    budgets.give_back(session, "tests", "all", 4, DAY, NOON)
    assert (some(9), budgets.left(DAY, NOON)) == (4, 22 * 60)
