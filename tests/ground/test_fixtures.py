"""The fixtures keep what they promise."""

import socket
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.core import db
from app.outside import clients
from tests import factories
from tests.conftest import Visit
from tests.support import browsers


def test_a_test_cannot_reach_the_network() -> None:
    with socket.socket() as ours, pytest.raises(AssertionError, match="tried to reach"):
        ours.connect(("192.0.2.1", 80))


def test_what_a_test_commits_is_there_for_the_server(session: Session, visit: Visit) -> None:
    person = factories.make_person(session)
    token = factories.make_signed_in(session, person)
    session.commit()
    with db.reading() as other:
        assert other.exec(select(Person)).one().id_number == person.id_number
    assert visit(token).post("/me/sessions/0190c2c1-0000-7000-8000-000000000000/end").status_code == 404
    assert visit().post("/me/sessions/0190c2c1-0000-7000-8000-000000000000/end").status_code == 303


def test_each_test_starts_empty(session: Session) -> None:
    assert session.exec(select(Person)).all() == []


def test_a_case_is_made_with_its_items_and_departments(session: Session) -> None:
    person = factories.make_person(session, factories.MOTHER)
    factories.make_staff(session, "msb1")
    case = factories.make_case(session, person, edition="e1")
    session.commit()
    assert len(case.number) == 12


def test_the_sandbox_shows_a_phone_to_people(sandbox: str, phone: Any) -> None:
    clients.sms().send(factories.MOTHER.phone, "sign-in-code", {"code": "123456", "minutes": "5"}, "key")
    phone.goto(f"{sandbox}/sandbox/phones")
    with phone.expect_navigation():
        phone.get_by_text(factories.MOTHER.phone).click()
    assert "验证码 123456" in phone.inner_text("body")


def complaints(chromium: Any, base_url: str, script: str) -> str:
    """What the watch over a page says after a script ran in it."""
    try:
        with browsers.pages(chromium, base_url) as open_page:
            page = open_page(**browsers.PHONE)
            page.goto("/sandbox/phones")
            page.evaluate(script)
            page.wait_for_function("true")
    except AssertionError as error:
        return str(error)
    return ""


def test_a_quiet_page_passes(chromium: Any, sandbox: str) -> None:
    assert complaints(chromium, sandbox, "1") == ""


def test_a_console_error_fails_the_test(chromium: Any, sandbox: str) -> None:
    assert "told you" in complaints(chromium, sandbox, "console.error('told you')")


def test_a_violation_of_the_policy_fails_the_test(chromium: Any, sandbox: str) -> None:
    script = "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')"
    assert "Content Security Policy" in complaints(chromium, sandbox, script)


def test_a_missing_asset_fails_the_test(chromium: Any, sandbox: str) -> None:
    script = (
        "new Promise((done) => { const s = document.createElement('link'); s.rel = 'stylesheet'; s.onerror = done;"
        " s.href = '/static/none.css'; document.head.append(s); })"
    )
    assert "404" in complaints(chromium, sandbox, script)
