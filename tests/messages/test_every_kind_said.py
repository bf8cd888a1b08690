"""Every kind is told by a real case or a real chore, and its text finds in the message everything that it names."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import Person, Role
from app.accounts.parties import Party
from app.cases import applicant
from app.cases.applicant import Asked
from app.cases.recounting import recount
from app.core import workdays
from app.core.clock import SHANGHAI
from app.desk import alerts
from app.messages import kinds, texts
from app.messages.models import Message
from app.messages.text_rules import NAME
from tests import factories as make
from tests.cases.hands import ask, decide, item_of, reviewer

#: A Wednesday morning at work, and a Friday that the town then closes.
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=SHANGHAI)
OLD, NEW = workdays.Calendar(), workdays.Calendar(days={datetime(2026, 3, 20).date(): False})  # noqa: DTZ001 - a day
BIRTH, HOUSEHOLD, BENEFIT, VACCINE = "health.birth_cert", "psb.birth_reg", "msb.maternity_benefit", "cdc.vacc_cert"
ALL = kinds.texts().kinds
#: What a person sends to themselves, and what the reconciler raises, have tests of their own.
ELSEWHERE = {"test", "staff_alert"}


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


def residents(session: Session, mother: Person) -> None:
    """Let everything happen that can happen to a case."""
    case = make.make_case(session, mother, now=NOW)
    decide(session, case, BIRTH, NOW, "accept", "approve", "finish")
    ask(session, case, HOUSEHOLD, NOW)
    decide(session, case, BENEFIT, NOW, "accept")
    recount(session, OLD, NEW, NOW)
    applicant.reply(session, Party(mother.id), case.number, HOUSEHOLD, "{}", Asked("a-key-of-mine", "x", None), NOW)
    decide(session, case, BENEFIT, NOW, "deny")
    decide(session, case, VACCINE, NOW, "deny")
    refused, taken_back = make.make_case(session, mother, now=NOW), make.make_case(session, mother, now=NOW)
    decide(session, refused, BIRTH, NOW, "accept", "deny")
    applicant.withdraw(session, Party(mother.id), taken_back.number, Asked("another-key", "x", None), NOW)


def staff(session: Session, mother: Person) -> None:
    """Let a day go by at the desk."""
    reviewer(session, "health")
    make.make_staff(session, "health8", role=Role.HEAD)
    case = make.make_case(session, mother, now=NOW - timedelta(minutes=20))
    alerts.tell_new(session, NOW, 100)
    ask(session, case, BIRTH, NOW)
    applicant.reply(session, Party(mother.id), case.number, BIRTH, "{}", Asked("a-key-of-mine", "x", None), NOW)
    act_by = item_of(session, case, BIRTH).act_by
    assert act_by
    for moment in (act_by - timedelta(hours=1), *(act_by + timedelta(days=days, hours=-3) for days in (1, 2, 5, 6))):
        alerts.tell_lights(session, moment, 100)
    for days in range(1, 6):
        alerts.tell_digests(session, NOW + timedelta(days=days), 100)


def unsaid(session: Session) -> Iterator[str]:
    """What a text names and its message does not have."""
    for message in session.exec(select(Message).order_by(col(Message.id))):
        kind = kinds.kind(message.kind)
        known = set(message.params) | ({"count", "items"} if "n" in message.params else set())
        wanted = set(NAME.findall(kind.title.zh + kind.line.zh))
        yield from (f"{message.kind} has no {name}" for name in wanted - known)
        for lang in ("zh", "en"):
            said = texts.say(message.kind, message.params, lang, NOW)
            assert "%(" not in said.title + said.line
            assert lang == "zh" or (said.title + said.line).isascii(), said


def told(session: Session, *, staff: bool) -> set[str]:
    """Every kind that residents were told, or staff."""
    return {kind for kind in session.exec(select(Message.kind).distinct()) if ALL[kind].group.staff is staff}


def there_are(*, staff: bool) -> set[str]:
    """Every kind that there is for residents, or for staff."""
    return {name for name, kind in ALL.items() if kind.group.staff is staff} - ELSEWHERE


def test_every_kind_of_a_case_finds_what_it_names(session: Session, mother: Person) -> None:
    residents(session, mother)
    assert told(session, staff=False) == there_are(staff=False)
    assert list(unsaid(session)) == []


def test_every_kind_of_staff_finds_what_it_names(session: Session, mother: Person) -> None:
    staff(session, mother)
    assert told(session, staff=True) == there_are(staff=True)
    assert list(unsaid(session)) == []


def test_what_has_a_day_in_its_sms_has_it_in_its_message(session: Session, mother: Person) -> None:
    residents(session, mother)
    for message in session.exec(select(Message)):
        _, values = texts.sms(message.kind, message.params, message.case_number, "zh", NOW)
        assert all(values.values()), f"{message.kind}: {values}"
