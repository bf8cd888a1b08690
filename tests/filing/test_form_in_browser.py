"""The form in a real browser on a phone: saved while typing, honest about it, and never leaving what it could not keep."""

import json
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.models import SessionRow
from tests import factories

from .conftest import answers, draft_body, draft_id
from .test_form_pages import draft_of


@pytest.fixture
def open_page(session: Session, phone: Any, server: str, edition: str) -> Any:
    """open_page(page, **changed answers): a form page of 王晓兰's draft on a phone."""
    person = factories.make_person(session, factories.MOTHER)
    cookie = factories.make_signed_in(session, person)
    bearer = factories.make_signed_in(session, person, bearer=True)
    session.commit()
    phone.context.add_cookies([{"name": "linban_session", "value": cookie, "url": server}])
    at = draft_id()

    def save(found: dict[str, Any], base: int = 0) -> None:
        answer = phone.context.request.put(
            f"{server}/api/drafts/{at}", data=json.dumps(draft_body(edition, found, base)),
            headers={"Authorization": f"Bearer {bearer}", "Content-Type": "application/json", "Origin": server},
        )  # fmt: skip
        assert answer.ok, answer.text()

    def go(page: str, **changed: Any) -> Any:
        save(answers(**changed))
        phone.goto(f"{server}/forms/newborn/{edition}/{page}?draft={at}")
        phone.wait_for_load_state("networkidle")
        return phone

    go.save = save  # type: ignore[attr-defined]
    return go


def saved(page: Any) -> None:
    """Wait until the save line says that all is synced."""
    page.locator("[data-savebar][data-state=saved]:has-text('已同步') [data-when]:not(:empty)").wait_for()


def test_it_saves_while_one_types(open_page: Any) -> None:
    page = open_page("baby")
    with page.expect_response(lambda r: "/api/drafts/" in r.url and r.request.method == "PUT"):
        page.fill("[name='baby.name']", "陈二诺")
    saved(page)
    assert "陈二诺" in draft_of(page.url).answers


def test_what_an_answer_calls_for_is_shown_at_once(open_page: Any) -> None:
    page = open_page("baby")
    assert page.locator("[name='baby.surname_reason']").is_hidden()
    page.check("[name='baby.surname'][value=other]", force=True)
    page.locator("[name='baby.surname_reason']").wait_for(state="visible")
    page.check("[name='baby.surname'][value=mother]", force=True)
    page.locator("[name='baby.surname_reason']").wait_for(state="hidden")


def test_next_saves_and_goes_on_and_the_mistake_is_told_there(open_page: Any) -> None:
    page = open_page("baby")
    page.fill("[name='baby.name']", "x1")
    page.click("button.pri")
    page.locator("[aria-invalid=true]").first.wait_for()
    assert page.input_value("[name='baby.name']") == "x1"
    page.fill("[name='baby.name']", "陈二诺")
    page.click("button.pri")
    page.wait_for_url("**/mother?*")


def test_a_proposal_opens_for_correction(open_page: Any) -> None:
    page = open_page("you", applicant__name=None)
    field = page.locator("[name='applicant.name']")
    assert field.input_value() == "王晓兰"
    assert not field.is_editable()
    page.click("[data-asked='applicant.name'] [data-unlock]")
    field.fill("王小兰")
    saved(page)
    assert "王小兰" in draft_of(page.url).answers


def test_without_network_it_stays_says_so_and_saves_when_the_line_is_back(open_page: Any) -> None:
    page = open_page("baby")
    page.context.set_offline(True)
    page.fill("[name='baby.name']", "陈二诺")
    page.click("button.pri")
    page.locator("[data-savebar]:has-text('没有网')").wait_for()
    assert "/baby?" in page.url
    assert page.input_value("[name='baby.name']") == "陈二诺"
    page.context.set_offline(False)
    saved(page)
    assert "陈二诺" in draft_of(page.url).answers


def test_two_devices_are_joined_or_asked(open_page: Any) -> None:
    page = open_page("baby")
    open_page.save(answers(baby__name="陈三诺", baby__hospital="yangcheng"), 1)
    page.fill("[name='baby.name']", "陈二诺")
    choice = page.locator("[data-conflict]")
    choice.wait_for(state="visible")
    assert choice.locator("fieldset").count() == 1
    assert not choice.locator("input:checked").count()
    choice.get_by_label("陈三诺").check()
    choice.locator("button").click()
    saved(page)
    assert page.input_value("[name='baby.name']") == "陈三诺"
    assert page.locator("[name='baby.hospital']:checked").get_attribute("value") == "yangcheng"


def test_a_session_that_ends_loses_nothing(open_page: Any, session: Session, server: str) -> None:
    page = open_page("baby")
    at = page.url
    for row in session.exec(select(SessionRow)):
        session.delete(row)
    session.commit()
    page.fill("[name='baby.name']", "陈二诺")
    page.locator("[data-savebar]:has-text('登录过期')").wait_for()
    page.click("button.pri")
    page.wait_for_url("**/sign-in?*")
    person = session.exec(select(factories.Person)).one()
    token = factories.make_signed_in(session, person)
    session.commit()
    page.context.add_cookies([{"name": "linban_session", "value": token, "url": server}])
    page.goto(at)
    assert page.input_value("[name='baby.name']") == "陈二诺"
    saved(page)
    assert "陈二诺" in draft_of(at).answers
