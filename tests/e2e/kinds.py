"""How the form that asks every kind is filled in a browser."""

import json
import re
from typing import Any

from sqlmodel import select

from app.core import db
from app.filing.models import Draft
from tests import factories
from tests.every_kind import COMPANY

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
    page.locator("canvas").evaluate("c => c.scrollIntoView({block: 'center'})")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 18, box["y"] + 40 + (step % 3) * 25)
    page.mouse.up()
