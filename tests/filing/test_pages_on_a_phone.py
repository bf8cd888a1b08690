"""Filing's pages on a phone: nothing to complain about for axe, nothing cut, targets large enough to hit."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlmodel import Session

from app.core.ids import new_id
from tests import factories
from tests.catalogue.test_guide_on_a_phone import LOOKS, WIDE, look

from .conftest import answers, draft_body, submission_body


@pytest.fixture
def addresses(session: Session, phone: Any, server: str, edition: str) -> tuple[str, list[str]]:
    """王晓兰's cookie and the addresses of all pages: an unfinished draft, and a receipt."""
    person = factories.make_person(session, factories.MOTHER)
    at, filed = new_id(), new_id()
    looks = factories.make_looks(session, person.id, at)
    factories.make_looks(session, person.id, filed)
    cookie = factories.make_signed_in(session, person)
    bearer = factories.make_signed_in(session, person, bearer=True)
    session.commit()
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    api = phone.context.request
    body = draft_body(edition, answers(applicant__name=None, baby__name="x1", delivery__mode=None), page="baby")
    assert api.put(f"{server}/api/drafts/{at}", data=json.dumps(body), headers=headers).ok
    sent = api.post(f"{server}/api/drafts/{filed}/submission", data=json.dumps(submission_body(edition)), headers=headers)
    receipt = sent.json()
    forms = [f"/forms/newborn/{edition}/{page}?draft={at}" for page in ("you", "baby", "father")]
    others = [f"/drafts/{at}/review", "/drafts", f"/drafts/{at}/removal", "/services/newborn/start", "/receipts/verify"]
    others += [f"/drafts/{at}/lookups", f"/drafts/{at}/lookups/results", "/me/lookups"]
    others.append(f"/drafts/{at}/lookups/{looks['marriage'].id}/dispute?back=father")
    receipts = [f"/receipts/{receipt['receipt']['case']}", f"/receipts/verify?code={receipt['code']}"]
    return cookie, [f"/forms/newborn/{edition}/baby", *forms, *others, *receipts]


@pytest.mark.parametrize("cookies", LOOKS, ids=str)
def test_axe_finds_nothing_and_nothing_is_cut(
    phone: Any, server: str, addresses: tuple[str, list[str]], cookies: dict[str, str]
) -> None:
    cookie, paths = addresses
    look(phone, server, cookies)
    phone.context.add_cookies([{"name": "linban_session", "value": cookie, "url": server}])
    for path in paths:
        assert phone.goto(server + path).status == 200, path
        found = Axe().run(phone, options={"resultTypes": ["violations"]})
        assert [v["id"] for v in found.response["violations"]] == [], f"{path}: {found.generate_report()}"
        assert not phone.evaluate(WIDE), path
        phone.set_viewport_size({"width": 320, "height": 640})
        assert not phone.evaluate(WIDE), f"{path} at 320"
        phone.set_viewport_size({"width": 390, "height": 844})


def test_a_page_with_mistakes_is_right_for_a_screen_reader(phone: Any, server: str, addresses: tuple[str, list[str]]) -> None:
    cookie, paths = addresses
    look(phone, server, {})
    phone.context.add_cookies([{"name": "linban_session", "value": cookie, "url": server}])
    phone.goto(server + paths[2])
    phone.click("footer.actions .btn.pri")
    phone.locator("[aria-invalid=true]").first.wait_for()
    found = Axe().run(phone, options={"resultTypes": ["violations"]})
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    phone.goto(server + paths[4])
    phone.click("footer.actions .btn.pri", force=True)
    phone.locator("[data-errors]").wait_for()
    found = Axe().run(phone, options={"resultTypes": ["violations"]})
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()


def test_a_form_that_cannot_fetch_its_draft_says_so_and_can_still_be_sent(
    phone: Any, server: str, addresses: tuple[str, list[str]]
) -> None:
    cookie, paths = addresses
    phone.context.add_cookies([{"name": "linban_session", "value": cookie, "url": server}])
    phone.route("**/api/drafts/*", lambda route: route.abort())
    phone.goto(server + paths[2])
    phone.locator("[data-savebar][data-state=failed]").wait_for()
    phone.click("footer.actions .btn.pri")
    phone.locator("[aria-invalid=true]").first.wait_for()
