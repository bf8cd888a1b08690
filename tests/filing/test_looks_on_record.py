"""Looks are on record before a register is asked, and what one draft was told is no other draft's."""

from uuid import UUID

import pytest
from sqlmodel import Session

from app.accounts.sessions import Resident as SignedIn
from app.catalogue import editions
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.ids import new_id
from app.filing import lookups
from app.filing.enquiries import asked_of
from app.filing.lookup_routes import carry_out, opened
from tests import factories

from .conftest import Resident
from .test_lookups import ALL, outcomes, start, stored


def prepared(who: Resident, draft: str) -> lookups.Prepared:
    """Consent is given and on record, no register was asked yet."""
    resident = SignedIn(new_id(), new_id(), who.id, "王晓兰")
    with db.writing() as session:
        _, edition = opened(session, resident, UUID(draft))
        return lookups.prepare(session, resident, UUID(draft), edition, asked_of(edition), utcnow())


def test_consent_and_look_are_on_record_before_a_register_is_asked(alice: Resident) -> None:
    draft = start(alice)
    prepared(alice, draft)
    assert set(outcomes(draft).values()) == {"down"}
    assert all(row.consented_at == row.asked_at for row in stored(draft))
    assert alice.api.get(f"/api/drafts/{draft}/lookups").json()["held"] == []


def test_a_draft_deleted_while_the_registers_answer_keeps_the_record_and_no_answer(alice: Resident) -> None:
    draft = start(alice)
    asked = prepared(alice, draft)
    assert alice.api.delete(f"/api/drafts/{draft}").status_code == 204
    with pytest.raises(NotFound):
        carry_out(asked)
    assert set(outcomes(draft).values()) == {"found"}
    assert [row.answer for row in stored(draft)] == [None] * len(ALL)


def test_a_draft_of_another_service_under_the_same_id_gets_none_of_the_answers(alice: Resident) -> None:
    draft = start(alice)
    asked = prepared(alice, draft)
    alice.api.delete(f"/api/drafts/{draft}").raise_for_status()
    other = editions.current("dog-registration").id
    body = {"service": "dog-registration", "edition": other, "base_revision": 0, "answers": {}, "page": ""}
    alice.api.put(f"/api/drafts/{draft}", json=body).raise_for_status()
    with pytest.raises(NotFound):
        carry_out(asked)
    assert [row.answer for row in stored(draft)] == [None] * len(ALL)


def test_what_a_deleted_draft_was_told_holds_nothing_for_another_under_its_id(alice: Resident, session: Session) -> None:
    edition = editions.current("dog-registration")
    draft = new_id()
    body = {"service": "dog-registration", "edition": edition.id, "base_revision": 0, "answers": {}, "page": ""}
    alice.api.put(f"/api/drafts/{draft}", json=body).raise_for_status()
    factories.make_looks(session, alice.id, draft, service_id="dog-registration")
    session.commit()
    assert alice.api.get(f"/api/drafts/{draft}/lookups").json()["held"]
    alice.api.delete(f"/api/drafts/{draft}").raise_for_status()
    alice.api.put(f"/api/drafts/{draft}", json=body).raise_for_status()
    assert alice.api.get(f"/api/drafts/{draft}/lookups").json() | {"asks": []} == {"asks": [], "lookups": [], "held": []}
