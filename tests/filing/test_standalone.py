"""The two services for enterprises and ten of one item, filed whole over the wire by those who may file them."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.cases.models import Case, CaseItem
from app.catalogue import editions
from app.catalogue.definition import Audience
from app.core.clock import utcnow
from app.core.ids import new_id
from app.documents.service import Place, receive
from app.sandbox.enterprises import FOOD, TEA, Listed
from tests import factories, services
from tests.conftest import Visit

from .conftest import Resident
from .test_documents import picture
from .test_themes import body_of

PERSONAL = sorted(services.ALONE.keys() - {"outdoor-advertising"})


#: Somebody with their clients, and the enterprise that they act for.
Agent = tuple[Resident, UUID | None]
Enter = Callable[[str, Listed | None], Agent]


@pytest.fixture
def enter(session: Session, visit: Visit) -> Enter:
    """enter(service, enterprise): whoever files it, for themself or acting for an enterprise of the register."""

    def open_clients(service_id: str, known: Listed | None) -> Agent:
        person = factories.make_person(session, services.FILERS[service_id])
        acting = factories.make_enterprise(session, person, known=known) if known else None
        tokens = [factories.make_signed_in(session, person, bearer=bearer, acting=acting) for bearer in (False, True)]
        session.commit()
        api = visit(tokens[1], bearer=True, Accept="application/json")
        return Resident(person.id, visit(tokens[0]), api), acting.id if acting else None

    return open_clients


def file(agent: Agent, service_id: str, filled: dict[str, Any]) -> Any:
    """Upload what is wanted and submit."""
    (who, enterprise_id), at, documents = agent, new_id(), []
    for n, (material, page) in enumerate(services.wanted(service_id, filled)):
        body = picture(20 + n)
        receive(Place(who.id, at, material, page, enterprise_id), "photo.jpg", body, utcnow())
        sha256 = hashlib.sha256(body).hexdigest()
        documents.append({"material": material, "page": page, "sha256": sha256, "size": len(body), "filename": "photo.jpg"})
    return who.api.post(f"/api/drafts/{at}/submission", json=body_of(service_id, filled, documents))


def filed(database: Engine, service_id: str) -> Case:
    """The one case, with all items of its service, some of them begun."""
    with Session(database) as session:
        case = session.exec(select(Case)).one()
        items = {item.item_id: item.state.value for item in session.exec(select(CaseItem))}
    assert items.keys() == {item.id for item in editions.current(service_id).service.items}
    assert "filed" in items.values()
    return case


@pytest.mark.parametrize("service_id", PERSONAL)
def test_a_whole_filing_becomes_a_case_of_the_person(service_id: str, enter: Enter, database: Engine) -> None:
    answer = file(enter(service_id, None), service_id, services.answers(service_id))
    assert answer.status_code == 201, answer.text
    case = filed(database, service_id)
    assert (case.number, case.enterprise_id) == (answer.json()["receipt"]["case"], None)


@pytest.mark.parametrize(
    ("service_id", "known", "changes"),
    [
        ("outdoor-advertising", FOOD, {}),
        ("temporary-stall", TEA, services.STALL_OF_A_SHOP),
        ("restaurant", TEA, {"shop__has_licence": True, "shop__credit_code": TEA.credit_code}),
    ],
)
def test_a_whole_filing_becomes_a_case_of_the_enterprise(
    service_id: str, known: Listed, changes: dict[str, Any], enter: Enter, database: Engine
) -> None:
    answer = file(enter(service_id, known), service_id, services.answers(service_id, **changes))
    assert answer.status_code == 201, answer.text
    case = filed(database, service_id)
    assert case.enterprise_id is not None
    assert case.number == answer.json()["receipt"]["case"]


@pytest.mark.parametrize("service_id", sorted(services.ALONE.keys() - {"restaurant", "temporary-stall"}))
def test_nobody_files_what_they_may_not(service_id: str, enter: Enter, database: Engine) -> None:
    by_persons = editions.current(service_id).service.filed_by(Audience.PERSON)
    answer = file(enter(service_id, FOOD if by_persons else None), service_id, services.answers(service_id))
    assert 400 <= answer.status_code < 500, answer.text
    with Session(database) as session:
        assert session.exec(select(Case)).all() == []


@pytest.mark.parametrize("service_id", sorted(services.ALONE.keys() - {"contribution-proof", "outdoor-advertising"}))
def test_a_filing_without_its_pictures_is_not_taken(service_id: str, enter: Enter, database: Engine) -> None:
    (who, _), at = enter(service_id, None), new_id()
    answer = who.api.post(f"/api/drafts/{at}/submission", json=body_of(service_id, services.answers(service_id), []))
    assert answer.status_code == 422, answer.text
    with Session(database) as session:
        assert session.exec(select(Case)).all() == []
