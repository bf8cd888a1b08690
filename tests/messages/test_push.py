"""What a push carries and who gets one: read for a whole batch with few queries."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from app.accounts.models import Enterprise, Person, SessionRow, Staff
from app.catalogue import editions
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import kinds, payloads, service
from app.messages.channels import Outcome, Parcel, Ready, Result
from app.messages.claims import claim
from app.messages.models import Channel, Delivery, Message, Preference, PushSubscription
from app.messages.payloads import topic
from app.messages.push import PushDoor
from app.messages.shown import delivery_of
from app.outside.web_push import MOST_BYTES, Push
from tests.devices import Device, subscribe
from tests.factories import (
    FATHER,
    MOTHER,
    make_enterprise,
    make_person,
    make_signed_in,
    make_staff,
    make_staff_signed_in,
)
from tests.support import databases

TURN, NEWS = "correction_asked", "item_accepted"
TOKEN = re.compile(r"^/push/shown/[A-Za-z0-9_-]{43}$")


def tell(session: Session, person: Person, kind: str = TURN, **more: Any) -> Message:
    return service.tell(session, person.id, new_id(), "261125000018", kind, {"service": "newborn"}, True, utcnow(), **more)


def prepare(session: Session, now: datetime | None = None) -> list[Ready | tuple[Parcel, Outcome]]:
    """Everything that is queued, claimed and prepared as the sender does it. At night the parcels are as by day here."""
    session.commit()
    later = utcnow() + timedelta(hours=20)
    with db.writing() as writing:
        parcels = claim(writing, [Channel.PUSH], [], 1000, later, 20)
    with db.reading() as reading:
        return PushDoor().prepare(reading, parcels, now or utcnow())


def packed(session: Session) -> Push:
    """The one push of the one thing that is queued."""
    [one] = prepare(session)
    assert isinstance(one, Ready), one
    load: Push = one.load
    return load


def queued(session: Session) -> Delivery:
    """The one push that waits."""
    session.flush()
    wanted = select(Delivery).where(Delivery.channel == Channel.PUSH)
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def why_not(session: Session, now: datetime | None = None) -> tuple[Result, str]:
    [one] = prepare(session, now)
    assert not isinstance(one, Ready)
    return one[1].result, one[1].because


@pytest.fixture
def mother(session: Session) -> Person:
    """王晓兰, whose one browser is taken in."""
    person = make_person(session, MOTHER)
    subscribe(session, make_signed_in(session, person))
    return person


def test_a_push_is_a_declarative_message(session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://linban.example/")
    databases.forget_settings()
    message = tell(session, mother)
    push = packed(session)
    said = json.loads(push.body)
    shown = said["notification"].pop("data")
    assert said == {
        "web_push": 8030,
        "mutable": True,
        "app_badge": 1,
        "notification": {
            "title": "邻办", "body": "您的办件有一项要补，点开看。", "lang": "zh-CN", "tag": topic(message.id),
            "navigate": f"https://linban.example/messages/{message.id}", "app_badge": "1", "mutable": True,
        },
    }  # fmt: skip
    assert list(shown) == ["shown"]
    assert TOKEN.match(shown["shown"])
    assert delivery_of(shown["shown"].rpartition("/")[2]) == queued(session).id
    assert push.topic == topic(message.id)
    assert len(push.topic) == 22


def test_it_speaks_the_language_of_the_page_that_subscribed(session: Session) -> None:
    person = make_person(session)
    subscribe(session, make_signed_in(session, person), lang="en")
    tell(session, person)
    said = json.loads(packed(session).body)["notification"]
    assert (said["title"], said["lang"]) == ("LinBan", "en")
    assert said["body"].isascii()


@pytest.mark.parametrize("kind", sorted(kinds.texts().kinds))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_in_it_names_anybody_or_anything(session: Session, mother: Person, kind: str, lang: str) -> None:
    """A locked screen is for anybody's eyes; so is, to those who carry it, the size of what is encrypted."""
    message = tell(session, mother, kind)
    session.flush()
    of = Parcel(
        new_id(), new_id(), Channel.PUSH, new_id(), "push.example", 0, utcnow(), message.id, mother.id, None, None,
        message.case_number, kind, message.params, utcnow(), None,
    )  # fmt: skip
    body = payloads.payload(of, lang, 120)
    assert len(body) < 700 < MOST_BYTES
    text = body.decode()
    names = [mother.name, mother.id_number, message.case_number, "newborn", MOTHER.phone]
    services = [edition.service for edition in editions.all_current()]
    names += [side for one in services for side in (one.title.zh, one.title.en)]
    names += [side for one in services for item in one.items for side in (item.short.zh, item.short.en) if len(side) > 4]
    names += [side for one in editions.departments().values() for side in (one.name.zh, one.name.en)]
    assert [name for name in names if name and name in text] == []


def test_the_badge_counts_what_they_have_not_read_in_all_that_they_are(session: Session, mother: Person) -> None:
    other, food = make_person(session, FATHER), make_enterprise(session, mother)
    for enterprise in (None, None, food.id):
        tell(session, mother, NEWS, enterprise_id=enterprise)
    tell(session, other, NEWS)
    tell(session, mother, NEWS, read=True)
    session.flush()
    for one in session.exec(select(Delivery)):
        session.delete(one)
    session.flush()
    tell(session, mother)
    assert json.loads(packed(session).body)["app_badge"] == 4


def test_staff_are_led_to_the_desk(session: Session) -> None:
    staff = make_staff(session)
    subscribe(session, make_staff_signed_in(session, staff))
    message = service.tell_staff(session, staff.id, "staff_item_new", {"service": "newborn"}, utcnow(), your_turn=True)
    push = packed(session)
    said = json.loads(push.body)
    assert said["notification"]["navigate"].endswith(f"/desk/messages/{message.id}")
    assert said["app_badge"] == 1


@pytest.mark.parametrize(("kind", "urgency"), [(TURN, "high"), ("test", "high"), (NEWS, "normal"), ("case_filed", "normal")])
def test_a_sleeping_phone_is_woken_at_once_only_for_what_waits_for_its_owner(
    session: Session, mother: Person, kind: str, urgency: str
) -> None:
    tell(session, mother, kind)
    assert packed(session).urgency == urgency


def test_a_push_service_keeps_it_no_longer_than_we_should_try(session: Session, mother: Person) -> None:
    tell(session, mother)
    left = (queued(session).give_up_at - utcnow()).total_seconds()
    assert packed(session).ttl == pytest.approx(left, abs=30)


def test_what_was_read_meanwhile_is_not_pushed(session: Session, mother: Person) -> None:
    message = tell(session, mother)
    session.flush()
    message.read_at = utcnow()
    assert why_not(session) == (Result.NOT_NEEDED, "read")


def test_what_came_too_late_is_not_pushed(session: Session, mother: Person) -> None:
    tell(session, mother)
    queued(session).give_up_at = utcnow() + timedelta(hours=30)
    assert why_not(session, utcnow() + timedelta(hours=31)) == (Result.REFUSED, "gave_up")


def test_who_signed_out_is_not_pushed_to_any_more(session: Session, mother: Person) -> None:
    tell(session, mother)
    session.flush()
    session.delete(session.exec(select(SessionRow)).one())
    assert why_not(session) == (Result.GONE, "gone")
    assert session.exec(select(PushSubscription)).all() == []


def test_a_session_that_ran_out_is_as_good_as_signed_out(session: Session, mother: Person) -> None:
    tell(session, mother)
    session.flush()
    session.exec(select(SessionRow)).one().expires_at = utcnow() - timedelta(seconds=1)
    assert why_not(session) == (Result.GONE, "gone")


def test_a_browser_that_somebody_else_uses_now_gets_nothing_of_the_one_before(session: Session, mother: Person) -> None:
    tell(session, mother)
    target = queued(session).target
    father = make_person(session, FATHER)
    subscribe(session, make_signed_in(session, father), Device(id=target))
    assert why_not(session) == (Result.GONE, "gone")
    assert session.exec(select(PushSubscription.person_id)).one() == father.id


def test_the_end_of_one_owner_leaves_the_next_owners_browser_alone(session: Session, mother: Person) -> None:
    tell(session, mother)
    target = queued(session).target
    father = make_person(session, FATHER)
    subscribe(session, make_signed_in(session, father), Device(id=target))
    tell(session, father)
    ended = [one for one in prepare(session) if not isinstance(one, Ready)]
    with db.writing() as writing:
        PushDoor().settle(writing, ended, utcnow())
    with db.reading() as reading:
        assert reading.exec(select(PushSubscription.person_id)).one() == father.id
        ledger = [one for one in reading.exec(select(Delivery)) if one.target == target]
        assert {one.because for one in ledger} == {""}


def test_who_acts_for_an_enterprise_no_more_is_told_nothing_of_it(session: Session, mother: Person) -> None:
    food: Enterprise = make_enterprise(session, mother)
    tell(session, mother, enterprise_id=food.id)
    _end_bindings(session)
    assert why_not(session) == (Result.NOT_NEEDED, "ended")


def _end_bindings(session: Session) -> None:
    from app.accounts.models import Binding

    for binding in session.exec(select(Binding)):
        binding.ended_at = utcnow()
        session.add(binding)


def test_who_muted_news_after_it_was_queued_gets_none(session: Session, mother: Person) -> None:
    tell(session, mother, NEWS)
    session.add(Preference(person_id=mother.id, muted=["progress.push"], updated_at=utcnow()))
    assert why_not(session) == (Result.NOT_NEEDED, "unwanted")


def test_a_hundred_pushes_cost_as_many_queries_as_one(session: Session, database: Engine) -> None:
    people: list[UUID] = []
    staff: Staff = make_staff(session)
    subscribe(session, make_staff_signed_in(session, staff))
    for _ in range(100):
        person = make_person(session)
        people.append(person.id)
        food = make_enterprise(session, person) if len(people) == 1 else None
        subscribe(session, make_signed_in(session, person))
        tell(session, person, enterprise_id=food and food.id)
    service.tell_staff(session, staff.id, "staff_item_new", {"service": "newborn"}, utcnow())
    session.commit()
    with db.writing() as writing:
        parcels = claim(writing, [Channel.PUSH], [], 1000, utcnow() + timedelta(hours=20), 20)
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    door = PushDoor()
    with db.reading() as reading:
        event.listen(database, "before_cursor_execute", count)
        prepared = door.prepare(reading, parcels, utcnow())
        event.remove(database, "before_cursor_execute", count)
    assert sum(isinstance(one, Ready) for one in prepared) == 101
    assert len(asked) == 5
