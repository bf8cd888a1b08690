"""An open inbox in a browser: new messages appear by themselves, nothing that is read moves, and all works without script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import Session

from app.accounts.models import Person
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.messages import service
from tests import factories as make
from tests.cases.hands import ask

from .inbox import fours, moving
from .test_stream import elsewhere

ITEMS = ("health.birth_cert", "cdc.vacc_cert", "psb.birth_reg")


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def cases(session: Session, mother: Person) -> list[Case]:
    made = [moving(session, mother, *ITEMS, minutes=-60 + n) for n in range(6)]
    session.commit()
    return made


@pytest.fixture
def token(session: Session, mother: Person, cases: list[Case]) -> str:
    made = make.make_signed_in(session, mother)
    session.commit()
    return made


SignIn = Callable[[Page], Page]


@pytest.fixture
def signed_in(server: str, token: str) -> SignIn:
    """A page whose browser bears the mother's session."""

    def sign_in(page: Page) -> Page:
        page.context.add_cookies([{"name": "linban_session", "value": token, "url": server}])
        return page

    return sign_in


def tell(person: Person, case: Case, kind: str = "dates_moved") -> str:
    params = {"service": "newborn", "item": "psb.birth_reg", "department": "psb", "due": "2026-12-18T09:00:00+00:00"}
    with db.writing() as session:
        return str(service.tell(session, person.id, case.id, case.number, kind, params, False, utcnow()).id)


def listening(page: Page, address: str = "/messages") -> None:
    """Open the inbox and wait until its stream has spoken."""
    with page.expect_response(lambda answer: answer.url.endswith("/messages/stream")):
        page.goto(address)


def test_a_message_of_another_process_appears_and_is_counted_in_every_open_page(
    phone: Page, signed_in: SignIn, mother: Person
) -> None:
    page = signed_in(phone)
    home = page.context.new_page()
    home.goto("/")
    listening(page)
    before = int(page.locator(".tabbar .dot").inner_text())
    elsewhere(mother)
    expect(page.locator(".tabbar .dot")).to_have_text(str(before + 1))
    expect(page.locator("#inbox > section").nth(0)).to_contain_text("轮到")
    expect(page.locator("[data-arrived]")).to_have_text("有新消息")
    expect(home.locator(".tabbar .dot")).to_have_text(str(before + 1))


def test_nothing_that_is_read_moves_and_focus_stays(phone: Page, signed_in: SignIn, mother: Person, cases: list[Case]) -> None:
    page = signed_in(phone)
    listening(page)
    link = page.locator(f"#all-{cases[4].id}")
    link.scroll_into_view_if_needed()
    link.focus()
    stands = link.bounding_box()
    told = tell(mother, cases[0])
    expect(page.locator(f"#m-{told}")).to_be_attached()
    expect(link).to_be_focused()
    now = link.bounding_box()
    assert stands is not None
    assert now is not None
    assert now["y"] == pytest.approx(stands["y"], abs=2)


def test_the_place_on_the_page_stays_also_without_focus(
    phone: Page, signed_in: SignIn, mother: Person, cases: list[Case]
) -> None:
    page = signed_in(phone)
    listening(page)
    seen = page.locator(f"#g-{cases[4].id}")
    seen.evaluate("part => scrollTo(0, part.getBoundingClientRect().top + scrollY - 8)")
    stands = seen.bounding_box()
    told = tell(mother, cases[0])
    expect(page.locator(f"#m-{told}")).to_be_attached()
    now = seen.bounding_box()
    assert stands is not None
    assert now is not None
    assert now["y"] == pytest.approx(stands["y"], abs=2)


def test_what_is_typed_into_the_search_stays_while_messages_come(
    phone: Page, signed_in: SignIn, mother: Person, cases: list[Case]
) -> None:
    page = signed_in(phone)
    listening(page)
    box = page.get_by_role("searchbox", name="搜消息")
    box.fill("医")
    told = tell(mother, cases[0])
    expect(page.locator(f"#m-{told}")).to_be_attached()
    expect(box).to_have_value("医")
    expect(box).to_be_focused()


def test_search_and_filters_happen_in_place_and_back_undoes_them(
    phone: Page, server: str, session: Session, signed_in: SignIn, cases: list[Case]
) -> None:
    ask(session, cases[0], "msb.maternity_benefit", utcnow())
    session.commit()
    page = signed_in(phone)
    page.goto("/messages")
    page.evaluate("document.body.dataset.same = 'yes'")
    groups = page.locator("#inbox > section")
    expect(groups).to_have_count(6)
    expect(groups.nth(0)).to_contain_text("要您办：去补")
    page.get_by_role("searchbox", name="搜消息").fill(fours(cases[2]))
    page.keyboard.press("Enter")
    expect(groups).to_have_count(1)
    expect(groups.nth(0)).to_contain_text(fours(cases[2]))
    page.get_by_role("searchbox", name="搜消息").fill("")
    page.keyboard.press("Enter")
    expect(groups).to_have_count(6)
    page.get_by_role("link", name="要我办 1").press("Enter")
    expect(groups).to_have_count(1)
    expect(page.get_by_role("link", name="要我办 1")).to_be_focused()
    assert page.url == f"{server}/messages?show=your-turn"
    assert page.evaluate("document.body.dataset.same") == "yes", "the page was not loaded anew"
    page.go_back()
    expect(groups).to_have_count(6)
    page.locator(f"#all-{cases[1].id}").click()
    expect(groups).to_have_count(1)
    expect(page.locator(".msg")).to_have_count(16)
    page.get_by_role("link", name="全部消息").click()
    expect(groups).to_have_count(6)


def test_a_case_is_marked_read_where_it_stands(phone: Page, signed_in: SignIn, cases: list[Case]) -> None:
    page = signed_in(phone)
    page.goto("/messages")
    before = int(page.locator(".tabbar .dot").inner_text())
    group = page.locator(f"#g-{cases[1].id}")
    many = int(group.locator(".tag").inner_text().split()[0])
    page.locator(f"#read-{cases[1].id}").click()
    expect(group.locator(".tag")).to_have_count(0)
    expect(page.locator(".tabbar .dot")).to_have_text(str(before - many))
    with page.expect_navigation():
        page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".tabbar .dot")).to_be_hidden()
    expect(page.get_by_role("button", name="全部标为已读")).to_be_hidden()


@pytest.mark.parametrize("way", ["refused", "held back"])
def test_without_a_stream_the_page_asks_by_itself(
    phone: Page, signed_in: SignIn, mother: Person, cases: list[Case], way: str
) -> None:
    page = signed_in(phone)

    def block(route: Route) -> None:
        if way == "refused":
            route.abort()

    page.route("**/messages/stream", block)
    page.goto("/messages")
    told = tell(mother, cases[0])
    expect(page.locator(f"#m-{told}")).to_be_attached(timeout=15_000)
    page.complaints[:] = [one for one in page.complaints if "Failed to fetch" not in one]


def test_who_was_signed_out_elsewhere_is_led_to_sign_in(
    phone: Page, server: str, signed_in: SignIn, mother: Person, cases: list[Case], token: str, visit: Any
) -> None:
    page = signed_in(phone)
    listening(page)
    visit(token).post("/sign-out")
    tell(mother, cases[0])
    page.wait_for_url(f"{server}/sign-in?next=%2Fmessages", timeout=15_000)
    page.complaints[:] = [one for one in page.complaints if "401" not in one]


def test_a_push_about_an_enterprise_leads_through_the_switch_to_the_case(
    phone: Page, server: str, session: Session, signed_in: SignIn, mother: Person
) -> None:
    food = make.make_enterprise(session, mother)
    case = make.make_case(session, mother, enterprise=food)
    told = service.tell(
        session, mother.id, case.id, case.number, "item_started", {"service": "newborn"}, False, utcnow(), enterprise_id=food.id
    ).id
    session.commit()
    page = signed_in(phone)
    page.goto(f"/messages/{told}")
    expect(page.get_by_role("heading", name="这条消息是企业的")).to_be_visible()
    page.get_by_role("button", name="换成它，看消息").click()
    page.wait_for_url(f"{server}/cases/{case.number}")


def test_everything_works_without_script(
    browser: Any, server: str, session: Session, signed_in: SignIn, cases: list[Case]
) -> None:
    ask(session, cases[0], "msb.maternity_benefit", utcnow())
    session.commit()
    page = signed_in(browser(java_script_enabled=False))
    page.goto("/messages")
    groups = page.locator("#inbox > section")
    expect(groups).to_have_count(6)
    page.get_by_role("link", name="要我办 1").click()
    expect(groups).to_have_count(1)
    page.get_by_role("searchbox", name="搜消息").fill("医保")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/messages?q=*&show=your-turn")
    expect(groups).to_have_count(1)
    page.get_by_role("link", name="全部", exact=True).click()
    page.goto("/messages")
    page.locator(f"#all-{cases[3].id}").click()
    expect(page.locator(".msg")).to_have_count(16)
    page.get_by_role("button", name="把“新生儿出生一件事”标为已读").click()
    expect(page.get_by_role("img", name="未读", exact=True)).to_have_count(0)
    assert page.url == f"{server}/messages?case={cases[3].number}"
    page.get_by_role("link", name="怎么告诉您的").first.click()
    page.wait_for_url(f"{server}/messages/*/deliveries")
