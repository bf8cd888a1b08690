"""Every screen under axe, in three looks and two widths: no complaint, nothing cut, nothing said to the console."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlmodel import Session, select

from app.accounts.models import Staff
from app.cases import office
from app.cases.models import Case
from app.core.clock import utcnow
from tests import newborn
from tests.factories import (
    MOTHER,
    current_edition,
    make_case,
    make_draft,
    make_person,
    make_phone,
    make_signed_in,
    make_staff_signed_in,
)  # fmt: skip
from tests.support import browsers

LOOKS: dict[str, dict[str, str]] = {"normal": {}, "care": {"mode": "care"}, "dark": {"theme": "dark"}}
WIDTHS = {"phone": browsers.PHONE, "desktop": browsers.DESK}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN = ("/", "/services", "/services/newborn", "/sign-in", "/privacy", "/receipts/verify", "/me", "/me/settings", "/nowhere")
OWN = ("/", "/cases", "/messages", "/me", "/me/devices", "/me/settings", "/drafts", "/services")


WHO = {"nobody": {}, "phone": {}, "person": {}, "reviewer": {}}
FORM_PAGES = ("you", "baby", "mother", "father", "household", "maternity", "bank", "delivery")


@dataclass
class Town:
    """Tokens and addresses by who sees them; with a case, messages and a draft to be seen."""

    cookies: dict[str, dict[str, str]]
    screens: dict[str, list[str]]


@pytest.fixture
def town(session: Session, staff: None) -> Town:
    """王晓兰 has a case that waits for her, a running one and a draft; health1 has them in the queue."""
    person = make_person(session, MOTHER)
    case, waiting, draft = (
        make_case(session, person, answers=newborn.answers()),
        make_case(session, person, answers=newborn.answers()),
        make_draft(session, person, newborn.answers()),
    )
    reviewer = session.exec(select(Staff).where(Staff.username == "health1")).one()
    ask_for_a_correction(session, waiting, reviewer)
    cookies = {
        "nobody": {},
        "phone": {"linban_session": make_signed_in(session, make_phone(session))},
        "person": {"linban_session": make_signed_in(session, person)},
        "reviewer": {"linban_desk": make_staff_signed_in(session, reviewer)},
    }
    session.commit()
    form = f"/forms/newborn/{current_edition()}"
    screens = {
        "nobody": [*OPEN, f"{form}/baby"],
        "phone": ["/real-name"],
        "person": [
            *OWN, f"/cases/{case.number}", f"/cases/{case.number}/filing", f"/cases/{case.number}/withdrawal",
            f"/cases/{waiting.number}", f"/cases/{waiting.number}/items/health.birth_cert/correction",
            *(f"{form}/{page}?draft={draft.id}" for page in FORM_PAGES), f"/drafts/{draft.id}/review",
            f"/drafts/{draft.id}/removal", "/services/newborn/start",
        ],
        "reviewer": ["/desk", "/desk?tab=done", "/desk?tab=correction", f"/desk/items/{case.number}/health.birth_cert"],
    }  # fmt: skip
    return Town(cookies, screens)


def ask_for_a_correction(session: Session, case: Case, reviewer: Staff) -> None:
    """The department asks for the child's name again."""
    who = office.Reviewer(reviewer.id, reviewer.department_id, reviewer.jurisdiction)
    session.flush()
    office.request_correction(
        session, who, case.id, "health.birth_cert", 1, [office.Target(question="baby.name")],
        "孩子的名字和出生证上不一样。", utcnow() + timedelta(days=5), utcnow(),
    )  # fmt: skip


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, server: str, town: Town, width: str, look: str, who: str) -> None:
    page = browser(**WIDTHS[width])
    cookies = town.cookies[who] | LOOKS[look]
    if cookies:
        page.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
    wrong = []
    for path in town.screens[who]:
        answer = page.goto(path)
        assert answer.status in (200, 404 if path == "/nowhere" else 200), f"{path} answered {answer.status}"
        assert page.title().split(" · ")[0].strip(), f"{path} has no title"
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        wrong += [f"{path}: {v['id']}: {[n['target'] for n in v['nodes']][:3]} {v['help']}" for v in found]
        if page.evaluate(WIDE):
            wrong.append(f"{path} is wider than the screen")
    assert not wrong, "\n".join(wrong)
