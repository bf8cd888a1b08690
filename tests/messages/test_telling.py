"""Each event makes a message in its transaction; each kind has its words; the your-turn mark goes when the turn goes."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.accounts.parties import Party
from app.cases import applicant
from app.cases.applicant import Asked
from app.cases.models import Case, CaseEvent
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.messages import queries, service
from app.messages.models import Message
from tests import factories as make
from tests.cases.hands import ask, decide

NOW: datetime = utcnow()


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    return make.make_case(session, mother, now=NOW)


def told(session: Session, person: Person) -> list[Message]:
    return list(session.exec(select(Message).where(Message.person_id == person.id).order_by(Message.id)))


def test_each_event_is_told_once(session: Session, mother: Person, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "deny")
    events = session.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)).all()
    assert [m.kind for m in told(session, mother)] == list(events)
    assert "item_not_started" in events


def test_what_i_did_myself_is_no_news(session: Session, mother: Person, case: Case) -> None:
    assert queries.unread(session, Party(mother.id)) == 0
    decide(session, case, "health.birth_cert", NOW, "accept")
    assert queries.unread(session, Party(mother.id)) == 1


def test_applicant_and_filer_are_both_told(session: Session, mother: Person) -> None:
    father = make.make_person(session, make.FATHER)
    case = make.make_case(session, mother, filer=father)
    assert [m.read_at is None for m in told(session, mother)] == [True]
    assert [m.read_at is None for m in told(session, father)] == [False]
    decide(session, case, "health.birth_cert", NOW, "accept")
    assert len(told(session, mother)) == len(told(session, father)) == 2


def test_a_message_goes_with_its_event_when_the_transaction_fails(session: Session, mother: Person, case: Case) -> None:
    session.commit()

    def fail() -> None:
        with db.writing() as other:
            decide(other, case, "health.birth_cert", NOW, "accept")
            assert queries.unread(other, Party(mother.id)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with db.reading() as after:
        assert queries.unread(after, Party(mother.id)) == 0
        assert len(after.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()) == 1


def test_a_message_holds_no_personal_data(session: Session, mother: Person, case: Case) -> None:
    ask(session, case, "health.birth_cert", NOW)
    for message in told(session, mother):
        assert set(message.params) <= {"service", "item", "department", "due", "reply_by", "because", "late"}
        assert make.MOTHER.name not in str(message.params)


def test_the_your_turn_mark_goes_with_the_reply(session: Session, mother: Person, case: Case) -> None:
    ask(session, case, "health.birth_cert", NOW)
    assert queries.counts(session, Party(mother.id)).your_turn == 1
    assert [m.kind for m in queries.inbox(session, Party(mother.id), 10, your_turn=True)] == ["correction_asked"]
    applicant.reply(session, Party(mother.id), case.number, "health.birth_cert", "{}", Asked("some-key", "x", None), NOW)
    assert queries.counts(session, Party(mother.id)).your_turn == 0


def test_reading_one_one_case_and_all(session: Session, mother: Person, case: Case) -> None:
    other = make.make_case(session, mother)
    for one in (case, other):
        decide(session, one, "health.birth_cert", NOW, "accept", "approve")
    session.flush()
    unread = [m for m in told(session, mother) if m.read_at is None]
    assert service.read(session, Party(mother.id), unread[0].id, NOW).case_number == case.number
    session.flush()
    assert queries.unread(session, Party(mother.id)) == len(unread) - 1
    service.read_case(session, Party(mother.id), case.id, NOW)
    assert queries.unread(session, Party(mother.id)) == len(unread) // 2
    service.read_all(session, Party(mother.id), NOW)
    assert queries.unread(session, Party(mother.id)) == 0


def test_somebody_elses_message_is_not_found(session: Session, mother: Person, case: Case) -> None:
    father = make.make_person(session, make.FATHER)
    with pytest.raises(NotFound):
        service.read(session, Party(father.id), told(session, mother)[0].id, NOW)
    assert queries.inbox(session, Party(father.id), 10) == []
    assert queries.inbox(session, Party(father.id), 10, before=told(session, mother)[0].id) == []


def test_the_inbox_pages_without_gaps_or_doubles(session: Session, mother: Person, case: Case) -> None:
    for _ in range(3):
        decide(session, make.make_case(session, mother, now=NOW), "health.birth_cert", NOW, "accept", "approve", "finish")
    everything = [m.id for m in queries.inbox(session, Party(mother.id), 100)]
    walked, before = [], None
    while page := queries.inbox(session, Party(mother.id), 4, before=before):
        walked += [m.id for m in page]
        before = page[-1].id
    assert walked == everything
    assert len(set(walked)) == len(told(session, mother))
