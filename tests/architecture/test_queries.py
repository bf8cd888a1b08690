"""A page costs a small constant number of queries (issue 2, figures), however much is on it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from tests.conftest import Visit
from tests.factories import MOTHER, make_case, make_person, make_signed_in, make_staff, make_staff_signed_in


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile; beginnings and ends of transactions are none."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT pg_catalog", "select pg_catalog", "show ")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def queries(database: Engine, client: object, path: str) -> list[str]:
    """What a page asks the database, the second time (the first may mark a session as seen, or fill a cache)."""
    assert client.get(path).status_code == 200, path  # type: ignore[attr-defined]
    with counted(database) as found:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", ["/", "/services", "/services/newborn", "/sign-in"])
def test_a_stranger_costs_no_query(database: Engine, visit: Visit, path: str) -> None:
    assert queries(database, visit(), path) == []


@pytest.mark.parametrize(("path", "most"), [("/", 3), ("/cases", 3), ("/messages", 4), ("/me", 3), ("/drafts", 3)])
def test_a_persons_pages_cost_few_queries_however_many_cases(
    database: Engine, session: Session, visit: Visit, path: str, most: int
) -> None:
    person = make_person(session, MOTHER)
    token = make_signed_in(session, person)
    make_case(session, person)
    session.commit()
    few = queries(database, visit(token), path)
    for _ in range(12):
        make_case(session, person)
    session.commit()
    many = queries(database, visit(token), path)
    assert len(many) == len(few) <= most, many


def test_a_case_page_costs_five_at_most(database: Engine, session: Session, visit: Visit) -> None:
    person = make_person(session, MOTHER)
    token, case = make_signed_in(session, person), make_case(session, person)
    session.commit()
    found = queries(database, visit(token), f"/cases/{case.number}")
    assert len(found) <= 5, found


def test_a_queue_of_fifty_costs_four_at_most(database: Engine, session: Session, visit: Visit) -> None:
    token = make_staff_signed_in(session, make_staff(session, "health1"))
    for _ in range(50):
        make_case(session, make_person(session))
    session.commit()
    client = visit()
    client.cookies.set("linban_desk", token, domain="127.0.0.1")
    found = queries(database, client, "/desk")
    assert len(found) <= 4, found
