"""免提交 in a browser: consent, what each register answered, once more, what does not fit, and the way without consent."""

from typing import Any

import httpx
from playwright.sync_api import expect
from sqlmodel import select

from app.cases.models import Case
from app.core import db
from app.documents.models import Document
from tests import newborn
from tests.e2e import steps
from tests.factories import MOTHER
from tests.look.walk import complaints


def fault(sandbox: str, register: str, kind: str, times: int) -> None:
    body = {"system": f"data/{register}", "kind": kind, "times": times}
    httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).raise_for_status()


def to_consent(page: Any, sandbox: str) -> None:
    """From the guide to the page of consent."""
    page.goto(f"/services/{steps.SERVICE}")
    page.click("footer.actions .btn.pri")
    page.wait_for_url("**/sign-in**")
    steps.sign_in(page, sandbox, MOTHER.phone)
    steps.real_name(page, MOTHER)
    page.click("footer.actions .btn.pri")
    page.wait_for_url("**/lookups")


def register(page: Any, key: str) -> Any:
    return page.locator(f"[data-register='{key}']")


def test_who_refuses_photographs_every_paper(phone: Any, sandbox: str) -> None:
    number = steps.file_newborn(phone, sandbox, MOTHER, newborn.answers(), consent=False)
    with db.reading() as session:
        case = session.exec(select(Case)).one()
        documents = session.exec(select(Document).where(Document.case_id == case.id)).all()
    assert case.number == number
    assert sorted((d.material, d.page) for d in documents) == sorted(newborn.wanted(newborn.answers()))
    assert {"M-ID", "M-HK", "M-MC"} <= {d.material for d in documents}


def test_each_register_is_told_as_it_answered_and_asked_again(phone: Any, sandbox: str) -> None:
    to_consent(phone, sandbox)
    assert complaints(phone, 48) == []
    expect(phone.locator("[name=consent]")).not_to_be_checked()

    # nothing ticked: nothing asked
    with phone.expect_navigation():
        phone.click("footer.actions button[value=look]")
    expect(phone.get_by_text("还没有同意，所以没有查").first).to_be_visible()

    # one answers about somebody else, one is broken, one breaks off and is ridden out
    fault(sandbox, "population", "lie", 1)
    fault(sandbox, "marriage", "fail", 2)
    fault(sandbox, "social_security", "twice", 1)
    phone.check("[name=consent]", force=True)
    with phone.expect_navigation():
        phone.click("footer.actions button[value=look]")
    expect(register(phone, "population").get_by_text("查到的不是您本人的信息，没有使用")).to_be_visible()
    expect(register(phone, "marriage").get_by_text("查询系统现在没有回应，先拍照也行")).to_be_visible()
    expect(register(phone, "social_security").locator(".tag.ok")).to_have_text("查到了")
    assert complaints(phone, 48) == []

    # once more, and both answer
    for key in ("population", "marriage"):
        with phone.expect_navigation():
            register(phone, key).get_by_role("button", name="再查一次").click()
        expect(register(phone, key).locator(".tag.ok")).to_have_text("查到了")
    assert "陈志远" not in phone.content()

    # the form shows where it came from; what does not fit is photographed instead
    with phone.expect_navigation():
        phone.click("footer.actions .btn.pri")
    expect(phone.locator("[data-fetched='M-ID']")).to_contain_text("免提交")
    expect(phone.locator("[data-material='M-ID']")).to_have_count(0)
    with phone.expect_navigation():
        phone.get_by_role("link", name="对不上？").first.click()
    assert complaints(phone, 48) == []
    phone.fill("[name=words]", "住址早就变了")
    with phone.expect_navigation():
        phone.get_by_role("button", name="对不上，不用它").click()
    expect(phone.locator("[data-material='M-ID']")).to_be_visible()
    expect(phone.get_by_text("您说查到的对不上，请拍照")).to_be_visible()

    # and all of it is on record for her
    phone.goto("/me")
    with phone.expect_navigation():
        phone.click("a[href='/me/lookups']")
    expect(phone.locator("main section.card")).to_have_count(5)
    expect(phone.get_by_text("答错了人，没有使用")).to_be_visible()
    assert complaints(phone, 48) == []
