"""What one act tells twice rings once: the fuller message stands for the other, which the inbox keeps."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.messages import service
from app.messages.models import Delivery, DeliveryState, Message
from app.messages.reasons import Because
from tests import factories as make
from tests.messages.texting import NOON, NUMBER

ABOUT = {"service": "newborn", "item": "psb.birth_reg", "department": "psb"}


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER, NOON)


def states(session: Session) -> dict[str, tuple[DeliveryState, str]]:
    session.expire_all()
    rows = session.exec(
        select(Message.kind, Delivery.state, Delivery.because).join(Delivery, col(Delivery.message_id) == Message.id)
    )
    return {kind: (state, because) for kind, state, because in rows}


def test_the_last_result_does_not_ring_beside_all_done(session: Session, mother: Person) -> None:
    case = make.new_id()
    for kind in ("item_finished", "case_finished"):
        service.tell(session, mother.id, case, NUMBER, kind, ABOUT, False, NOON)
    assert states(session) == {
        "item_finished": (DeliveryState.NOT_NEEDED, Because.NEWER), "case_finished": (DeliveryState.QUEUED, "")
    }  # fmt: skip
    assert len(session.exec(select(Message)).all()) == 2


def test_a_refusal_rings_all_the_same(session: Session, mother: Person) -> None:
    case = make.new_id()
    for kind in ("item_denied", "case_finished"):
        service.tell(session, mother.id, case, NUMBER, kind, ABOUT, False, NOON)
    assert {state for state, _ in states(session).values()} == {DeliveryState.QUEUED}


def test_another_case_another_reader_and_another_moment_ring(session: Session, mother: Person) -> None:
    case, father = make.new_id(), make.make_person(session, make.FATHER, NOON)
    service.tell(session, mother.id, make.new_id(), NUMBER, "item_finished", ABOUT, False, NOON)
    service.tell(session, father.id, case, NUMBER, "item_finished", ABOUT, False, NOON)
    service.tell(session, mother.id, case, NUMBER, "item_finished", ABOUT, False, NOON.replace(minute=1))
    service.tell(session, mother.id, case, NUMBER, "case_finished", ABOUT, False, NOON)
    assert {state for state, _ in states(session).values()} == {DeliveryState.QUEUED}
