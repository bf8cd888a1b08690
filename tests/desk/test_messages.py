"""The inbox at the desk: one's own messages, read by opening, each leading to what it is about."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Role, StaffAction
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import service
from app.messages.models import Message
from tests.architecture.test_queries import queries

from .conftest import BENEFIT, At, Seat

NOW = utcnow()
ITEM = {"service": "newborn", "item": BENEFIT, "department": "msb"}


def tell(session: Session, to: At, kind: str = "staff_item_back", number: str = "", **params: Any) -> UUID:
    message = service.tell_staff(
        session, to.id, kind, ITEM | params, NOW, case_number=number, your_turn=kind == "staff_item_back"
    )
    session.commit()
    return message.id


def unread(message_id: UUID) -> bool:
    with db.reading() as session:
        return session.get_one(Message, message_id).read_at is None


def test_i_see_my_own_messages_and_nobody_elses(session: Session, seat: Seat) -> None:
    mine, theirs = seat("msb1"), seat("msb2")
    tell(session, theirs, number="260318000018")
    assert "还没有消息" in mine.client.get("/desk/messages").text
    page = theirs.client.get("/desk/messages").text
    assert "2603 1800 0018" in page
    assert "要您办" in page


def test_opening_a_message_reads_it_and_leads_to_its_item(session: Session, seat: Seat) -> None:
    me = seat("msb1")
    message = tell(session, me, number="260318000018")
    answer = me.client.get(f"/desk/messages/{message}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/items/260318000018/{BENEFIT}")
    assert not unread(message)


@pytest.mark.parametrize(
    ("role", "kind", "leads"),
    [
        (Role.REVIEWER, "staff_item_new", "/desk?claim=free"),
        (Role.REVIEWER, "staff_due_soon", "/desk?light=soon"),
        (Role.HEAD, "staff_escalated", "/desk?light=over&claim=all"),
        (Role.HEAD, "staff_digest", "/desk"),
        (Role.SUPERVISOR, "staff_escalated", "/desk/overview"),
        (Role.SUPERVISOR, "staff_digest", "/desk/overview"),
        (Role.ADMINISTRATOR, "staff_alert", "/desk/deliveries"),
    ],
)
def test_what_is_about_several_leads_to_where_the_role_finds_them(
    session: Session, seat: Seat, role: Role, kind: str, leads: str
) -> None:
    me = seat("msb1", role=role)
    assert me.client.get(f"/desk/messages/{tell(session, me, kind, n=3)}").headers["location"] == leads


def test_somebody_elses_message_is_not_there_and_stays_unread(session: Session, seat: Seat) -> None:
    me, other = seat("msb1"), seat("msb2")
    message = tell(session, other)
    assert me.client.get(f"/desk/messages/{message}").status_code == 404
    assert me.client.post("/desk/messages/reading").status_code == 303
    assert unread(message)
    assert me.client.get(f"/desk/messages/{new_id()}").status_code == 404


def test_reading_all_takes_the_number_off_the_bell_and_leaves_a_record(session: Session, seat: Seat) -> None:
    me = seat("msb1")
    for _ in range(3):
        tell(session, me)
    assert 'aria-label="3 条未读"' in me.client.get("/desk").text
    assert me.client.post("/desk/messages/reading").headers["location"] == "/desk/messages"
    assert 'aria-label="0 条未读" hidden' in me.client.get("/desk").text
    assert session.exec(select(StaffAction.action)).all() == ["messages.reading"]


def test_only_the_unread_and_older_pages(session: Session, seat: Seat) -> None:
    me = seat("msb1")
    for number in range(35):
        kind = {"n": number + 100}
        service.tell_staff(session, me.id, "staff_item_new", kind, NOW - timedelta(minutes=number))
    session.commit()
    page = me.client.get("/desk/messages").text
    assert page.count("<tr id=") == 30
    older = page.split("before=")[1].split('"')[0]
    second = me.client.get(f"/desk/messages?before={older}").text
    assert second.count("<tr id=") == 5
    me.client.post("/desk/messages/reading")
    assert "都看过了" in me.client.get("/desk/messages?show=unread").text


def test_a_full_inbox_costs_three_queries(database: Engine, session: Session, seat: Seat) -> None:
    me = seat("msb1")
    for _ in range(40):
        tell(session, me)
    assert len(queries(database, me.client, "/desk/messages")) == 3
