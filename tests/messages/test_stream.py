"""An open inbox hears of what happens, from whichever process; and only who may hears only what is theirs."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.accounts import enterprises, sessions
from app.accounts.models import Person, Phone, SessionRow, Staff
from app.accounts.tokens import digest
from app.core import db, watching
from app.core.clock import utcnow
from app.messages import service, stream
from app.messages.models import Message
from tests import factories as make

Visit = Callable[..., httpx.Client]
SOON = 3.0
#: Another process: tells a person something, and at the word "undo" thinks better of it.
TELL = """
import sys
from uuid import UUID
from app import models
from app.core import db
from app.core.clock import utcnow
from app.messages import service
try:
    with db.writing() as session:
        service.tell(session, UUID(sys.argv[1]), None, "", "item_started", {"service": "newborn"}, False, utcnow())
        if sys.argv[2:] == ["undo"]:
            raise InterruptedError
except InterruptedError:
    pass
"""


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def token(session: Session, mother: Person) -> str:
    made = make.make_signed_in(session, mother)
    session.commit()
    return made


class Heard:
    """A stream as it comes in, read by a thread of its own."""

    def __init__(self, client: httpx.Client, address: str) -> None:
        self.events: list[tuple[str, str]] = []
        self.changed, self.ended = threading.Condition(), False
        self.socket: Any = None
        self.thread = threading.Thread(target=self._read, args=(client, address), daemon=True)
        self.thread.start()
        self.wait(lambda: bool(self.news))

    def _read(self, client: httpx.Client, address: str) -> None:
        with suppress(httpx.HTTPError), client.stream("GET", address, timeout=30) as answer:
            self.socket = answer.extensions["network_stream"].get_extra_info("socket")
            event = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(":")
                event = value.strip() if name == "event" else event
                if name == "data":
                    self._note(event, value.strip())
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _note(self, event: str, data: str) -> None:
        with self.changed:
            self.events.append((event, data))
            self.changed.notify_all()

    def close(self) -> None:
        """Go, as a closed tab does."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)

    def wait(self, found: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until something is true of what was heard."""
        with self.changed:
            assert self.changed.wait_for(found, seconds), self.events

    @property
    def news(self) -> list[int]:
        """The numbers of unread messages in the order in which they were said."""
        return [json.loads(data)["unread"] for event, data in self.events if event == "news"]


Hear = Callable[..., Heard]


def quiet() -> bool:
    """Whether no stream is open any more, and nobody reads for any."""
    known = list(stream.watches._by_loop.values())
    return not any(watch.streams or watch._reader for watch in known)


@pytest.fixture
def hear(visit: Visit) -> Iterator[Hear]:
    """hear(token, address=…, **as visit takes): an open stream that has said how things stand; all are closed at the end."""
    opened: list[Heard] = []

    def listen(token: str | None = None, address: str = "/messages/stream", **more: Any) -> Heard:
        opened.append(Heard(visit(token, **more), address))
        return opened[-1]

    yield listen
    for heard in opened:
        heard.close()
    until(quiet)


def until(found: Callable[[], bool]) -> None:
    """Wait for what the server does by itself."""
    deadline = time.monotonic() + 5
    while not found():
        assert time.monotonic() < deadline


def tell(person: Person, enterprise_id: UUID | None = None) -> UUID:
    with db.writing() as session:
        told = service.tell(
            session, person.id, None, "", "item_started", {"service": "newborn"}, False, utcnow(), enterprise_id=enterprise_id
        )  # fmt: skip
    return told.id


def elsewhere(person: Person, *more: str) -> None:
    """Tell somebody something from a process of its own."""
    subprocess.run([sys.executable, "-c", TELL, str(person.id), *more], check=True, env=os.environ)


def test_what_another_process_commits_shows_in_an_open_inbox(mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    heard = hear(token)
    assert heard.news == [0], "how it stands, at once"
    elsewhere(mother)
    heard.wait(lambda: heard.news == [0, 1], SOON)


def test_what_is_undone_shows_nowhere(mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    heard = hear(token)
    elsewhere(mother, "undo")
    tell(mother)
    heard.wait(lambda: 1 in heard.news, SOON)
    assert heard.news == [0, 1]


def test_what_was_read_on_one_device_is_told_to_the_other(mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    told = tell(mother)
    heard = hear(token)
    visit(token).get(f"/messages/{told}")
    heard.wait(lambda: heard.news == [1, 0], SOON)
    tell(mother)
    heard.wait(lambda: heard.news == [1, 0, 1], SOON)
    visit(token).post("/messages/reading")
    heard.wait(lambda: heard.news == [1, 0, 1, 0], SOON)


def test_nothing_that_a_message_says_is_in_the_stream(mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    heard = hear(token)
    tell(mother)
    heard.wait(lambda: len(heard.news) == 2)
    assert all(set(json.loads(data)) == {"unread", "version"} for _, data in heard.events)


def test_each_hears_what_is_theirs(session: Session, mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    father = make.make_person(session, make.FATHER)
    food = make.make_enterprise(session, mother)
    tokens = make.make_signed_in(session, father), make.make_signed_in(session, mother, acting=food)
    session.commit()
    hers, his, foods = hear(token), *(hear(t) for t in tokens)
    tell(mother)
    hers.wait(lambda: hers.news == [0, 1], SOON)
    tell(mother, food.id)
    foods.wait(lambda: foods.news == [0, 1], SOON)
    tell(father)
    his.wait(lambda: his.news == [0, 1], SOON)
    assert (hers.news, foods.news) == ([0, 1], [0, 1])


def test_a_stream_ends_with_its_session_and_says_nothing_more(mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    heard = hear(token)
    visit(token).post("/sign-out")
    tell(mother)
    heard.wait(lambda: heard.ended, SOON)
    assert heard.news == [0]


def test_a_stream_of_a_session_that_was_ended_ends_with_the_next_beat(
    session: Session, mother: Person, token: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, hear: Hear
) -> None:
    monkeypatch.setattr(watching, "BEAT", 0.5)
    other = make.make_signed_in(session, mother)
    session.commit()
    heard, stays = hear(token), hear(other)
    visit(token).post("/sign-out")
    heard.wait(lambda: heard.ended, SOON)
    stays.wait(lambda: stays.events.count(("beat", "")) >= 2, SOON)
    assert not stays.ended


def test_a_stream_ends_when_its_session_acts_for_somebody_else(
    session: Session, mother: Person, token: str, visit: Visit, hear: Hear
) -> None:
    food = make.make_enterprise(session, mother)
    session.commit()
    heard = hear(token)
    with db.writing() as changing:
        phone = sessions.sessions_of(changing, make_phone_of(changing, mother), utcnow(), mother.id)
        enterprises.act(changing, phone[0].id, mother.id, food.id)
    tell(mother)
    heard.wait(lambda: heard.ended, SOON)
    assert heard.news == [0]


def make_phone_of(session: Session, person: Person) -> UUID:
    return session.exec(select(Phone.id).where(Phone.person_id == person.id)).one()


def test_a_stream_lives_for_a_while_and_is_opened_again(
    mother: Person, token: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, hear: Hear
) -> None:
    monkeypatch.setattr(watching, "LIFE", 0.2)
    monkeypatch.setattr(watching, "BEAT", 0.3)
    heard = hear(token)
    heard.wait(lambda: heard.ended, SOON)


def test_streams_have_a_number_a_person(
    mother: Person, token: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, hear: Hear
) -> None:
    monkeypatch.setattr(stream, "MOST", 2)
    first, second = hear(token), hear(token)
    assert (first.news, second.news) == ([0], [0])
    assert visit(token).get("/messages/stream").status_code == 429


def test_who_is_not_signed_in_is_led_nowhere(session: Session, visit: Visit) -> None:
    phone = make.make_signed_in(session, make.make_phone(session))
    session.commit()
    assert visit().get("/messages/stream").status_code == 401
    assert visit(phone).get("/messages/stream").status_code == 403
    assert visit().get("/desk/messages/stream").status_code == 401
    assert visit().get("/messages/news", headers={"Accept": "application/json"}).status_code == 401


def test_a_head_request_opens_no_stream(token: str, visit: Visit) -> None:
    answer = visit(token).head("/messages/stream")
    assert (answer.status_code, answer.headers["content-type"][:17]) == (200, "text/event-stream")
    assert answer.headers["cache-control"] == "no-store"


def test_the_same_can_be_asked_for_once(mother: Person, token: str, visit: Visit) -> None:
    client = visit(token, Accept="application/json")
    before = client.get("/messages/news").json()
    tell(mother)
    after = client.get("/messages/news").json()
    assert (before["unread"], after["unread"]) == (0, 1)
    assert before["version"] != after["version"]
    assert f'data-version="{after["version"]}"' in visit(token).get("/messages").text


def test_staff_hear_at_the_desk_and_it_keeps_no_idle_session_alive(session: Session, visit: Visit, hear: Hear) -> None:
    staff: Staff = make.make_staff(session)
    token = make.make_staff_signed_in(session, staff)
    session.commit()
    heard = hear(address="/desk/messages/stream", staff=token)
    with db.writing() as telling:
        service.tell_staff(telling, staff.id, "staff_turn", {"n": 1}, utcnow())
    heard.wait(lambda: heard.news == [0, 1], SOON)
    assert visit(staff=token).get("/desk/messages/news").json()["unread"] == 1
    idle(token)
    assert visit(staff=token).get("/desk/messages/news", headers={"Accept": "application/json"}).status_code == 401
    with db.writing() as telling:
        service.tell_staff(telling, staff.id, "staff_turn", {"n": 1}, utcnow())
    heard.wait(lambda: heard.ended, SOON)
    assert heard.news == [0, 1]


def idle(token: str) -> None:
    """Nobody used this session for an hour."""
    with db.writing() as session:
        row = session.exec(select(SessionRow).where(SessionRow.token_hash == digest(token))).one()
        row.seen_at = utcnow() - timedelta(hours=1)


def test_a_lost_listener_is_replaced(database: Any, mother: Person, token: str, visit: Visit, hear: Hear) -> None:
    if database.dialect.name != "postgresql":
        return  # SQLite has none to lose
    heard = hear(token)
    with db.writing() as killing:
        killed = killing.execute(
            text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        )
        assert killed.scalar() == 1
    tell(mother)
    heard.wait(lambda: heard.news == [0, 1], SOON)
    tell(mother)
    heard.wait(lambda: heard.news == [0, 1, 2], SOON)


def test_a_database_that_is_busy_for_a_moment_ends_no_stream(
    mother: Person, token: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, hear: Hear
) -> None:
    heard, failed = hear(token), threading.Event()
    ask = sessions.parties

    def busy(*args: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise TimeoutError
        return ask(*args)

    monkeypatch.setattr(sessions, "parties", busy)
    tell(mother)
    heard.wait(lambda: heard.news == [0, 1], SOON + watching.AGAIN)
    assert failed.is_set()


def test_the_reader_ends_with_the_last_stream(token: str, hear: Hear) -> None:
    first, second = hear(token), hear(token)
    first.close()
    assert not quiet()
    second.close()
    until(quiet)


def test_only_new_rows_and_fresh_reads_stir_anybody_on_sqlite(database: Any, session: Session, mother: Person) -> None:
    if database.dialect.name != "sqlite":
        return  # PostgreSQL tells by itself
    session.commit()
    told = tell(mother)
    seen, whom = stream.look(None, [mother.id])
    assert whom == set(), "what was there before is said when a stream opens"
    seen, whom = stream.look(seen, [mother.id])
    assert whom == set()
    tell(mother)
    seen, whom = stream.look(seen, [mother.id])
    assert whom == {mother.id}
    seen, whom = stream.look(seen, [mother.id])
    assert whom == set()
    with db.writing() as reading:
        reading.get_one(Message, told).read_at = utcnow()
    assert stream.look(seen, [mother.id])[1] == {mother.id}
    assert stream.look(seen, [])[1] == set()


def test_what_staff_read_stirs_their_other_pages_on_sqlite(database: Any, session: Session) -> None:
    if database.dialect.name != "sqlite":
        return  # PostgreSQL tells by itself
    staff = make.make_staff(session, "msb1")
    told = service.tell_staff(session, staff.id, "staff_item_new", {"n": 1}, utcnow())
    session.commit()
    seen, _ = stream.look(None, [staff.id])
    assert stream.look(seen, [staff.id])[1] == set()
    with db.writing() as reading:
        reading.get_one(Message, told.id).read_at = utcnow()
    assert stream.look(seen, [staff.id])[1] == {staff.id}
