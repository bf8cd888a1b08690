"""A form that asks a question of every kind, on a phone: with script, without, by keyboard, in every look."""

import json
import re
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import db
from app.filing.models import Draft
from tests import factories
from tests.every_kind import COMPANY, every_kind
from tests.look.walk import complaints, overflow, sign_in, wear
from tests.support import browsers

__all__ = ["every_kind"]
PAGES = ("plain", "places", "people", "sign")
FATHER = factories.FATHER
#: What is typed into the first page, by question; the other pages are filled by hand below.
PLAIN = {
    "a.text": "一句话", "a.name": "陈安宁", "a.id_number": FATHER.id_number, "a.number": "62.5", "a.count": "3",
    "a.money": "￥1,800 元", "a.month": "2026-10", "a.code": COMPANY, "a.card": "4111111111111111",
}  # fmt: skip


class Form:
    """The draft of a person in a browser."""

    def __init__(self, page: Any, server: str, edition: str) -> None:
        self.page, self.server, self.edition = page, server, edition
        page.goto(f"{server}/services/every-kind/start")
        with page.expect_navigation():
            page.click("footer.actions .btn.pri")
        self.draft = re.search(r"draft=([0-9a-f-]{36})", page.url)[1]  # type: ignore[index]

    def go(self, name: str) -> Any:
        """Open a page of it."""
        self.page.goto(f"{self.server}/forms/every-kind/{self.edition}/{name}?draft={self.draft}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def next(self) -> Any:
        """The one primary button."""
        with self.page.expect_navigation():
            self.page.click("footer.actions .btn.pri")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def press(self, selector: str) -> Any:
        """A button that sends the page and shows it again."""
        with self.page.expect_navigation():
            self.page.click(selector)
        return self.page

    @property
    def answers(self) -> dict[str, Any]:
        """What is stored."""
        with db.reading() as session:
            found: dict[str, Any] = json.loads(session.exec(select(Draft)).one().answers)
            return found


@pytest.fixture
def signed_in(session: Session, server: str, every_kind: str) -> Any:
    """signed_in(page): 王晓兰's form in this page."""
    person = factories.make_person(session, factories.MOTHER)
    token = factories.make_signed_in(session, person)
    session.commit()

    def enter(page: Any) -> Form:
        sign_in(page, server, token)
        return Form(page, server, every_kind)

    return enter


def saved(page: Any) -> None:
    """Wait until all is synced."""
    page.locator("[data-savebar][data-state=saved] [data-when]:not(:empty)").wait_for()


def fill_plain(page: Any) -> None:
    """The first page."""
    for name, text in PLAIN.items():
        page.fill(f"[name='{name}']", text)
    page.fill("[name='a.date']", page.get_attribute("[name='a.date']", "max"))
    page.check("[name='a.yes'][value=false]", force=True)
    page.check("[name='a.choice'][value=two]", force=True)
    page.select_option("[name='a.nation']", "hui")
    page.check("[name='a.several'][value=one]", force=True)
    page.check("[name='a.several'][value=three]", force=True)


def fill_people(page: Any) -> None:
    """Everybody but the rows."""
    for part, text in (("name", FATHER.name), ("id_number", FATHER.id_number), ("phone", FATHER.phone)):
        page.fill(f"[name='c.rep:{part}']", text)
    page.fill("[name='c.capital']", "60000")


def fill_person_row(page: Any, n: int, share: str) -> None:
    """A row that names a person."""
    row = f"c.holders:{n}"
    page.check(f"[name='{row}:kind'][value=person]", force=True)
    page.fill(f"[name='{row}:share']", share)
    page.fill(f"[name='{row}:who:name']", FATHER.name)
    page.fill(f"[name='{row}:who:id_number']", FATHER.id_number)


def draw(page: Any) -> None:
    """A signature with the mouse, large enough."""
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 18, box["y"] + 40 + (step % 3) * 25)
    page.mouse.up()


def test_it_is_filled_and_filed_with_script(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("plain")
    fill_plain(page)
    assert "/places?" in form.next().url
    page.select_option("#f-b-hukou", label="吴中区")
    page.select_option("#f-b-village", label="渭塘镇")
    page.locator("[data-asked='b.village'] select:visible").nth(1).select_option(label="凤凰泾村")
    home = page.locator("[data-asked='b.home']")
    home.locator("summary").click()
    home.locator("select").nth(0).select_option(label="浙江省")
    home.locator("[data-level='1'] option", has_text="杭州市").wait_for(state="attached")
    home.locator("select").nth(1).select_option(label="杭州市")
    home.locator("[data-level='2'] option", has_text="西湖区").wait_for(state="attached")
    home.locator("select").nth(2).select_option(label="西湖区")
    page.fill("[name='b.home:detail']", "文三路 9 号")
    saved(page)
    assert form.answers["b.home"] == {"division": "330106", "detail": "文三路 9 号"}
    assert home.locator("[data-picked]").inner_text() == "浙江省 杭州市 西湖区"
    assert "/people?" in form.next().url
    fill_people(page)
    fill_person_row(page, 0, "50000")
    assert "还差 10,000 元" in page.inner_text("[data-total]")
    page.click("[data-add]")
    assert page.evaluate("document.activeElement.id") == "f-c-holders-1"
    page.check("[name='c.holders:1:kind'][value=company]", force=True)
    page.fill("[name='c.holders:1:code']", COMPANY)
    page.fill("[name='c.holders:1:share']", "10000")
    assert "正好" in page.inner_text("[data-total]")
    assert "/sign?" in form.next().url
    page.check("[name='d.agree']", force=True)
    page.locator("canvas").wait_for()
    draw(page)
    assert "已经签了" in page.get_attribute("canvas", "aria-label")
    assert page.locator("[data-typed]").is_hidden()
    assert form.next().url.endswith("/review")
    review = page.inner_text("main")
    assert "浙江省杭州市西湖区文三路 9 号" in review
    assert "60,000 元" in review
    assert "2026年10月" in review
    assert "陈*" in review or "陈志远" in review
    assert FATHER.id_number not in review
    assert page.locator("main svg[role=img] path").count() == 1
    page.check("[name=declaration]", force=True)
    with page.expect_navigation():
        page.click("button[form=submission]")
    assert "/receipts/" in page.url


def test_it_is_filled_and_filed_without_script(browser: Any, signed_in: Any) -> None:
    form = signed_in(browser(**browsers.PHONE, java_script_enabled=False))
    page = form.go("plain")
    fill_plain(page)
    assert "/places?" in form.next().url
    page.select_option("#f-b-hukou", label="吴中区")
    page.select_option("#f-b-village", label="渭塘镇")
    form.press("[value='deeper:b.village']")
    page.select_option("#f-b-village", label="凤凰泾村")
    page.locator("[data-asked='b.home'] summary").click()
    page.locator("[data-asked='b.home'] select").nth(0).select_option(label="浙江省")
    form.press("[value='deeper:b.home']")
    assert page.url.endswith("#f-b-home-division")
    page.select_option("#f-b-home-division", label="杭州市")
    form.press("[value='deeper:b.home']")
    page.select_option("#f-b-home-division", label="西湖区")
    page.fill("[name='b.home:detail']", "文三路 9 号")
    assert "/people?" in form.next().url
    assert form.answers["b.home"] == {"division": "330106", "detail": "文三路 9 号"}
    assert form.answers["b.village"] == "320507104203"
    fill_people(page)
    fill_row_without_script(form, page)
    assert "/sign?" in form.next().url
    page.check("[name='d.agree']", force=True)
    page.fill("[name='d.sign:name']", "王晓兰")
    assert form.next().url.endswith("/review")
    assert "打字签名：王晓兰" in page.inner_text("main")
    page.check("[name=declaration]", force=True)
    with page.expect_navigation():
        page.click("button[form=submission]")
    assert "/receipts/" in page.url


def fill_row_without_script(form: Form, page: Any) -> None:
    """Two rows, of which the first goes again; what a row's answer brings up comes with the next page."""
    page.fill("[name='c.holders:0:share']", "1")
    form.press("[value='add:c.holders']")
    assert page.url.endswith("#f-c-holders-1")
    page.check("[name='c.holders:1:kind'][value=person]", force=True)
    page.fill("[name='c.holders:1:share']", "60000")
    form.press("[value='remove:c.holders:0']")
    assert page.input_value("[name='c.holders:0:share']") == "60000"
    assert "正好" in page.inner_text("[data-total]")
    assert page.locator("[name='c.holders:0:who:name']").is_visible()
    fill_person_row(page, 0, "60000")


def test_nothing_is_cut_too_small_or_unreadable(phone: Any, server: str, signed_in: Any) -> None:
    form = signed_in(phone)
    wrong = []
    for look in ({}, {"mode": "care"}, {"theme": "dark", "lang": "en", "text": "5"}, {"lang": "en"}):
        wear(phone, server, look)
        for name in PAGES:
            form.go(name)
            for state in ("fresh", "wrong"):
                if state == "wrong":
                    form.next()
                tap = 60 if look.get("mode") == "care" else 48
                wrong += [f"{look} {name} {state}: {said}" for said in complaints(phone, tap)]
                phone.set_viewport_size({"width": 320, "height": 640})
                wrong += [f"{look} {name} {state} at 320: {said}" for said in overflow(phone)]
                phone.set_viewport_size({"width": 390, "height": 844})
    assert wrong == [], "\n".join(wrong)
