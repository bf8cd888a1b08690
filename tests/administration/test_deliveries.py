"""The operator's page of deliveries: numbers, alerts, what failed; sent again; nobody is named."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Budget, Role, StaffAction
from app.administration import deliveries_queries as queries
from app.administration import deliveries_words as words
from app.administration.deliveries_queries import Filters
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.core.i18n import english
from app.core.ids import new_id
from app.messages import resending
from app.messages.models import Alert, Channel, Delivery, DeliveryState, Message
from app.messages.reasons import Because
from tests import factories
from tests.architecture.test_queries import queries as cost

from .conftest import Seat

ROOT = Path(__file__).parents[2]
NOW: datetime = utcnow()
S = DeliveryState


@pytest.fixture
def case(session: Session) -> Case:
    """王晓兰's case, with a message that she has not read."""
    made = factories.make_case(session, factories.make_person(session, factories.MOTHER), now=NOW)
    message = session.exec(select(Message).where(Message.case_id == made.id)).one()
    message.read_at = None
    session.add(message)
    session.commit()
    return made


def deliver(
    session: Session, case: Case, state: S, many: int = 1, *, channel: Channel = Channel.PUSH, because: str = "",
    ago: float = 10, took: float = 1.0, host: str = "push.example", **more: Any,
) -> list[UUID]:  # fmt: skip
    """Deliveries of the case's first message, queued some minutes ago, that came to this state within some seconds."""
    message = session.exec(select(Message.id).where(Message.case_id == case.id)).first()
    at = NOW - timedelta(minutes=ago)
    ended = at + timedelta(seconds=took)
    accepted = ended if state in (S.ACCEPTED, S.SHOWN) else None
    live = state in (S.QUEUED, S.SENDING)
    values = {
        "message_id": message, "channel": channel, "target": new_id(), "host": host, "state": state, "queued_at": at,
        "due_at": at, "give_up_at": at + timedelta(hours=24), "because": because, "accepted_at": accepted,
        "shown_at": ended if state is S.SHOWN else None, "ended_at": None if live else ended,
    }  # fmt: skip
    rows = [Delivery(**values | {"target": new_id()} | more) for _ in range(many)]
    session.add_all(rows)
    session.commit()
    return [row.id for row in rows]


def now_of(delivery: UUID) -> Delivery:
    with db.reading() as session:
        return session.get_one(Delivery, delivery)


def test_the_numbers_of_a_day_by_channel(session: Session, case: Case) -> None:
    deliver(session, case, S.ACCEPTED, 15, took=2)
    deliver(session, case, S.SHOWN, 4, took=3)
    deliver(session, case, S.SHOWN, 1, took=60)
    deliver(session, case, S.FAILED, 5, because=Because.REFUSED)
    deliver(session, case, S.QUEUED, 2)
    deliver(session, case, S.NOT_NEEDED, 3, channel=Channel.SMS, because=Because.READ)
    deliver(session, case, S.FAILED, 9, ago=25 * 60)
    found = queries.numbers(session, NOW)
    push, sms = found[Channel.PUSH], found[Channel.SMS]
    assert (push.queued, push.accepted, push.shown, push.failed, push.not_needed) == (2, 20, 5, 5, 0)
    assert (push.share_failed, push.p95) == (0.2, 3.0)
    assert (sms.not_needed, sms.share_failed, sms.p95) == (3, 0.0, None)


def test_a_host_that_takes_nothing_is_called_down(session: Session, case: Case) -> None:
    deliver(session, case, S.QUEUED, 3, because=Because.UNREACHABLE, attempts=2, host="down.example")
    deliver(session, case, S.QUEUED, 3, because=Because.TIMEOUT, attempts=2, host="half.example")
    deliver(session, case, S.ACCEPTED, 1, host="half.example")
    deliver(session, case, S.FAILED, 3, because=Because.GONE, host="gone.example")
    assert [(one.host, one.because, one.n) for one in queries.down(session, NOW)] == [("down.example", "unreachable", 3)]


def test_the_page_shows_what_failed_and_what_is_late_and_names_nobody(session: Session, case: Case, seat: Seat) -> None:
    deliver(session, case, S.FAILED, because=Because.VAPID_REFUSED)
    deliver(session, case, S.QUEUED, ago=7, host="late.example")
    deliver(session, case, S.QUEUED, ago=2, host="soon.example")
    again = {"attempts": 5, "because": Because.UNREACHABLE, "due_at": NOW + timedelta(minutes=5)}
    deliver(session, case, S.QUEUED, ago=7, host="in-vain.example", **again)
    deliver(session, case, S.ACCEPTED, host="fine.example")
    page = seat().client.get("/desk/deliveries").text
    assert page.count("晚了</") >= 2
    assert "in-vain.example" in page
    assert "对方不认我们的密钥 (vapid_refused)" in page
    assert "late.example" in page
    assert "soon.example" not in page
    assert "fine.example" not in page
    for private in (factories.MOTHER.name, factories.MOTHER.phone, factories.MOTHER.phone[-4:]):
        assert private not in page


def test_the_list_by_channel_state_and_case(session: Session, case: Case, seat: Seat) -> None:
    other = factories.make_case(session, factories.make_person(session), now=NOW)
    deliver(session, case, S.ACCEPTED, host="a.example")
    deliver(session, other, S.ACCEPTED, channel=Channel.SMS, host="sms-b")
    client = seat().client

    def hosts(query: str) -> set[str]:
        page = client.get(f"/desk/deliveries?{query}").text
        return {host for host in ("a.example", "sms-b") if host in page}

    assert hosts("state=accepted") == hosts("state=all") == {"a.example", "sms-b"}
    assert hosts("state=accepted&channel=sms") == {"sms-b"}
    assert hosts(f"state=all&number={case.number[:4]}+{case.number[4:]}") == {"a.example"}
    assert hosts("state=nonsense&channel=pigeon&number=%27&after=x") == set()


def test_page_after_page_without_a_gap(session: Session, case: Case) -> None:
    made = {*deliver(session, case, S.FAILED, 60), *deliver(session, case, S.FAILED, 60, ago=5)}
    seen: list[UUID] = []
    filters = Filters()
    while rows := queries.lines(session, filters, NOW)[: queries.PAGE]:
        seen += [row.id for row in rows]
        filters = Filters(after=rows[-1].id)
    assert len(seen) == len(set(seen))
    assert set(seen) == made


def test_what_failed_is_sent_again_and_recorded(session: Session, case: Case, seat: Seat) -> None:
    (failed,) = deliver(
        session, case, S.FAILED, channel=Channel.SMS, because=Because.ACCOUNT, attempts=9, handed_at=NOW - timedelta(hours=1)
    )
    client = seat().client
    assert "再发一次" in client.get(f"/desk/deliveries/{failed}").text
    answer = client.post(f"/desk/deliveries/{failed}/sending")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/deliveries/{failed}?done=queued")
    row = now_of(failed)
    assert (row.state, row.attempts, row.because, row.ended_at, row.handed_at) == (S.QUEUED, 0, "", None, None)
    assert row.due_at <= utcnow() < row.give_up_at
    record = session.exec(select(StaffAction)).one()
    assert (record.action, record.object_kind, record.object_id) == ("deliveries.sending", "delivery", str(failed))


def test_a_text_that_the_vendor_took_and_lost_is_sent_again_under_a_key_of_its_own(
    session: Session, case: Case, seat: Seat
) -> None:
    because, target = f"{Because.UNDELIVERED}_MK", new_id()
    (lost,) = deliver(
        session, case, S.FAILED, channel=Channel.SMS, because=because, receipt="9001", handed_at=NOW, target=target
    )
    client = seat().client
    there = client.post(f"/desk/deliveries/{lost}/sending").headers["location"]
    fresh = now_of(UUID(there.removeprefix("/desk/deliveries/").removesuffix("?done=queued")))
    assert fresh.id != lost
    assert (fresh.state, fresh.target, fresh.receipt, fresh.handed_at) == (S.QUEUED, target, None, None)
    assert (now_of(lost).state, now_of(lost).because) == (S.FAILED, because)
    assert client.post(f"/desk/deliveries/{lost}/sending").status_code == 409


@pytest.mark.parametrize("because", [Because.GONE, Because.NO_TARGET])
def test_what_can_reach_nobody_is_not_sent_again(session: Session, case: Case, seat: Seat, because: Because) -> None:
    (failed,) = deliver(session, case, S.FAILED, because=because)
    client = seat().client
    assert "再发一次" not in client.get(f"/desk/deliveries/{failed}").text
    assert client.post(f"/desk/deliveries/{failed}/sending").status_code == 409
    assert now_of(failed).state is S.FAILED


def test_what_was_read_meanwhile_or_sent_is_not_sent_again(session: Session, case: Case, seat: Seat) -> None:
    (failed,), (sent,) = deliver(session, case, S.FAILED, because=Because.REFUSED), deliver(session, case, S.ACCEPTED)
    message = session.exec(select(Message).where(Message.case_id == case.id)).one()
    client = seat().client
    assert client.post(f"/desk/deliveries/{sent}/sending").status_code == 409
    message.read_at = NOW
    session.add(message)
    session.commit()
    assert client.post(f"/desk/deliveries/{failed}/sending").status_code == 409
    assert now_of(failed).state is S.FAILED


def test_sending_again_has_a_budget(session: Session, case: Case, seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resending, "AN_HOUR", 1)
    one, two = deliver(session, case, S.FAILED, 2, because=Because.REFUSED)
    client = seat().client
    assert client.post(f"/desk/deliveries/{one}/sending").status_code == 303
    assert client.post(f"/desk/deliveries/{two}/sending").status_code == 429
    assert now_of(two).state is S.FAILED
    assert session.exec(select(Budget).where(Budget.purpose == "resend")).one().used == 1


def test_an_alert_on_an_event_is_closed_by_hand_the_others_are_not(session: Session, case: Case, seat: Seat) -> None:
    untold = Alert(kind="event_without_message", subject=case.number, detail={"n": 1}, opened_at=NOW)
    late = Alert(kind="delivery_late", subject="push push.example", detail={"n": 7, "channel": "push"}, opened_at=NOW)
    session.add_all([untold, late])
    session.commit()
    client = seat().client
    page = client.get("/desk/deliveries").text
    assert page.count("另外告诉过了，关掉") == 1
    assert "5 分钟还没送出" in page
    assert client.post(f"/desk/deliveries/alerts/{late.id}/closing").status_code == 404
    assert client.post(f"/desk/deliveries/alerts/{untold.id}/closing").status_code == 303
    with db.reading() as reading:
        assert reading.get_one(Alert, untold.id).closed_at is not None
        assert reading.get_one(Alert, late.id).closed_at is None


def test_a_towns_administrator_is_told_whose_page_it_is(session: Session, case: Case, seat: Seat) -> None:
    (failed,) = deliver(session, case, S.FAILED)
    client = seat("das2", jurisdiction="320507104").client
    for path in ("/desk/deliveries", f"/desk/deliveries/{failed}"):
        assert client.get(path).status_code == 403
    assert client.post(f"/desk/deliveries/{failed}/sending").status_code == 403


def test_the_page_costs_the_same_however_much_there_is(database: Engine, session: Session, case: Case, seat: Seat) -> None:
    client = seat().client
    deliver(session, case, S.FAILED, because=Because.REFUSED)
    few = cost(database, client, "/desk/deliveries")
    deliver(session, case, S.FAILED, 70, because=Because.REFUSED)
    deliver(session, case, S.ACCEPTED, 70)
    session.add_all([Alert(kind="delivery_late", subject=f"push {n}", detail={"n": n}, opened_at=NOW) for n in range(20)])
    session.commit()
    many = cost(database, client, "/desk/deliveries")
    assert len(many) == len(few) <= 7, many
    assert len(cost(database, client, f"/desk/deliveries/{deliver(session, case, S.FAILED)[0]}")) == 2


def test_only_administrators_come_in(session: Session, seat: Seat) -> None:
    assert seat("msb1", role=Role.REVIEWER).client.get("/desk/deliveries").status_code == 403


@pytest.mark.parametrize("code", sorted(Because))
def test_each_reason_is_said_of_somebody_and_the_operators_guide_says_what_to_do(code: Because) -> None:
    assert "您" not in words.reason(code), "an operator is not who the message was for"
    assert words.reason(code) in english()
    assert f"`{code.value}" in (ROOT / "docs/operations.md").read_text()


def test_a_reason_of_a_newer_release_is_shown_as_it_is() -> None:
    assert words.reason("moon_phase") == "moon_phase"
    assert words.reason("refused_418") == words.reason("refused")


@pytest.mark.parametrize("name", ["channel", "state", "number", "after", "done"])
def test_what_no_row_can_hold_finds_nothing_and_breaks_nothing(seat: Seat, name: str) -> None:
    assert seat().client.get(f"/desk/deliveries?{name}=%00").status_code in (200, 404, 422)


def test_only_who_is_there_for_the_whole_installation_finds_the_page_in_their_rail(seat: Seat) -> None:
    assert "/desk/deliveries" in seat().client.get("/desk/staff").text
    town = seat("das2", jurisdiction="320507104").client
    for path in ("/desk/staff", "/desk/account", "/desk/texts"):
        page = town.get(path)
        assert (page.status_code, "/desk/deliveries" in page.text) == (200, False)
