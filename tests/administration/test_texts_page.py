"""消息文字: every kind as it arrives, for administrators and auditors; every look, a phone, paper."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.accounts.models import Role
from app.accounts.tokens import STAFF_COOKIE
from app.administration import texts_view
from app.core.clock import utcnow
from app.messages import kinds
from app.messages.kinds import Group
from app.messages.text_rules import NAME
from tests import factories
from tests.look.walk import LARGEST, LOOKS, complaints, overflow, wear

from .conftest import Seat

ALL = kinds.texts().kinds
PATH = "/desk/texts"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_every_kind_is_there_with_an_address_of_its_own(seat: Seat, role: Role) -> None:
    page = seat(role=role).client.get(PATH)
    assert page.status_code == 200
    assert [name for name in ALL if page.text.count(f'<tr id="{name}">') != 1 or f'href="#{name}"' not in page.text] == []
    assert f'<a href="{PATH}" aria-current="page">' in page.text, "the rail leads here"
    assert "app/messages/texts.yaml" in page.text
    assert not re.search(r"%\(\w+\)s|\$\w+", page.text), "everything is filled in"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HEAD, Role.SUPERVISOR])
def test_nobody_else_looks(seat: Seat, role: Role) -> None:
    assert seat(role=role).client.get(PATH).status_code == 403


@pytest.mark.parametrize("group", Group)
def test_one_group_at_a_time(seat: Seat, group: Group) -> None:
    page = seat().client.get(f"{PATH}?group={group}").text
    assert set(re.findall(r'<tr id="(\w+)">', page)) == {name for name, kind in ALL.items() if kind.group is group}
    assert f'href="{PATH}?group={group}" aria-current="true"' in page


def test_an_unknown_group_shows_all(seat: Seat) -> None:
    page = seat().client.get(f"{PATH}?group=nothing").text
    assert len(re.findall(r'<tr id="', page)) == len(ALL)


def test_an_sms_is_counted_with_its_values() -> None:
    shown = {one.name: one for _, _, found in texts_view.sections(utcnow()) for one in found}
    asked = dict(zip(texts_view.LANGS, shown["correction_asked"].sides, strict=True))
    assert asked["zh"].parts == 1
    assert asked["en"].parts == 2
    assert "2611 2500 0018" in asked["zh"].sms
    assert shown["item_started"].sides[0].sms == ""


def test_the_sample_has_a_value_for_every_name() -> None:
    known = {*texts_view.sample(utcnow()), "count", "items"}
    wanted = {name for kind in ALL.values() for name in NAME.findall(kind.title.zh + kind.line.zh)}
    assert wanted <= known


@pytest.fixture
def token(session: Session) -> str:
    """An administrator's session."""
    made = factories.make_staff_signed_in(session, factories.make_staff(session, "das1", role=Role.ADMINISTRATOR, name="顾云"))
    session.commit()
    return made


def enter(page: Any, server: str, token: str) -> Any:
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": server}])
    return page


def test_nothing_is_wrong_on_a_desk_and_on_a_phone(desk_page: Any, phone: Any, server: str, token: str) -> None:
    wrong = {}
    for name, page, tap in (("desk", enter(desk_page, server, token), 40), ("phone", enter(phone, server, token), 48)):
        for look in LOOKS:
            wear(page, server, look)
            page.goto(PATH)
            wrong[name, str(look)] = complaints(page, tap)
        for look in LARGEST:
            wear(page, server, look)
            page.goto(PATH)
            wrong[name, str(look)] = overflow(page)
    assert {where: found for where, found in wrong.items() if found} == {}


def test_an_address_leads_to_its_kind_and_paper_shows_all_of_them(desk_page: Any, server: str, token: str) -> None:
    page = enter(desk_page, server, token)
    page.goto(f"{PATH}#staff_alert")
    expect(page.get_by_role("link", name="staff_alert")).to_be_in_viewport()
    page.emulate_media(media="print")
    tall = page.evaluate("document.documentElement.scrollHeight")
    table = page.evaluate("document.querySelector('.tbl').scrollHeight")
    assert tall >= table > 3000, "the page is as long as its table: nothing is cut at the edge of a sheet"
    expect(page.locator(".rail")).to_be_hidden()
