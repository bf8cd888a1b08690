"""周雅琴 asks for whom she may act, files for her company, and her colleague goes on; in Chromium, with and without script."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.catalogue.definition import Edition
from app.sandbox.enterprises import FOOD, MACHINES, SHEN, YAQIN
from app.sandbox.people import Known
from tests.factories import make_staff
from tests.filing.shops import FOR_PERSONS, SHOP, in_force
from tests.look.walk import complaints

from . import steps

MANAGER, CLERK = Known("周雅琴", YAQIN, "13800006024"), Known("沈伟", SHEN, "13800006025")


@pytest.fixture
def shops(session: Session, server: str, tmp_path: Path) -> Iterator[dict[str, Edition]]:
    folder = tmp_path / "definitions"
    folder.mkdir()
    with in_force(folder, session, SHOP, FOR_PERSONS) as found:
        yield found


def enter(page: Any, sandbox: str, known: Known) -> None:
    """Sign in and pass the real-name check."""
    page.goto("/sign-in?next=/me")
    steps.sign_in(page, sandbox, known.phone)
    if "/real-name" in page.url:
        steps.real_name(page, known)
    page.wait_for_url("**/me")


def act_for(page: Any, name: str) -> None:
    """From 我的: ask the register, choose the enterprise."""
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("我代表的企业")).click()
    with page.expect_navigation():
        page.get_by_role("button", name="查一查").click()
    expect(page.get_by_text("刚向登记机关查过")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(name)).click()


def file_shop(page: Any, *, script: bool = True) -> str:
    """From the guide to the receipt; gives the case number."""
    page.goto("/services/shop/start")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    expect(page.get_by_text(f"代表 {FOOD.name}")).to_be_visible()
    expect(page.locator("[name='ent.name']")).to_have_value(FOOD.name)
    expect(page.get_by_text("来自企业登记")).to_be_visible()
    steps.fill(page, {"own.nick": "莲桥一店"})
    with page.expect_navigation():
        page.get_by_role("button", name="看一看").click()
    expect(page.get_by_text("答了“面积”才知道")).to_be_visible()
    if script:
        assert complaints(page, 48) == []
    with page.expect_navigation():
        page.get_by_role("link", name="回去接着填").click()
    expect(page.locator("[name='own.nick']")).to_have_value("莲桥一店")
    steps.go_on(page)
    steps.fill(page, {"shop.area": 120.0, "shop.sign": False})
    steps.go_on(page)
    page.wait_for_url("**/review")
    expect(page.get_by_text(f"代表 {FOOD.name}")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="会办哪些事，为什么").click()
    expect(page.get_by_text("面积：120")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="回去接着填").click()
    number = steps.submit(page)
    expect(page.get_by_text(f"代表 {FOOD.name}")).to_be_visible()
    return number


def test_from_the_register_to_the_receipt_and_a_colleague_goes_on(
    browser: Any, sandbox: str, session: Session, shops: dict[str, Edition]
) -> None:
    make_staff(session, "health1")
    session.commit()
    page = browser(viewport={"width": 390, "height": 844}, has_touch=True)
    enter(page, sandbox, MANAGER)
    act_for(page, FOOD.name)
    expect(page.get_by_role("link", name=re.compile(FOOD.name))).to_be_visible()
    number = file_shop(page)
    page.goto("/")
    expect(page.locator(".mini").get_by_text("开小店")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="换回个人").click()
    expect(page.get_by_text("没有在办的事")).to_be_visible()
    assert page.request.get(f"/cases/{number}").status == 404

    page.context.clear_cookies()
    enter(page, sandbox, CLERK)
    assert page.request.get(f"/cases/{number}").status == 404
    page.goto("/me")
    act_for(page, FOOD.name)
    assert page.request.get(f"/cases/{number}").status == 200
    page.goto("/drafts")
    expect(page.get_by_text("没有草稿")).to_be_visible()
    page.goto("/services/shop/start")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    expect(page.locator("[name='own.nick']")).to_have_value("")

    desk = browser(viewport={"width": 1280, "height": 800})
    steps.desk_sign_in(desk, "health1")
    expect(desk.get_by_text(FOOD.name)).to_be_visible()
    steps.open_item(desk, number, "health.permit")
    for words in (FOOD.name, FOOD.credit_code, "经办人 周*", "经办人资格"):
        expect(desk.get_by_text(words).first).to_be_visible()


def test_without_script_the_switch_and_the_filing_work_too(browser: Any, sandbox: str, shops: dict[str, Edition]) -> None:
    page = browser(java_script_enabled=False, viewport={"width": 390, "height": 844})
    enter(page, sandbox, MANAGER)
    act_for(page, FOOD.name)
    number = file_shop(page, script=False)
    page.goto("/me")
    with page.expect_navigation():
        page.locator("form.seg").get_by_role("button", name=re.compile(MACHINES.name)).click()
    expect(page.locator("form.seg [aria-pressed=true]")).to_contain_text(MACHINES.name)
    assert page.request.get(f"/receipts/{number}").status == 404


def test_a_matter_for_persons_offers_the_way_back_to_oneself(browser: Any, sandbox: str, shops: dict[str, Edition]) -> None:
    page = browser(viewport={"width": 390, "height": 844})
    enter(page, sandbox, MANAGER)
    act_for(page, FOOD.name)
    page.goto("/services/opening/start")
    expect(page.get_by_role("heading", name="这件事是个人办的")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="换回为自己办").click()
    expect(page.get_by_role("heading", name="开始填")).to_be_visible()
