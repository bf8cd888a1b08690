"""Each of the seven one-thing services, filed whole over the wire with every picture that no register spared."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.cases.models import Case, CaseItem
from app.catalogue import editions
from app.core.ids import new_id
from tests import services
from tests.factories import current_edition

from .conftest import SignIn, submission_body
from .test_documents import picture, sent


def body_of(service_id: str, filled: dict[str, Any], documents: list[dict[str, Any]]) -> dict[str, Any]:
    """A submission of that service on the wire."""
    body = submission_body(current_edition(service_id), filled, documents=documents)
    return body | {"service": service_id}


@pytest.mark.parametrize("service_id", sorted(services.ANSWERS))
def test_a_whole_filing_becomes_a_case(service_id: str, sign_in: SignIn, server: str, database: Engine) -> None:
    who, at, filled = sign_in(services.FILERS[service_id]), str(new_id()), services.answers(service_id)
    pages = services.wanted(service_id, filled)
    documents = [sent(who, at, picture(20 + n), material, page) for n, (material, page) in enumerate(pages)]
    answer = who.api.post(f"/api/drafts/{at}/submission", json=body_of(service_id, filled, documents))
    assert answer.status_code == 201, answer.text
    with Session(database) as session:
        case = session.exec(select(Case)).one()
        items = {item.item_id: item.state.value for item in session.exec(select(CaseItem))}
    assert case.number == answer.json()["receipt"]["case"]
    assert items.keys() == {item.id for item in editions.current(service_id).service.items}
    assert "filed" in items.values()


@pytest.mark.parametrize("service_id", sorted(services.ANSWERS))
def test_a_filing_without_its_pictures_is_not_taken(service_id: str, sign_in: SignIn, server: str, database: Engine) -> None:
    who, at, filled = sign_in(services.FILERS[service_id]), str(new_id()), services.answers(service_id)
    answer = who.api.post(f"/api/drafts/{at}/submission", json=body_of(service_id, filled, []))
    assert answer.status_code == 422, answer.text
    with Session(database) as session:
        assert session.exec(select(Case)).all() == []
