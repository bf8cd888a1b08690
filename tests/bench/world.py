"""The world that is measured: a person with a case of seven items and sixty events, a full queue, drafts to be submitted."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.accounts.models import Person
from app.cases import history
from app.cases.models import Case
from app.cases.states import Actor
from app.core.clock import utcnow
from app.core.ids import new_id
from app.documents.models import Document, DocumentRendition
from tests import newborn
from tests.factories import (
    MOTHER,
    current_edition,
    make_case,
    make_person,
    make_phone,
    make_signed_in,
    make_staff,
    make_staff_signed_in,
)  # fmt: skip

EVENTS, QUEUE = 60, 50


@dataclass
class World:
    """Tokens and numbers to ask with."""

    cookie: str
    bearer: str
    desk: str
    number: str
    person: Person


def build(session: Session) -> World:
    """Fill a database; commits."""
    person = make_person(session, MOTHER)
    case = make_case(session, person)
    while case.event_count < EVENTS:
        _event(session, case, case.event_count)
    staff = make_staff(session, "health1")
    for _ in range(QUEUE):
        make_case(session, make_person(session))
    world = World(
        make_signed_in(session, person), make_signed_in(session, person, bearer=True), make_staff_signed_in(session, staff),
        case.number, person,
    )  # fmt: skip
    make_phone(session)
    session.commit()
    return world


def _event(session: Session, case: Case, number: int) -> None:
    """One more line of the timeline."""
    moment = utcnow() - timedelta(days=30) + timedelta(hours=number)
    history.append(session, case, "item_accepted", Actor.REVIEWER, moment, item_id="msb.maternity_benefit")


@dataclass
class Filing:
    """A draft whose documents have arrived, and the request that submits it."""

    draft_id: str
    body: dict[str, Any]

    @property
    def ask(self) -> dict[str, Any]:
        """The request for the load generator."""
        return {"method": "POST", "path": f"/api/drafts/{self.draft_id}/submission", "body": json.dumps(self.body)}


def arrived(session: Session, person: Person) -> Filing:
    """A filing with a row for every document that it wants; the bytes of the pictures are not what is measured."""
    filled = newborn.answers()
    draft_id, documents = new_id(), []
    for material, page in newborn.wanted(filled):
        sha256 = hashlib.sha256(f"{draft_id}{material}{page}".encode()).hexdigest()
        document = Document(
            owner_id=person.id, draft_id=draft_id, material=material, page=page, filename=f"{page}.jpg",
            media_type="image/jpeg", size=300_000, sha256=sha256, created_at=utcnow(),
        )  # fmt: skip
        session.add(document)
        session.flush()
        session.add(DocumentRendition(document_id=document.id, number=1, width=1200, height=900, sha256=sha256))
        documents.append({"material": material, "page": page, "sha256": sha256, "size": 300_000, "filename": f"{page}.jpg"})
    body = {"service": "newborn", "edition": current_edition(), "applicant": "self", "mandate": None, "answers": filled,
            "documents": documents}  # fmt: skip
    return Filing(str(draft_id), body)
