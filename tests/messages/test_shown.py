"""A phone says that a push was shown: once, for that delivery, with nothing but what came with it."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import claims, service
from app.messages.channels import Parcel
from app.messages.models import Channel, Delivery, DeliveryState
from app.messages.retries import Entry
from app.messages.shown import token
from tests.conftest import Visit
from tests.devices import subscribe
from tests.factories import make_person, make_signed_in


@pytest.fixture
def delivery(session: Session) -> UUID:
    """A push that waits."""
    person = make_person(session)
    subscribe(session, make_signed_in(session, person))
    service.tell(session, person.id, new_id(), "261125000018", "test", {"service": "newborn"}, False, utcnow())
    session.flush()
    found = session.exec(select(Delivery.id).where(Delivery.channel == Channel.PUSH)).one()
    session.commit()
    return found


def row(delivery: UUID) -> Delivery:
    with db.reading() as session:
        return session.exec(select(Delivery).where(Delivery.id == delivery)).one()


def claim() -> Parcel:
    with db.writing() as session:
        [parcel] = claims.claim(session, [Channel.PUSH], [], 10, utcnow(), 20)
        return parcel


def test_what_was_shown_stands_in_the_ledger_and_saying_it_again_changes_nothing(visit: Visit, delivery: UUID) -> None:
    assert visit().post(f"/push/shown/{token(delivery)}").status_code == 204
    first = row(delivery)
    assert first.state is DeliveryState.SHOWN
    assert first.shown_at == first.accepted_at == first.ended_at
    assert visit().post(f"/push/shown/{token(delivery)}").status_code == 204
    assert row(delivery).shown_at == first.shown_at


def test_no_session_is_needed_and_none_is_looked_at(visit: Visit, delivery: UUID) -> None:
    answer = visit("not a token").post(f"/push/shown/{token(delivery)}")
    assert (answer.status_code, answer.content, "set-cookie" in answer.headers) == (204, b"", False)


def test_a_phone_may_be_quicker_than_the_workers_ledger(visit: Visit, delivery: UUID) -> None:
    """Shown while the worker still waits for the push service's answer: the answer must not undo it."""
    parcel = claim()
    visit().post(f"/push/shown/{token(delivery)}")
    now = utcnow()
    with db.writing() as session:
        assert claims.record(session, [(parcel, Entry(DeliveryState.ACCEPTED, now, "", 1, now, None, now))]) == 0
    assert row(delivery).state is DeliveryState.SHOWN


def test_what_was_shown_is_not_sent_again_when_its_worker_was_killed(visit: Visit, delivery: UUID) -> None:
    claim()
    visit().post(f"/push/shown/{token(delivery)}")
    with db.writing() as session:
        assert claims.claim(session, [Channel.PUSH], [], 10, utcnow().replace(year=2027), 20) == []


def test_what_we_took_for_failed_was_shown_after_all(visit: Visit, session: Session, delivery: UUID) -> None:
    with db.writing() as writing:
        one = writing.get_one(Delivery, delivery)
        one.state, one.because, one.ended_at = DeliveryState.FAILED, "timeout", utcnow()
        writing.add(one)
    visit().post(f"/push/shown/{token(delivery)}")
    assert (row(delivery).state, row(delivery).because) == (DeliveryState.SHOWN, "")


def test_a_guess_is_answered_alike_and_does_nothing(visit: Visit, delivery: UUID) -> None:
    right = token(delivery)
    wrong = right[:30] + ("A" if right[30] != "A" else "B") + right[31:]
    for guess in (wrong, token(new_id()), "A" * 43):
        assert visit().post(f"/push/shown/{guess}").status_code == 204
    assert row(delivery).state is DeliveryState.QUEUED


@pytest.mark.parametrize("odd", ["x", "A" * 42, "A" * 44, "é" * 43, "A" * 42 + "!", "A" * 500])
def test_what_is_no_token_leads_nowhere(visit: Visit, odd: str) -> None:
    assert visit().post(f"/push/shown/{odd}").status_code == 404


def test_a_page_elsewhere_cannot_say_it(visit: Visit, delivery: UUID) -> None:
    client = visit()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert client.post(f"/push/shown/{token(delivery)}").status_code == 403
