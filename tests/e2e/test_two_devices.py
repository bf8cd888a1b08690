"""A draft begun on one device goes on on another, and nothing is lost."""

from typing import Any

from tests import newborn
from tests.e2e import steps
from tests.factories import FATHER, MOTHER
from tests.support import browsers


def test_a_draft_begun_on_a_phone_is_finished_on_another(browser: Any, sandbox: str) -> None:
    first, second = browser(**browsers.PHONE), browser(**browsers.DESK)
    filled = newborn.answers()
    steps.start(first, sandbox, MOTHER)
    steps.fill(first, filled)
    steps.go_on(first)
    steps.fill(first, filled)
    first.locator("[data-savebar][data-state=saved]").wait_for()
    first.wait_for_load_state("networkidle")

    second.goto("/drafts")
    steps.sign_in(second, sandbox, MOTHER.phone)
    second.locator("a.btn", has_text="接着填").click()
    second.wait_for_url("**/forms/**")
    assert steps.page_id(second) == "baby"
    assert second.locator("[name='baby.name']").input_value() == filled["baby.name"]
    steps.fill_form(second, filled)
    number = steps.submit(second)

    # the first device, still on its page, learns that it is done and cannot file it twice
    steps.go_on(first)
    assert "已经交了" in first.content() or number in first.content()


def test_somebody_else_on_the_same_device_sees_nothing_of_it(browser: Any, sandbox: str) -> None:
    page = browser(**browsers.PHONE)
    steps.start(page, sandbox, MOTHER)
    steps.fill(page, newborn.answers())
    page.wait_for_load_state("networkidle")
    address = page.url
    page.goto("/me")
    with page.expect_navigation():
        page.locator("form[action='/sign-out'] button").click()
    page.goto("/drafts")
    steps.sign_in(page, sandbox, FATHER.phone)
    if "/real-name" in page.url:
        steps.real_name(page, FATHER)
    page.goto("/drafts")
    assert page.get_by_text("没有草稿").is_visible()
    answer = page.goto(address)
    assert answer.status == 404
    assert MOTHER.name not in page.content()
