"""Pages with every kind over plain HTTP: a thousand rows, unknown places, two devices, corrections."""

import json
import re
from html import unescape
from typing import Any

import pytest
from sqlmodel import Session, select

from app.cases.office import Target
from app.core import db
from app.core.clock import utcnow
from app.filing.models import CorrectionDraft, Draft
from tests import factories
from tests.cases.hands import ask
from tests.every_kind import COMPANY, SERVICE_ID, every_kind

from .conftest import Resident, draft_id

__all__ = ["every_kind"]


@pytest.fixture
def form(alice: Resident, every_kind: str) -> "Form":
    """王晓兰's draft of the service that asks every kind."""
    return Form(alice, every_kind)


class Form:
    """A draft and its pages."""

    def __init__(self, who: Resident, edition: str) -> None:
        self.who, self.edition, self.draft = who, edition, draft_id()
        self.put({}, 0)

    def put(self, answers: dict[str, Any], base: int) -> None:
        """Save over the API."""
        body = {"service": SERVICE_ID, "edition": self.edition, "base_revision": base, "answers": answers, "page": "plain"}
        self.who.api.put(f"/api/drafts/{self.draft}", json=body).raise_for_status()

    def at(self, page: str, more: str = "") -> str:
        """The address of a page."""
        return f"/forms/{SERVICE_ID}/{self.edition}/{page}?draft={self.draft}{more}"

    def get(self, page: str, more: str = "") -> str:
        """A page."""
        return self.who.page.get(self.at(page, more)).raise_for_status().text

    def post(self, page: str, fields: dict[str, Any], **more: str) -> Any:
        """Send a page as a browser does."""
        shown = self.get(page)
        kept = {name: hidden(shown, name) for name in ("ticket", "base", "back", "seen")}
        return self.who.page.post(self.at(page), data={**kept, "action": "next", **fields, **more})

    @property
    def answers(self) -> dict[str, Any]:
        """What is stored."""
        with db.reading() as session:
            found: dict[str, Any] = json.loads(session.exec(select(Draft.answers)).one())
            return found


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])  # type: ignore[index]


def rows(count: int) -> list[dict[str, Any]]:
    """So many shareholders."""
    return [{"kind": "company", "code": COMPANY, "share": float(n)} for n in range(count)]


def as_fields(given: list[dict[str, Any]]) -> dict[str, str]:
    """Rows as open fields."""
    return {f"c.holders:{n}:{name}": f"{value}" for n, row in enumerate(given) for name, value in row.items()}


def test_two_hundred_rows_are_read_kept_and_shown_closed(form: Form) -> None:
    answer = form.post("people", as_fields(rows(200)), action="save")
    assert answer.status_code == 303
    assert form.answers["c.holders"] == rows(200)
    page = form.get("people")
    assert page.count('<input type="hidden" name="c.holders:') == 200
    opened = form.get("people", "&open=c.holders:7")
    assert 'name="c.holders:7:share"' in opened
    assert 'name="c.holders:8:share"' not in opened
    closed = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(c\.holders:\d+)" value="([^"]*)"', page)
    }
    assert form.post("people", closed, action="save").status_code == 303
    assert form.answers["c.holders"] == rows(200)


def test_a_thousand_rows_do_not_melt_the_page(form: Form) -> None:
    began = utcnow()
    answer = form.post("people", as_fields(rows(1000)))
    assert answer.status_code == 422
    assert "最多填 200 个，现在是 1000 个" in answer.text
    assert (utcnow() - began).total_seconds() < 5
    assert len(form.answers["c.holders"]) == 1000, "nothing typed is lost, though it is too much"
    assert "最多填 200 个" in form.who.page.get(f"/drafts/{form.draft}/review").text
    assert len(form.get("people")) < 600_000


def test_more_fields_than_any_form_has_are_refused(form: Form) -> None:
    answer = form.who.page.post(form.at("people"), data={f"c.holders:{n}:share": "1" for n in range(12_001)})
    assert answer.status_code == 400


@pytest.mark.parametrize("strange", ["999999", "320507104999", "330999"])
def test_a_place_that_does_not_exist_is_told(form: Form, strange: str) -> None:
    fields = {"b.hukou": strange, "b.home:division": strange, "b.home:detail": "3 组 18 号", "b.village": "320507104203"}
    answer = form.post("places", fields)
    assert answer.status_code == 422
    assert answer.text.count("没有找到这个地方，请重新选一遍。") >= 3
    assert 'href="#f-b-hukou"' in answer.text
    assert 'href="#f-b-home-division"' in answer.text


def test_a_mistake_in_a_row_is_told_on_top_and_at_its_field(form: Form) -> None:
    given = [{"kind": "company", "code": COMPANY, "share": "1"}, {"kind": "company", "code": COMPANY[:-1], "share": "1"}]
    answer = form.post("people", {"c.capital": "2", **as_fields(given)})
    assert answer.status_code == 422
    assert "股东 2 · 公司代码：统一社会信用代码是 18 位，还差 1 位。" in answer.text
    assert 'href="#f-c-holders-1-code"' in answer.text
    assert re.search(r'id="f-c-holders-1-code"[^>]*aria-invalid="true"', answer.text)
    assert "股东 1 · 公司代码" not in answer.text
    review = form.who.page.get(f"/drafts/{form.draft}/review").text
    assert "股东 2 · 公司代码：统一社会信用代码是 18 位，还差 1 位。" in review


def test_a_row_that_cannot_be_stored_stays_on_the_page(form: Form) -> None:
    form.post("people", as_fields(rows(1)), action="save")
    answer = form.post("people", {"c.holders:0:share": "很多钱", "c.holders:1:share": "2"}, action="save")
    assert answer.status_code == 422
    assert 'value="很多钱"' in answer.text
    assert form.answers["c.holders"] == rows(1)


def test_two_devices_change_a_row_and_the_person_chooses(form: Form) -> None:
    form.post("people", as_fields(rows(2)), action="save")
    shown = form.get("people")
    kept = {name: hidden(shown, name) for name in ("ticket", "base", "back", "seen")}
    theirs = [{"kind": "company", "code": COMPANY, "share": 7.0}]
    form.put({**form.answers, "c.holders": theirs}, 2)
    asked = form.who.page.post(form.at("people"), data={**kept, **as_fields(rows(3)), "c.capital": "9", "action": "save"})
    assert asked.status_code == 409
    assert "7 元" in asked.text
    fields = {unescape(k): unescape(v) for k, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)}
    done = form.who.page.post(form.at("people"), data={**fields, "pick.c.holders": "theirs", "action": "save"})
    assert done.status_code == 303
    assert form.answers["c.holders"] == theirs
    assert form.answers["c.capital"] == 9


def test_a_page_of_rows_that_comes_after_the_session_is_held(form: Form) -> None:
    shown = form.get("people")
    ticket = hidden(shown, "ticket")
    form.who.page.cookies.clear()
    answer = form.who.page.post(form.at("people"), data={"ticket": ticket, **as_fields(rows(1000)), "action": "save"})
    assert answer.status_code == 303
    with db.reading() as session:
        held = session.exec(select(Draft.held)).one()
    assert held is not None
    assert len(json.loads(held)["c.holders"]) == 1000


def test_a_correction_asks_for_rows_an_address_and_a_signature(session: Session, form: Form) -> None:
    person = session.get(factories.Person, form.who.id)
    filed = {"c.capital": 3.0, "c.holders": rows(3), "b.home": {"division": "330106", "detail": "文三路 9 号"}}
    from app.cases.service import PlannedItem

    item = PlannedItem("amr.every", "amr", True, (), (), 1, None)
    case = factories.make_case(session, person, items=[item], answers=filed, service_id=SERVICE_ID, edition=form.edition)
    targets = [Target(question=name) for name in ("c.holders", "b.home", "d.sign")]
    ask(session, case, "amr.every", utcnow(), *targets)
    session.commit()
    at = f"/cases/{case.number}/items/amr.every/correction"
    page = form.who.page.get(at).raise_for_status().text
    assert 'name="c.holders:2:share"' in page
    assert "浙江省 杭州市 西湖区" in page
    keys = {name: hidden(page, name) for name in ("ticket", "correction", "key", "version")}
    added = form.who.page.post(at, data={**keys, **as_fields(rows(3)), "edit-rows": "remove:c.holders:1"})
    assert added.headers["location"] == f"{at}#f-c-holders"
    with db.reading() as fresh:
        kept = json.loads(fresh.exec(select(CorrectionDraft.answers)).one())
    assert [row["share"] for row in kept["c.holders"]] == [0, 2]
    fields = {**as_fields(rows(3)), "b.home:division": "330106", "b.home:detail": "文三路 10 号", "d.sign:name": "王晓兰"}
    wrong = form.who.page.post(at, data={**keys, **fields, "c.holders:0:share": "1", "action": "send"})
    assert wrong.status_code == 422
    assert "股东：加起来是 4，应当是 3。请改一改。" in wrong.text
    done = form.who.page.post(at, data={**keys, **fields, "action": "send"})
    assert done.headers["location"] == f"/cases/{case.number}"
    shown = form.who.page.get(f"/cases/{case.number}/filing").text
    assert "文三路 10 号" in shown
    assert "打字签名：王晓兰" in shown
