"""The pages of sign-in: what is kept, both consents in plain words, a mistake beside its field, the demo only on a demo."""

import re

import httpx
import pytest
from sqlmodel import Session

from app.accounts import demo, sign_in
from app.core.settings import settings
from app.sandbox import people
from tests.conftest import Visit
from tests.factories import MOTHER, make_person, make_phone, make_signed_in
from tests.support.databases import forget_settings


def code_for(sandbox: str, number: str) -> str:
    """The newest code that the sandbox's phone received."""
    sent = httpx.get(f"{sandbox}/sandbox/phones/{number}", headers={"Accept": "application/json"}, trust_env=False).json()
    newest = sent[0] if isinstance(sent, list) else sent["messages"][0]
    found = re.search(r"\b(\d{6})\b", newest["text"])
    assert found
    return found[1]


def test_a_form_that_waits_is_named_at_sign_in(visit: Visit) -> None:
    assert "您填的表还在" in visit().get("/sign-in?next=/forms/newborn/x/child").text
    assert "您填的表还在" not in visit().get("/sign-in").text


def test_the_words_about_the_number_have_their_version(visit: Visit) -> None:
    page = visit().get("/sign-in").text
    assert "不发广告" in page
    assert f"{sign_in.TERMS_VERSION} 版" in page
    assert 'href="/privacy"' in page


def test_a_number_that_is_none_is_said_beside_the_field_and_kept(visit: Visit) -> None:
    page = visit().post("/sign-in", data={"phone": "12345"})
    assert page.status_code == 422
    assert "手机号是 11 位数字" in page.text
    assert 'value="12345"' in page.text
    assert 'aria-invalid="true"' in page.text


def test_a_wrong_code_says_how_many_tries_are_left(visit: Visit) -> None:
    client = visit()
    client.post("/sign-in", data={"phone": MOTHER.phone})
    page = client.get("/sign-in/code").text
    assert "138****6021" in page
    assert 'autocomplete="one-time-code"' in page
    wrong = client.post("/sign-in/code", data={"code": "abc"})
    assert wrong.status_code == 422
    assert "还可以试" in wrong.text


def test_another_code_can_be_asked_for_and_the_newest_signs_in(visit: Visit, sandbox: str) -> None:
    client = visit()
    client.post("/sign-in", data={"phone": MOTHER.phone, "next": "/me"})
    again = client.post("/sign-in/again")
    assert again.headers["location"] == "/sign-in/code?again=1"
    assert "又发了一条" in client.get("/sign-in/code?again=1").text
    signed = client.post("/sign-in/code", data={"code": code_for(sandbox, MOTHER.phone)})
    assert signed.headers["location"] == "/real-name?next=%2Fme"


def test_asking_again_without_having_asked_leads_to_the_beginning(visit: Visit) -> None:
    assert visit().post("/sign-in/again").headers["location"] == "/sign-in"


@pytest.mark.parametrize(("field", "sent"), [
    ("name", {"name": "1", "id_number": MOTHER.id_number, "consent": "yes"}),
    ("id_number", {"name": MOTHER.name, "id_number": "320507", "consent": "yes"}),
    ("consent", {"name": MOTHER.name, "id_number": MOTHER.id_number}),
])  # fmt: skip
def test_what_is_missing_is_said_where_it_is_missing(session: Session, visit: Visit, field: str, sent: dict[str, str]) -> None:
    token = make_signed_in(session, make_phone(session, MOTHER.phone))
    session.commit()
    page = visit(token).post("/real-name", data=sent)
    assert page.status_code == 422
    alert = page.text.index('role="alert"')
    assert page.text[:alert].endswith(f'id="f-{field}-error" data-error ')


def test_the_consent_is_never_ticked_beforehand(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    page = visit(token).get("/real-name").text
    assert " checked" not in page
    assert "单独同意" in page


def test_who_has_been_checked_is_not_asked_again(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session))
    session.commit()
    assert visit(token).get("/real-name?next=/me").headers["location"] == "/me"


def test_the_privacy_page_holds_both_consents(visit: Visit) -> None:
    page = visit().get("/privacy").text
    assert page.count("2026-11") >= 2


def test_the_demo_is_shown_only_on_a_demo(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "演示" not in visit().get("/sign-in").text
    monkeypatch.setenv("DEMO", "1")
    forget_settings()
    page = visit().get("/sign-in").text
    assert MOTHER.phone in page
    assert f"{settings().sandbox_url}/sandbox/phones/{MOTHER.phone}" in page


def test_the_demos_people_are_those_of_the_sandbox() -> None:
    assert [tuple(p) for p in demo.PEOPLE] == [(k.name, k.phone, k.id_number) for k in people.DEMO[:5]]
