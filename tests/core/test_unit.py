"""One request, one unit of work: the commit comes before the answer, reads never write, refusals roll back."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from starlette.responses import PlainTextResponse, Response

from app.accounts.models import Budget
from app.accounts.sessions import CurrentResident
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError
from app.core.unit import AT_ONCE, Opened, router
from app.main import refused
from tests.support import servers

routes = router("/api/unit")
held, release = threading.Event(), threading.Event()


class No(AppError):
    """A refusal."""

    status = 409


def write(unit: Opened, purpose: str) -> None:
    unit.session.add(Budget(purpose=purpose, subject="s", window=unit.now, used=1))


@routes.post("/kept")
def kept(unit: Opened) -> Response:
    write(unit, "kept")
    return PlainTextResponse("ok")


@routes.post("/refused")
def refuses(unit: Opened) -> Response:
    write(unit, "refused")
    unit.session.flush()
    raise No


@routes.post("/fails")
def fails(unit: Opened) -> Response:
    write(unit, "fails")
    unit.session.flush()
    raise ZeroDivisionError


@routes.post("/fails-late")
def fails_at_commit(unit: Opened) -> Response:
    write(unit, "twice")
    unit.session.add(Budget(purpose="twice", subject="s", window=unit.now, used=1))
    return PlainTextResponse("this must not be seen")


@routes.get("/read")
def reads(unit: Opened) -> Response:
    write(unit, "read")
    unit.session.flush()
    return PlainTextResponse("ok")


@routes.get("/read-then")
def reads_then(unit: Opened) -> Response:
    unit.afterwards(lambda session: session.add(Budget(purpose="then", subject="s", window=unit.now, used=1)))
    assert unit.session.exec(select(Budget)).all() == []
    return PlainTextResponse("ok")


@routes.get("/slow")
def slow(unit: Opened) -> Response:
    unit.session.exec(select(Budget)).all()
    held.set()
    assert release.wait(10)
    return PlainTextResponse("ok")


async def read_late(request: Request) -> bytes:
    return await request.body()


@routes.post("/reads-late")
def reads_late(unit: Opened, body: Annotated[bytes, Depends(read_late)]) -> Response:
    return PlainTextResponse(str(len(body)))


@routes.get("/plain")
def plain() -> Response:
    return PlainTextResponse("ok")


@pytest.fixture
def client(database: Engine) -> Iterator[httpx.Client]:
    app = FastAPI()
    app.add_exception_handler(AppError, refused)
    app.include_router(routes)
    with (
        servers.serve(app) as url,
        httpx.Client(
            base_url=f"{url}/api/unit",
            trust_env=False,
            headers={"Connection": "close"},  # the server drops the connection of a failed request
        ) as opened,
    ):
        yield opened


def purposes() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(Budget.purpose)))


def test_a_post_is_committed_when_its_answer_arrives(client: httpx.Client) -> None:
    assert client.post("/kept").status_code == 200
    assert purposes() == ["kept"]


def test_a_refusal_rolls_back(client: httpx.Client) -> None:
    assert client.post("/refused").status_code == 409
    assert purposes() == []


def test_an_exception_rolls_back_and_lets_the_next_one_in(client: httpx.Client) -> None:
    assert client.post("/fails").status_code == 500
    assert client.post("/kept").status_code == 200
    assert purposes() == ["kept"]


def test_a_commit_that_fails_is_never_answered_with_success(client: httpx.Client) -> None:
    assert client.post("/fails-late").status_code == 500
    assert purposes() == []


def test_a_get_never_commits(client: httpx.Client) -> None:
    assert client.get("/read").status_code == 200
    assert purposes() == []


def test_a_get_may_leave_a_small_write_for_afterwards(client: httpx.Client) -> None:
    assert client.get("/read-then").status_code == 200
    assert purposes() == ["then"]


def test_a_slow_request_holds_up_units_only_while_it_runs_and_nothing_else(client: httpx.Client) -> None:
    held.clear()
    release.clear()
    answers: list[int] = []
    others = [threading.Thread(target=lambda: answers.append(client.get("/slow").status_code)) for _ in range(AT_ONCE)]
    for other in others:
        other.start()
    assert held.wait(10)
    assert client.get("/plain").status_code == 200
    waiting = threading.Thread(target=lambda: answers.append(client.post("/kept").status_code))
    waiting.start()
    release.set()
    for thread in (*others, waiting):
        thread.join(10)
    assert answers == [200] * (AT_ONCE + 1)


def test_a_phone_that_sends_slowly_holds_nobody_up(client: httpx.Client) -> None:
    url = client.base_url
    slow_phones = [socket.create_connection((url.host, url.port), 10) for _ in range(AT_ONCE)]
    for phone in slow_phones:
        phone.sendall(f"POST {url.path}reads-late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab".encode())
    assert client.post("/kept").status_code == 200
    for phone in slow_phones:
        phone.sendall(b"cd")
        assert phone.recv(4096).startswith(b"HTTP/1.1 200")
        phone.close()


def test_a_busy_database_is_a_refusal_that_may_be_repeated(client: httpx.Client) -> None:
    sqlite = db.engine().dialect.name == "sqlite"
    with Session(db.writer()) as other:
        other.execute(text("SELECT 1" if sqlite else "LOCK TABLE budget IN EXCLUSIVE MODE"))
        pooled = db.engine().raw_connection()  # this one goes back to the pool and serves the request
        pooled.cursor().execute("PRAGMA busy_timeout=50" if sqlite else "SET lock_timeout = 50")
        pooled.commit()
        pooled.close()
        answer = client.post("/kept")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/busy"
    assert client.post("/kept").status_code == 200


def test_a_second_write_in_one_thread_fails_at_once_instead_of_waiting_for_the_first(database: Engine) -> None:
    with db.writing(), pytest.raises(RuntimeError, match="open in this thread"), db.writing():
        pass
    with db.writing() as session:
        session.add(Budget(purpose="again", subject="s", window=utcnow(), used=1))
    assert purposes() == ["again"]


def test_an_endpoint_that_needs_a_person_must_take_the_unit_too() -> None:
    def forgetful(resident: CurrentResident) -> Response:
        return PlainTextResponse("never")

    with pytest.raises(TypeError, match="unit: Opened"):
        router().get("/x")(forgetful)


def test_an_endpoint_with_the_database_is_never_async() -> None:
    async def freezes(unit: Opened) -> Response:
        return PlainTextResponse("never")

    with pytest.raises(TypeError, match="must be def"):
        router().get("/x")(freezes)


def test_only_a_passing_failure_counts_as_busy(database: Engine) -> None:
    with pytest.raises(DBAPIError), db.reading() as session:
        session.execute(text("SELECT * FROM no_such_table"))


def test_a_row_that_was_there_first_is_told_and_the_transaction_goes_on(database: Engine) -> None:
    window = utcnow()
    with db.writing() as session:
        assert db.added(session, Budget(purpose="p", subject="s", window=window, used=1))
        assert not db.added(session, Budget(purpose="p", subject="s", window=window, used=1))
        assert db.added(session, Budget(purpose="p", subject="s", window=window + timedelta(hours=1), used=1))
    assert purposes() == ["p", "p"]
