"""The twelve services for enterprises and of one item on a phone, as large as the oldest sets them."""

from typing import Any

import pytest
from sqlmodel import Session

from app.catalogue import editions
from app.catalogue.definition import Audience
from app.core.clock import utcnow
from app.forms.conditions import visible
from tests import services
from tests.factories import current_edition, make_draft, make_enterprise, make_person, make_signed_in
from tests.look.walk import complaints, sideways, sign_in, wear

OLDEST = {"mode": "care", "text": "5"}


def _pages(session: Session, service_id: str) -> tuple[str, list[str]]:
    """A session, and the addresses of guide, form pages and review of a full draft, of an enterprise where it files."""
    person, filled = make_person(session, services.FILERS[service_id]), services.answers(service_id)
    service = editions.current(service_id).service
    acting = None if service.filed_by(Audience.PERSON) else make_enterprise(session, person)
    token = make_signed_in(session, person, acting=acting)
    draft = make_draft(session, person, filled, service_id=service_id, enterprise=acting)
    session.commit()
    shown = visible(service.form, filled, utcnow())
    pages = [page.id for page in service.form.pages if any(question.id in shown for question in page.questions)]
    at = f"/forms/{service_id}/{current_edition(service_id)}"
    return token, [
        f"/services/{service_id}", *(f"{at}/{page}?draft={draft.id}" for page in pages), f"/drafts/{draft.id}/review",
    ]  # fmt: skip


@pytest.mark.parametrize("service_id", sorted(services.ALONE))
@pytest.mark.parametrize(("look", "width"), [(OLDEST, 390), ({"mode": "care", "lang": "en"}, 320)], ids=str)
def test_no_page_scrolls_sideways_however_large_or_narrow(
    phone: Any, server: str, session: Session, service_id: str, look: dict[str, str], width: int
) -> None:
    token, paths = _pages(session, service_id)
    sign_in(phone, server, token)
    assert sideways(phone, server, paths, look, width) == []


@pytest.mark.parametrize(("service_id", "look"), [("company-start", {}), ("dog-registration", OLDEST)])
def test_every_page_can_be_read_and_reached(
    phone: Any, server: str, session: Session, service_id: str, look: dict[str, str]
) -> None:
    token, paths = _pages(session, service_id)
    sign_in(phone, server, token)
    wear(phone, server, look)
    wrong = []
    for path in paths:
        phone.goto(server + path)
        wrong += [f"{path}: {said}" for said in complaints(phone, 60 if look else 48)]
    assert wrong == [], "\n".join(wrong)
