"""What the desk's tests share: 王晓兰's case with pictures, and reviewers of several departments signed in."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import Role
from app.accounts.parties import Party
from app.cases import office
from app.cases.models import Case, CaseItem
from app.core import db
from app.core.clock import utcnow
from app.documents import service as documents
from tests import factories, newborn
from tests.conftest import Visit

BENEFIT = "msb.maternity_benefit"
ENROL = "msb.resident_enrol"
BIRTH = "health.birth_cert"


@dataclass(frozen=True)
class At:
    """A reviewer at their desk."""

    id: UUID
    token: str
    client: httpx.Client
    who: office.Reviewer


Seat = Callable[..., At]


@pytest.fixture
def seat(session: Session, visit: Visit) -> Seat:
    """seat("msb1", jurisdiction=…, role=…): a member of staff with a browser that is signed in."""

    def take(username: str = "msb1", *, jurisdiction: str = factories.DIVISION, role: Role = Role.REVIEWER) -> At:
        staff = factories.make_staff(session, username, jurisdiction=jurisdiction, role=role)
        token = factories.make_staff_signed_in(session, staff)
        session.commit()
        return At(staff.id, token, visit(staff=token), office.Reviewer(staff.id, staff.department_id, jurisdiction))

    return take


def item_of(session: Session, case: Case, item_id: str) -> CaseItem:
    """An item as it stands in the database now."""
    found = select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.item_id == item_id)
    return session.exec(found.execution_options(populate_existing=True)).one()


@pytest.fixture
def case(session: Session) -> Case:
    """王晓兰's case: the birth certificate is granted, so that 公安 and 医保 have begun; two pictures for 医保.

    The registers answered before she filed.
    """
    now = utcnow()
    person = factories.make_person(session, factories.MOTHER, now)
    made = factories.make_case(session, person, answers=newborn.answers(**{"bank.use_sscard": True}), now=now)
    health = factories.make_staff(session, "health9", name="林静")
    factories.make_looks(session, person.id, made.draft_id, now=now)
    who = office.Reviewer(health.id, "health", factories.DIVISION)
    office.accept(session, who, made.id, BIRTH, 1, now)
    office.approve(session, who, made.id, BIRTH, 2, now)
    session.commit()
    wanted = []
    for material, page in (("P01-bill", 1), ("M-BANK", 1), ("M-HK", 1)):
        body = newborn.picture(material, seed=page + len(material))
        documents.receive(documents.Place(person.id, made.draft_id, material, page), f"{material}.jpg", body, now)
        digest = hashlib.sha256(body).hexdigest()
        wanted.append(documents.WantedDocument(material, page, digest, len(body), f"{material}.jpg"))
    with db.writing() as writing:
        documents.attach(writing, Party(person.id), made.draft_id, made.id, wanted)
    return made


def address(case: Case, item_id: str = BENEFIT) -> str:
    """The review of an item."""
    return f"/desk/items/{case.number}/{item_id}"


def many(session: Session, count: int, *, days: float = 0, now: datetime | None = None) -> list[Case]:
    """Cases of as many people, filed some days ago; 卫健 has their first item."""
    filed = (now or utcnow()) - timedelta(days=days)
    cases = [factories.make_case(session, factories.make_person(session), now=filed) for _ in range(count)]
    session.commit()
    return cases
