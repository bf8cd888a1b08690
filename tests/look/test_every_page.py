"""A resident's way through the house, page by page, in the looks that strain it most: axe, targets, width."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.cases import office
from app.cases.models import CaseItem
from app.core.clock import utcnow
from app.messages.models import Message
from tests.factories import (
    MOTHER,
    current_edition,
    make_case,
    make_draft,
    make_enterprise,
    make_looks,
    make_person,
    make_signed_in,
    make_staff,
)
from tests.look.walk import complaints, overflow, sign_in, wear

LOOKS = [{}, {"mode": "care"}, {"theme": "dark", "lang": "en", "text": "5"}]


@pytest.fixture
def world(session: Session) -> tuple[str, list[str]]:
    """A resident's session and the addresses of their pages."""
    person = make_person(session, MOTHER)
    token, case, draft = make_signed_in(session, person), make_case(session, person), make_draft(session, person)
    staff = make_staff(session, "health1")
    item = session.exec(select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.item_id == "health.birth_cert")).one()
    office.request_correction(
        session, office.Reviewer(staff.id, staff.department_id, staff.jurisdiction), case.id, item.item_id, item.version,
        [office.Target(question="applicant.phone")], "号码少一位。", utcnow() + timedelta(days=5), utcnow(),
    )  # fmt: skip
    looks = make_looks(session, person.id, draft.id, outcomes={"social_security": "down"})
    told = session.exec(select(Message.id).where(Message.kind == "correction_asked")).one()
    food = make_case(session, person, enterprise=make_enterprise(session, person))
    of_food = session.exec(select(Message.id).where(Message.case_id == food.id)).first()
    session.commit()
    at = f"/cases/{case.number}"
    form = f"/forms/newborn/{current_edition()}"
    return token, [
        "/services", "/services/newborn", "/services/newborn/start",
        f"{form}/you?draft={draft.id}", f"{form}/baby?draft={draft.id}", f"{form}/bank?draft={draft.id}",
        f"/drafts/{draft.id}/review", f"/drafts/{draft.id}/outlook", f"/drafts/{draft.id}/removal",
        f"/drafts/{draft.id}/lookups", f"/drafts/{draft.id}/lookups/results", "/me/lookups",
        f"/drafts/{draft.id}/lookups/{looks['marriage'].id}/dispute",
        "/me/enterprises", "/drafts", "/cases", at, f"{at}/filing",
        f"{at}/withdrawal", f"{at}/items/health.birth_cert/correction", "/messages", "/me/notifications", "/receipts/verify",
        f"/messages/{told}/deliveries", f"/messages?case={case.number}", "/messages?q=%E5%8D%AB%E5%81%A5", "/messages?q=zz",
        "/messages?show=result", f"/messages/{of_food}",
    ]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_cut_too_small_or_unreadable(
    phone: Any, server: str, world: tuple[str, list[str]], look: dict[str, str]
) -> None:
    token, paths = world
    sign_in(phone, server, token)
    wear(phone, server, look)
    wrong = []
    for path in paths:
        answer = phone.goto(server + path)
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
        wrong += [f"{path}: {said}" for said in complaints(phone, 60 if look.get("mode") == "care" else 48)]
        phone.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320: {said}" for said in overflow(phone)]
        phone.set_viewport_size({"width": 390, "height": 844})
    assert wrong == [], "\n".join(wrong)
