"""What every process keeps in memory: read again when it changed, at once here, never for a change that was taken back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.core import db, shared
from app.core.models import SharedSet
from tests.architecture.test_queries import counted


@pytest.fixture
def numbers(database: Engine) -> Iterator[shared.Shared[int]]:
    """A set of this test's own: how often it was read."""
    times = iter(range(1, 100))
    made: shared.Shared[int] = shared.Shared("numbers", lambda _session: next(times))
    yield made
    shared._sets.remove(made)


def test_it_is_read_at_first_use_and_then_costs_no_query(database: Engine, numbers: shared.Shared[int]) -> None:
    assert numbers() == 1
    with counted(database) as found:
        assert numbers() == 1
    assert found == []


def test_looking_costs_one_query_and_reads_only_what_changed(database: Engine, numbers: shared.Shared[int]) -> None:
    shared.refresh()
    with counted(database) as found:
        shared.refresh()
    assert len(found) == 1
    with db.writing() as session:
        numbers.changed(session)
    assert shared.stale()
    before = numbers()
    shared.refresh()
    assert numbers() == before + 1
    assert not shared.stale()


def test_a_change_that_was_taken_back_changes_nothing(database: Engine, numbers: shared.Shared[int]) -> None:
    shared.refresh()
    session = db.begin_write()
    numbers.changed(session)
    session.rollback()
    db.end_write(session)
    assert not shared.stale()


def test_a_savepoint_is_no_commit(database: Engine, numbers: shared.Shared[int]) -> None:
    shared.refresh()
    with db.writing() as session:
        numbers.changed(session)
        session.flush()
        with session.begin_nested():
            session.add(SharedSet(name="other"))
        assert not shared.stale(), "another request would read the old value now and think it new"
    assert shared.stale()


def test_each_reading_has_a_number_of_its_own(database: Engine, numbers: shared.Shared[int]) -> None:
    numbers()
    first = numbers.reading
    numbers.forget()
    numbers()
    assert numbers.reading != first


def test_a_database_that_does_not_answer_leaves_things_as_they_were(
    database: Engine, session: Session, numbers: shared.Shared[int]
) -> None:
    before = numbers()
    session.execute(text("ALTER TABLE shared_set RENAME TO away"))
    session.commit()
    try:
        shared.refresh()
        assert numbers() == before
    finally:
        session.execute(text("ALTER TABLE away RENAME TO shared_set"))
        session.commit()
