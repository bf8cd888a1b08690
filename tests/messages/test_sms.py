"""Who gets a text and who does not: read in time, shown already, at once, at night, over budget, somebody else's number."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.accounts.models import Binding, Person, Phone, SessionRow
from app.accounts.parties import Party
from app.accounts.sign_in import HOLDER_TRUSTED
from app.core import db
from app.messages import service
from app.messages import sms as channel
from app.messages.channels import LEASE
from app.messages.models import DeliveryState, SmsWhen
from tests import factories as make
from tests.messages.texting import (
    AFTER,
    LATE,
    MOMENT,
    NIGHT,
    NOON,
    claim,
    door,
    finish,
    misbehave,
    phone_of,
    push,
    received,
    spent,
    stands,
    tell,
    texts,
    wish,
    work,
)
from tests.support import databases

NUMBER = make.MOTHER.phone


@pytest.fixture
def mother(session: Session) -> Person:
    person = make.make_person(session, make.MOTHER, NOON)
    session.commit()
    return person


def setting(monkeypatch: pytest.MonkeyPatch, **changed: object) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name.upper(), str(value))
    databases.forget_settings()


def test_what_matters_and_stays_unread_is_texted_after_a_while(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NOON)
    work(AFTER - MOMENT)
    assert (received(sandbox, NUMBER), stands(message)) == ([], [("queued", "")])
    work(AFTER)
    [text] = received(sandbox, NUMBER)
    assert "2611 2500 0018" in text
    assert "12月2日 17:00 前" in text
    assert not any(name in text for name in (make.MOTHER.name, "公安", "出生", "出生登记"))
    [row] = texts(message)
    assert (row.state, row.attempts, row.handed_at, row.accepted_at) == (DeliveryState.ACCEPTED, 1, AFTER, AFTER)
    assert row.receipt


def test_read_in_time_none(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NOON)
    service.read(session, Party(mother.id), message.id, NOON + timedelta(minutes=19))
    session.commit()
    work(AFTER)
    assert (received(sandbox, NUMBER), stands(message)) == ([], [("not_needed", "read")])
    assert spent("sms/person") == 0


def test_a_push_that_was_shown_is_enough_one_that_was_only_accepted_is_not(
    sandbox: str, session: Session, mother: Person
) -> None:
    shown, taken = tell(session, mother, NOON), tell(session, mother, NOON)
    push(session, shown)
    push(session, taken, DeliveryState.ACCEPTED)
    work(AFTER)
    assert (stands(shown), stands(taken)) == ([("not_needed", "shown")], [("accepted", "")])
    assert len(received(sandbox, NUMBER)) == 1


def test_who_wants_texts_at_once_gets_them_at_once_shown_or_not(sandbox: str, session: Session, mother: Person) -> None:
    wish(session, mother, sms=SmsWhen.AT_ONCE)
    push(session, tell(session, mother, NOON))
    work(NOON)
    assert len(received(sandbox, NUMBER)) == 1


def test_the_view_for_old_people_means_at_once_unless_they_chose_otherwise(
    sandbox: str, session: Session, mother: Person
) -> None:
    wish(session, mother, care=True)
    tell(session, mother, NOON)
    work(NOON)
    assert len(received(sandbox, NUMBER)) == 1
    wish(session, mother, sms=SmsWhen.LATE)
    tell(session, mother, NOON)
    work(NOON)
    assert len(received(sandbox, NUMBER)) == 1


def test_at_night_a_text_waits_until_seven(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NIGHT)
    seven = NIGHT + timedelta(hours=8)
    assert texts(message)[0].due_at == seven
    work(seven - MOMENT)
    assert received(sandbox, NUMBER) == []
    work(seven)
    assert len(received(sandbox, NUMBER)) == 1


def test_what_failed_in_the_evening_is_not_tried_again_at_night(sandbox: str, session: Session, mother: Person) -> None:
    evening = NIGHT - timedelta(hours=1, minutes=1)  # 21:59
    message = tell(session, mother, evening - LATE)
    misbehave(sandbox, "sms", "throttled")
    work(evening)
    assert stands(message) == [("queued", "busy")]
    work(evening + timedelta(minutes=5))
    assert received(sandbox, NUMBER) == []
    assert texts(message)[0].due_at == NIGHT + timedelta(hours=8)
    work(NIGHT + timedelta(hours=8))
    assert len(received(sandbox, NUMBER)) == 1


def test_texts_come_in_the_language_of_their_reader(sandbox: str, session: Session, mother: Person) -> None:
    wish(session, mother, lang="en")
    tell(session, mother, NOON)
    work(AFTER)
    assert received(sandbox, NUMBER)[0].startswith("[LinBan] Your case 2611 2500 0018")


def test_whoever_wants_none_and_has_a_push_gets_none_even_if_they_said_so_meanwhile(
    sandbox: str, session: Session, mother: Person
) -> None:
    message = tell(session, mother, NOON)
    push(session, message, DeliveryState.ACCEPTED)
    wish(session, mother, sms=SmsWhen.NEVER)
    work(AFTER)
    assert stands(message) == [("not_needed", "unwanted")]


def test_without_a_phone_there_is_no_text(sandbox: str, session: Session, mother: Person) -> None:
    phone_of(session, mother).person_id = None
    session.commit()
    assert stands(tell(session, mother, NOON)) == []


def test_what_a_person_did_themselves_is_not_texted(session: Session, mother: Person) -> None:
    assert stands(tell(session, mother, NOON, read=True)) == []


# -- whose number


def test_a_number_that_went_to_somebody_else_gets_nothing(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NOON)
    phone = phone_of(session, mother)
    phone.person_id = make.make_person(session, make.FATHER).id
    session.commit()
    work(AFTER)
    assert (received(sandbox, NUMBER), stands(message)) == ([], [("failed", "no_target")])


def long_ago(session: Session, person: Person) -> None:
    phone_of(session, person).holder_checked_at = AFTER - HOLDER_TRUSTED
    session.commit()


def test_a_number_not_checked_for_long_is_asked_about_and_then_trusted_again(
    sandbox: str, session: Session, mother: Person
) -> None:
    long_ago(session, mother)
    message = tell(session, mother, NOON)
    work(AFTER)
    assert (len(received(sandbox, NUMBER)), stands(message)) == (1, [("accepted", "")])
    session.expire_all()
    assert phone_of(session, mother).holder_checked_at == AFTER


def test_a_recycled_number_is_cut_from_its_former_holder(sandbox: str, session: Session, mother: Person) -> None:
    make.make_signed_in(session, mother)
    long_ago(session, mother)
    holder = {"name": "新机主", "id_number": "320507199001010014", "phone": NUMBER}
    httpx.post(f"{sandbox}/sandbox/people", json=holder, trust_env=False).raise_for_status()
    message = tell(session, mother, NOON)
    work(AFTER)
    assert (received(sandbox, NUMBER), stands(message)) == ([], [("failed", "no_target")])
    with db.reading() as after:
        assert after.exec(select(SessionRow)).all() == []
        assert after.exec(select(Phone.person_id)).one() is None


def test_while_the_register_is_silent_an_old_bond_waits(sandbox: str, session: Session, mother: Person) -> None:
    long_ago(session, mother)
    message = tell(session, mother, NOON)
    misbehave(sandbox, "identity", "fail", 2)
    work(AFTER)
    assert (received(sandbox, NUMBER), stands(message)) == ([], [("queued", "server_error")])
    work(AFTER + timedelta(minutes=1))
    assert len(received(sandbox, NUMBER)) == 1


def test_whoever_acts_for_an_enterprise_no_more_gets_none_of_its_texts(sandbox: str, session: Session, mother: Person) -> None:
    food = make.make_enterprise(session, mother, now=NOON)
    before, after = (tell(session, mother, NOON, enterprise_id=food.id) for _ in range(2))
    session.exec(select(Binding)).one().ended_at = AFTER
    session.commit()
    work(AFTER)
    assert stands(before) == stands(after) == [("not_needed", "ended")]


# -- budgets


def test_a_person_gets_so_many_a_day_and_no_more(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, sms_per_person_day=2)
    told = [tell(session, mother, NOON) for _ in range(3)]
    work(AFTER)
    assert sorted(stands(m)[0] for m in told) == [("accepted", ""), ("accepted", ""), ("failed", "budget_person")]
    tomorrow = tell(session, mother, NOON + timedelta(days=1))
    work(AFTER + timedelta(days=1))
    assert stands(tomorrow) == [("accepted", "")]
    assert len(received(sandbox, NUMBER)) == 3


def test_workers_who_claim_at_the_same_moment_share_one_budget(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, sms_per_person_day=1)
    first, second = (tell(session, mother, NOON) for _ in range(2))
    with door() as one, door() as other:
        mine = claim(one, AFTER, most=1)
        theirs = claim(other, AFTER)
        finish(one, mine, AFTER)
        finish(other, theirs, AFTER)
    assert sorted(stands(first) + stands(second)) == [("accepted", ""), ("failed", "budget_person")]
    assert len(received(sandbox, NUMBER)) == 1


def test_the_whole_installation_has_a_budget_and_waits_for_the_next_day(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, sms_per_day=1)
    wish(session, mother, quiet_from=0, quiet_to=0)
    late = NOON.replace(hour=22)  # six in the morning in China; the budget's day ends at eight
    tell(session, make.make_person(session, make.FATHER, NOON), NOON)
    work(AFTER)
    message = tell(session, mother, late)
    work(late + LATE)
    assert stands(message) == [("queued", "budget_day")]
    assert texts(message)[0].due_at >= late + timedelta(hours=2)
    work(late + timedelta(hours=2, minutes=1))
    assert stands(message) == [("accepted", "")]


def test_however_often_it_is_tried_a_text_is_spent_for_once(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NOON)
    misbehave(sandbox, "sms", "fail", 2)
    for minutes in (0, 10, 20):
        work(AFTER + timedelta(minutes=minutes))
    assert (len(received(sandbox, NUMBER)), texts(message)[0].attempts) == (1, 3)
    assert (spent("sms/person"), spent("sms/day")) == (1, 1)


def test_a_killed_worker_leaves_a_text_that_is_sent_once_and_spent_for_once(
    sandbox: str, session: Session, mother: Person
) -> None:
    message = tell(session, mother, NOON)
    with door() as killed:
        before = claim(killed, AFTER)
        asyncio.run(killed.send(before.ready[0]))  # handed over; nothing recorded
    assert [ready.load.again for ready in before.ready] == [False]
    with door() as other:
        assert claim(other, AFTER + timedelta(seconds=LEASE - 1)).ready == []
        after = claim(other, AFTER + timedelta(seconds=LEASE))
        assert [ready.load.again for ready in after.ready] == [True]
        finish(other, after, AFTER + timedelta(seconds=LEASE))
    assert (len(received(sandbox, NUMBER)), stands(message)) == (1, [("accepted", "")])
    assert spent("sms/person") == 1


# -- what the gateway does


@pytest.mark.parametrize(
    ("kind", "stood", "least"),
    [
        ("fail", ("queued", "server_error"), 0),
        ("twice", ("queued", "server_error"), 0),
        ("lie", ("queued", "server_error"), 0),
        ("throttled", ("queued", "busy"), 2),
        ("bad_number", ("failed", "bad_number"), 0),
    ],
)
def test_what_the_gateway_does_stands_in_the_ledger(
    sandbox: str, session: Session, mother: Person, kind: str, stood: tuple[str, str], least: int
) -> None:
    message = tell(session, mother, NOON)
    misbehave(sandbox, "sms", kind)
    work(AFTER)
    assert stands(message) == [stood]
    assert texts(message)[0].due_at >= AFTER + timedelta(seconds=least)
    work(AFTER + timedelta(hours=1))
    assert len(received(sandbox, NUMBER)) == (0 if stood[0] == "failed" else 1)


def test_a_silent_gateway_is_left_after_a_while_and_the_whole_host_is_down(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "TIMEOUT", 0.2)
    tell(session, mother, NOON)
    misbehave(sandbox, "sms", "timeout")
    with door() as opened:
        [ready] = claim(opened, AFTER).ready
        outcome = asyncio.run(opened.send(ready))
    assert (outcome.result.value, outcome.because, outcome.host_down) == ("retry", "timeout", True)


def test_what_took_too_long_before_the_vendor_is_called_is_not_sent_behind_our_back(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(session, mother, NOON)
    monkeypatch.setattr(channel, "BEGIN", -1.0)
    work(AFTER)
    assert stands() == [("queued", "timeout")]
    assert received(sandbox, NUMBER) == []


def test_a_kind_without_a_text_is_refused_and_nothing_is_spent(sandbox: str, session: Session, mother: Person) -> None:
    message = tell(session, mother, NOON)
    message.kind = "item_accepted"
    session.add(message)
    session.commit()
    work(AFTER)
    assert stands(message) == [("not_needed", "unwanted")]
    assert spent("sms/day") == 0


def test_many_are_made_ready_with_the_queries_of_one_beside_what_each_spends(
    sandbox: str, session: Session, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, sms_per_person_day=100)
    for _ in range(30):
        tell(session, mother, NOON)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    with door() as opened:
        ready = claim(opened, AFTER).ready
    event.remove(db.engine(), "before_cursor_execute", note)
    assert len(ready) == 30
    assert len(asked) <= 12, asked


def test_operators_hear_at_once_which_templates_their_vendor_lacks(
    sandbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sms.yaml").write_text("{sign_name: 邻办, templates: {sign-in-code: {zh: SMS_1}, case-turn: {en: SMS_2}}}")
    setting(monkeypatch, sms_vendor="aliyun", sms_templates=tmp_path / "sms.yaml")
    with door():
        assert "SMS template case-turn: no code for case-turn" in caplog.messages
        assert not any("sign-in-code" in line for line in caplog.messages)
    (tmp_path / "sms.yaml").write_text("sign: 邻办")
    databases.forget_settings()
    with pytest.raises(ValueError, match="sign_name"), door():
        pass
