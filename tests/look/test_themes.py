"""The seven one-thing services on a phone: guides and filled-in forms, as large as the oldest reader sets them."""

from typing import Any

import pytest
from sqlmodel import Session

from app.catalogue import editions
from app.core.clock import utcnow
from app.forms.conditions import visible
from tests import services
from tests.factories import current_edition, make_draft, make_person, make_signed_in
from tests.look.walk import complaints, sideways, sign_in, wear

OLDEST = {"mode": "care", "text": "5"}


def _pages(session: Session, service_id: str) -> tuple[str, list[str]]:
    """A session, and the addresses of guide, form pages and review of somebody's full draft."""
    person = make_person(session, services.FILERS[service_id])
    filled = services.answers(service_id)
    token, draft = make_signed_in(session, person), make_draft(session, person, filled, service_id=service_id)
    session.commit()
    form = editions.current(service_id).service.form
    shown = visible(form, filled, utcnow())
    pages = [page.id for page in form.pages if any(question.id in shown for question in page.questions)]
    at = f"/forms/{service_id}/{current_edition(service_id)}"
    return token, [
        f"/services/{service_id}", *(f"{at}/{page}?draft={draft.id}" for page in pages), f"/drafts/{draft.id}/review",
    ]  # fmt: skip


@pytest.mark.parametrize("service_id", sorted(services.ANSWERS))
@pytest.mark.parametrize(("look", "width"), [(OLDEST, 390), ({"mode": "care", "lang": "en"}, 320)], ids=str)
def test_no_page_scrolls_sideways_however_large_or_narrow(
    phone: Any, server: str, session: Session, service_id: str, look: dict[str, str], width: int
) -> None:
    token, paths = _pages(session, service_id)
    sign_in(phone, server, token)
    assert sideways(phone, server, paths, look, width) == []


def test_the_pension_from_elsewhere_can_be_read_and_reached_by_the_oldest(phone: Any, server: str, session: Session) -> None:
    token, paths = _pages(session, "pension-elsewhere")
    sign_in(phone, server, token)
    wear(phone, server, OLDEST)
    wrong = []
    for path in paths:
        phone.goto(server + path)
        wrong += [f"{path}: {said}" for said in complaints(phone, 60)]
    assert wrong == [], "\n".join(wrong)
