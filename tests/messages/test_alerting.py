"""The reconciler: it opens an alert for each fault of telling, tells it once, and closes it when it is over."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, delete, select
from typer.testing import CliRunner

from app.accounts.models import Person, Role, Staff
from app.cases import reconciling as events
from app.cases.models import Case
from app.cli import app as cli
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import alerting, reconciling
from app.messages.models import Alert, Channel, Delivery, DeliveryState, Message
from app.messages.reasons import Because
from app.messages.retries import POLICIES
from tests import factories as make
from tests.cases.hands import decide

NOW: datetime = utcnow()
BEFORE = NOW - timedelta(minutes=3)
HOST = "push.example"
S = DeliveryState


@pytest.fixture
def administrator(session: Session) -> Staff:
    return make.make_staff(session, "das1", role=Role.ADMINISTRATOR)


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person, administrator: Staff) -> Case:
    return make.make_case(session, mother, now=BEFORE)


def deliveries(
    session: Session, case: Case, state: S, many: int = 1, *, because: str = "", ago: float = 1, due: float = 0,
    channel: Channel = Channel.PUSH, host: str = HOST, attempts: int = 1, first: float | None = None,
) -> list[Delivery]:  # fmt: skip
    """Deliveries of the case's first message that came to this state some minutes ago, or are due so many minutes ago.

    `first`: when they were due first, if they were tried in vain since.
    """
    message = session.exec(select(Message.id).where(Message.case_id == case.id)).first()
    at, begun = NOW - timedelta(minutes=ago), NOW - timedelta(minutes=due if first is None else first)
    made = [
        Delivery(
            message_id=message, channel=channel, target=new_id(), host=host, state=state, queued_at=at, because=because,
            due_at=NOW - timedelta(minutes=due), give_up_at=begun + POLICIES[channel].give_up, attempts=attempts,
            accepted_at=at if state in (S.ACCEPTED, S.SHOWN) else None,
            ended_at=None if state in (S.QUEUED, S.SENDING) else at,
        )
        for _ in range(many)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def watch(session: Session, now: datetime = NOW) -> list[Alert]:
    """What the worker does, and what is open afterwards."""
    reconciling.watch(session, now, 100)
    events.watch(session, now, 100)
    session.flush()
    return alerting.open_alerts(session)


def told(session: Session) -> Sequence[Message]:
    return session.exec(select(Message).where(Message.kind == "staff_alert").order_by(col(Message.id))).all()


def test_when_everybody_was_told_there_is_no_alert(session: Session, case: Case) -> None:
    decide(session, case, "health.birth_cert", BEFORE, "accept", "approve")
    deliveries(session, case, S.ACCEPTED, 30)
    deliveries(session, case, S.QUEUED, due=4)
    assert watch(session) == []
    assert told(session) == []


def test_an_event_without_its_message_opens_an_alert(
    session: Session, case: Case, administrator: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    decide(session, case, "health.birth_cert", BEFORE, "accept")
    session.execute(delete(Message).where(col(Message.kind) == "item_accepted"))
    with caplog.at_level(logging.ERROR):
        (alert,) = watch(session)
    assert (alert.kind, alert.subject, alert.detail) == ("event_without_message", case.number, {"n": 1})
    assert case.number in caplog.text
    (message,) = told(session)
    assert (message.staff_id, message.params) == (
        administrator.id, {"alert": "event_without_message", "channel": "", "n": 1}
    )  # fmt: skip


def test_of_two_events_of_a_kind_at_one_moment_each_needs_its_own_message(session: Session, case: Case) -> None:
    decide(session, case, "health.birth_cert", BEFORE, "accept", "approve")
    started = session.exec(select(Message).where(Message.kind == "item_started")).all()
    assert len({message.created_at for message in started}) == 1 < len(started)
    session.delete(started[0])
    session.flush()
    (alert,) = watch(session)
    assert alert.detail == {"n": 1}


def test_what_is_told_to_nobody_on_purpose_and_what_is_just_happening_is_no_fault(session: Session, case: Case) -> None:
    session.execute(delete(Message))
    assert watch(session, BEFORE + timedelta(seconds=30)) == []


def test_an_alert_is_told_once_and_closed_when_the_message_is_there(session: Session, case: Case) -> None:
    message = session.exec(select(Message)).one()
    kept = message.model_dump()
    session.delete(message)
    session.flush()
    for minute in range(3):
        assert len(watch(session, NOW + timedelta(minutes=minute))) == 1
    assert len(told(session)) == 1
    session.add(Message(**kept))
    session.flush()
    assert watch(session, NOW + timedelta(minutes=4)) == []
    assert session.exec(select(Alert)).one().closed_at == NOW + timedelta(minutes=4)


def test_an_event_that_an_administrator_has_seen_to_is_not_alerted_again_but_a_later_one_is(
    session: Session, case: Case
) -> None:
    session.execute(delete(Message))
    (alert,) = watch(session)
    alerting.settle(session, alert.id, NOW)
    assert watch(session, NOW + timedelta(minutes=1)) == []
    decide(session, case, "health.birth_cert", NOW + timedelta(minutes=2), "accept")
    session.execute(delete(Message).where(col(Message.kind) == "item_accepted"))
    assert len(watch(session, NOW + timedelta(minutes=5))) == 1


def test_an_open_alert_outlives_the_days_that_are_looked_at(session: Session, case: Case) -> None:
    session.execute(delete(Message))
    watch(session)
    assert len(watch(session, NOW + timedelta(days=30))) == 1


@pytest.mark.parametrize("state", [S.QUEUED, S.SENDING])
def test_a_delivery_that_is_five_minutes_late_opens_an_alert_until_it_is_gone(
    session: Session, case: Case, state: DeliveryState
) -> None:
    deliveries(session, case, state, 2, due=4.9)
    assert watch(session) == []
    (stuck,) = deliveries(session, case, state, due=5.1, ago=9)
    (alert,) = watch(session)
    assert (alert.kind, alert.subject, alert.detail["n"]) == ("delivery_late", f"push {HOST}", 1)
    stuck.state, stuck.accepted_at, stuck.ended_at = S.ACCEPTED, NOW, NOW
    session.add(stuck)
    session.flush()
    assert watch(session) == []


@pytest.mark.parametrize("channel", Channel)
def test_a_delivery_that_is_tried_in_vain_again_and_again_is_late_too(session: Session, case: Case, channel: Channel) -> None:
    again = {"channel": channel, "due": -9, "attempts": 7}
    deliveries(session, case, S.QUEUED, first=4.9, because=Because.UNREACHABLE, **again)
    deliveries(session, case, S.QUEUED, first=99, because=Because.BUDGET_DAY, **again)
    deliveries(session, case, S.QUEUED, first=99, because=Because.UNREACHABLE, channel=channel, due=-300)  # it is night
    assert watch(session) == []
    deliveries(session, case, S.QUEUED, first=5.1, because=Because.UNREACHABLE, **again)
    (alert,) = watch(session)
    assert (alert.kind, alert.detail["n"], alert.detail["because"]) == ("delivery_late", 1, "unreachable")


def test_an_sms_that_waits_for_its_time_is_not_late(session: Session, case: Case) -> None:
    deliveries(session, case, S.QUEUED, channel=Channel.SMS, host="sms", ago=60, due=-20)
    assert watch(session) == []


def test_a_channel_that_fails_by_a_quarter_opens_an_alert_with_its_reason(session: Session, case: Case) -> None:
    deliveries(session, case, S.ACCEPTED, 15)
    deliveries(session, case, S.FAILED, 4, because=Because.VAPID_REFUSED)
    deliveries(session, case, S.FAILED, 1, because=Because.TOO_LARGE)
    (alert,) = watch(session)
    assert (alert.kind, alert.subject) == ("channel_failing", f"push {HOST}")
    assert alert.detail == {"n": 5, "channel": "push", "because": "vapid_refused"}


def test_a_fifth_is_not_yet_too_much_and_nineteen_attempts_prove_nothing(session: Session, case: Case) -> None:
    deliveries(session, case, S.ACCEPTED, 16)
    deliveries(session, case, S.FAILED, 4, because=Because.VAPID_REFUSED)
    deliveries(session, case, S.FAILED, 19, because=Because.VAPID_REFUSED, host="few.example")
    assert watch(session) == []


def test_attempts_that_wait_for_another_try_count_as_failed(session: Session, case: Case) -> None:
    deliveries(session, case, S.QUEUED, 20, because=Because.UNREACHABLE, due=-5)
    (alert,) = watch(session)
    assert alert.detail["because"] == "unreachable"


def test_phones_that_went_away_are_no_fault_of_the_channel(session: Session, case: Case) -> None:
    deliveries(session, case, S.FAILED, 40, because=Because.GONE)
    deliveries(session, case, S.NOT_NEEDED, 40, because=Because.READ)
    assert watch(session) == []


def test_what_failed_long_ago_is_over_and_a_half_recovered_channel_keeps_its_alert(session: Session, case: Case) -> None:
    deliveries(session, case, S.ACCEPTED, 15)
    failed = deliveries(session, case, S.FAILED, 6, because=Because.SERVER_ERROR)
    assert len(watch(session)) == 1
    deliveries(session, case, S.ACCEPTED, 20)  # 6 of 41: below a fifth, above a tenth
    assert len(watch(session)) == 1
    for one in failed:
        one.ended_at = NOW - timedelta(minutes=16)
        session.add(one)
    session.flush()
    assert watch(session) == []
    assert len(told(session)) == 1


def test_one_bad_host_does_not_accuse_another(session: Session, case: Case) -> None:
    deliveries(session, case, S.FAILED, 20, because=Because.SERVER_ERROR, host="bad.example")
    deliveries(session, case, S.ACCEPTED, 200, host="good.example")
    assert [alert.subject for alert in watch(session)] == ["push bad.example"]


def test_only_administrators_of_the_whole_installation_are_told(session: Session, case: Case) -> None:
    make.make_staff(session, "das2", role=Role.ADMINISTRATOR, jurisdiction="320507104")
    closed = make.make_staff(session, "das3", role=Role.ADMINISTRATOR)
    closed.active = False
    session.add(closed)
    make.make_staff(session, "das4", role=Role.SUPERVISOR)
    deliveries(session, case, S.QUEUED, due=9)
    watch(session)
    names = session.exec(select(Staff.username).join(Message, col(Message.staff_id) == col(Staff.id))).all()
    assert names == ["das1"]


def test_the_command_looks_for_itself_and_ends_with_one_when_an_alert_is_open(session: Session, case: Case) -> None:
    session.commit()
    fine = CliRunner().invoke(cli, ["alerts"])
    assert (fine.exit_code, fine.output) == (0, "Everybody was told in time.\n")
    with db.writing() as writing:
        deliveries(writing, case, S.QUEUED, due=9)
    bad = CliRunner().invoke(cli, ["alerts", "--json"])
    (line,) = json.loads(bad.output)
    assert (bad.exit_code, line["kind"], line["subject"], line["n"]) == (1, "delivery_late", f"push {HOST}", 1)
    assert "1 open alert." in CliRunner().invoke(cli, ["alerts"]).output
