"""The administrators' screens in a browser: axe, targets, width, both languages, dark, a phone; by keyboard, without script."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from app.accounts.models import Role, Staff
from app.accounts.tokens import STAFF_COOKIE
from tests import factories
from tests.look.walk import complaints, wear
from tests.support import browsers

PAGES = (
    "/desk/staff", "/desk/staff/new", "/desk/staff/roles", "/desk/departments", "/desk/departments/msb", "/desk/divisions",
    "/desk/divisions/320507104203", "/desk/points", "/desk/points/new", "/desk/calendar?year=2026", "/desk/town",
)  # fmt: skip
LOOKS: tuple[dict[str, str], ...] = ({}, {"theme": "dark"}, {"lang": "en"})


@pytest.fixture
def token(session: Session) -> str:
    """An administrator's session; somebody else is there to be managed."""
    factories.make_staff(session, "msb1")
    made = factories.make_staff_signed_in(session, factories.make_staff(session, "das1", role=Role.ADMINISTRATOR, name="顾云"))
    session.commit()
    return made


def enter(page: Any, server: str, token: str) -> Any:
    """A page of the administrator's."""
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": server}])
    return page


def paths(session: Session) -> list[str]:
    """Every screen, and the page of an account."""
    clerk = session.exec(select(Staff.id).where(Staff.username == "msb1")).one()
    session.commit()
    return [*PAGES, f"/desk/staff/{clerk}"]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_wrong_with_any_screen_on_a_desk(
    session: Session, desk_page: Any, server: str, token: str, look: dict[str, str]
) -> None:
    page = enter(desk_page, server, token)
    wear(page, server, look)
    wrong = {}
    for path in paths(session):
        page.goto(path)
        wrong[path] = complaints(page, 40)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_nothing_is_wrong_on_a_phone_and_a_mistake_is_told_at_its_field(
    session: Session, phone: Any, server: str, token: str
) -> None:
    page = enter(phone, server, token)
    wrong = {}
    for path in paths(session):
        page.goto(path)
        wrong[path] = [said for said in complaints(page, 48) if '<a href="/desk/' not in said]  # the rail: css-wishes
    assert {path: found for path, found in wrong.items() if found} == {}
    page.goto("/desk/points/new")
    with page.expect_navigation():
        page.get_by_role("button", name="加上").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("电话")).to_have_attribute("aria-invalid", "true")
    assert complaints(page, 48) == [] or all('<a href="/desk/' in said for said in complaints(page, 48))


def test_a_village_is_added_by_keyboard_alone(desk_page: Any, server: str, token: str) -> None:
    page = enter(desk_page, server, token)
    page.goto("/desk/divisions")
    page.get_by_label("编码").focus()
    page.keyboard.type("320507104299")
    page.keyboard.press("Tab")
    page.keyboard.type("荷塘村")
    page.keyboard.press("Tab")
    page.keyboard.type("Hetang Village")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("加好了")
    expect(page.get_by_role("link", name="荷塘村")).to_be_visible()


def test_an_account_is_made_and_closed_without_script(browser: browsers.Open, server: str, token: str) -> None:
    page = enter(browser(**browsers.DESK, java_script_enabled=False), server, token)
    page.goto("/desk/staff/new")
    page.get_by_label("用户名").fill("msb8")
    page.get_by_label("姓名").fill("沈洁")
    page.get_by_label("工号").fill("3205")
    page.get_by_label("所在部门").select_option("msb")
    page.get_by_role("button", name="加这个人").click()
    expect(page.locator("#password")).to_be_visible()
    page.get_by_role("link", name="告诉本人了").click()
    expect(page.get_by_role("heading", name="沈洁")).to_be_visible()
    page.get_by_role("button", name="停用这个账号").click()
    expect(page.get_by_role("status")).to_contain_text("账号停用了")


def test_a_residents_page_of_points_is_right_on_a_phone(phone: Any, server: str) -> None:
    for look in ({}, {"mode": "care"}, {"theme": "dark"}, {"lang": "en"}, {"text": "5"}):
        wear(phone, server, look)
        phone.goto("/points")
        assert complaints(phone, 60 if look.get("mode") else 48) == [], look
