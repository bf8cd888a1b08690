"""The town's settings: everywhere within seconds, checked, and never somebody else's change undone unseen."""

from datetime import time

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.cases.service import PlannedItem
from app.core import db, shared, workdays
from app.core.clock import local, utcnow
from app.core.models import TownRow
from tests import factories as make
from tests.architecture.test_queries import counted
from tests.cases.hands import decide, item_of
from tests.conftest import Visit

from .conftest import Seat, form_of, send

ITEM = "msb.maternity_benefit"
EVERYWHERE = ("/", "/services", "/services/newborn", "/points", "/sign-in")


def test_before_anybody_set_them_the_environments_settings_hold(seat: Seat) -> None:
    form = form_of(seat().client.get("/desk/town").text)
    assert (form["name_zh"], form["name_en"], form["hotline"], form["opens"], form["closes"]) == (
        "渭塘镇", "Weitang Town", "12345", "09:00", "17:00",
    )  # fmt: skip


def test_a_new_name_and_hotline_stand_on_every_page_at_once(seat: Seat, visit: Visit) -> None:
    admin, stranger = seat(), visit()
    assert all("渭塘镇" in stranger.get(path).text for path in EVERYWHERE[:4])
    assert send(admin.client, "/desk/town", name_zh="珠塘镇", hotline="0512-65390000").headers["location"].endswith("saved")
    for path in EVERYWHERE:
        page = stranger.get(path).text
        assert "渭塘镇</" not in page, path
        assert "0512-65390000" in page, path
    assert "珠塘镇" in stranger.get("/").text
    problem = stranger.get("/nowhere", headers={"Accept": "text/html"})
    assert "0512-65390000" in problem.text


def test_another_process_knows_within_seconds(session: Session, seat: Seat, visit: Visit) -> None:
    admin, stranger = seat(), visit()
    send(admin.client, "/desk/town", name_zh="珠塘镇")
    stranger.get("/")
    with db.engine().begin() as other:  # as another process commits: nothing tells this one
        other.execute(text("UPDATE town SET name_zh = '莲塘镇'"))
        other.execute(text("UPDATE shared_set SET version = version + 1 WHERE name = 'town'"))
    shared._look_again()  # the seconds are over
    assert "莲塘镇" in stranger.get("/").text


@pytest.mark.parametrize("path", EVERYWHERE)
def test_the_settings_cost_a_stranger_no_query(seat: Seat, visit: Visit, path: str) -> None:
    send(seat().client, "/desk/town", name_zh="珠塘镇")
    stranger = visit()
    stranger.get(path)
    with counted(db.engine()) as found:
        assert stranger.get(path).status_code == 200
    assert found == []


def test_a_notice_stands_on_the_home_page_while_there_is_one(seat: Seat, visit: Visit) -> None:
    admin = seat()
    send(admin.client, "/desk/town", notice_zh="大厅周五下午消防演练。", notice_en="Fire drill on Friday afternoon.")
    for look in ({}, {"Cookie": "mode=care"}):
        assert "大厅周五下午消防演练。" in visit(**look).get("/").text
    assert "Fire drill" in visit(**{"Accept-Language": "en"}).get("/").text
    send(admin.client, "/desk/town", notice_zh="", notice_en="")
    assert "消防演练" not in visit().get("/").text


def test_words_of_a_notice_are_words_and_nothing_else(seat: Seat, visit: Visit) -> None:
    send(seat().client, "/desk/town", notice_zh="停电<script>alert(1)</script>", notice_en="<b>off</b>")
    page = visit().get("/").text
    assert "<script>alert" not in page
    assert "停电&lt;script&gt;" in page


@pytest.mark.parametrize(("changed", "said"), [
    ({"name_zh": ""}, "这一格要填"), ({"name_zh": "Weitang"}, "要写汉字"), ({"name_en": "渭塘"}, "拉丁字母"),
    ({"hotline": "拨打"}, "电话只写数字"), ({"opens": "9点"}, "09:00 这样"), ({"opens": "18:00"}, "从早到晚"),
    ({"lunch": "09:00"}, "从早到晚"), ({"notice_en": "hello"}, "也要写中文"), ({"notice_zh": "停电"}, "英文页面也要"),
])  # fmt: skip
def test_what_cannot_be_is_not_saved(session: Session, seat: Seat, changed: dict[str, str], said: str) -> None:
    page = send(seat().client, "/desk/town", **changed)
    assert page.status_code == 422
    assert said in page.text
    assert session.get(TownRow, 1) is None


def test_a_double_click_saves_once(session: Session, seat: Seat) -> None:
    admin = seat()
    form = {**form_of(admin.client.get("/desk/town").text), "seal": "珠塘镇为民中心"}
    assert admin.client.post("/desk/town", data=form).headers["location"].endswith("saved")
    assert admin.client.post("/desk/town", data=form).headers["location"].endswith("same")
    assert session.get_one(TownRow, 1).version == 1


def test_two_administrators_at_once_see_what_both_wrote(session: Session, seat: Seat) -> None:
    one, other = seat("das1"), seat("das2")
    old = form_of(one.client.get("/desk/town").text)
    send(other.client, "/desk/town", hotline="96100")
    page = one.client.post("/desk/town", data={**old, "hotline": "12366"})
    assert page.status_code == 409
    assert "现在存的：96100" in page.text
    assert form_of(page.text)["hotline"] == "12366"
    assert session.get_one(TownRow, 1).hotline == "96100"


def test_an_administrator_of_a_town_only_looks(session: Session, seat: Seat) -> None:
    admin = seat(jurisdiction="320507104")
    page = admin.client.get("/desk/town")
    assert page.status_code == 200
    assert "全区的管理员" in page.text
    assert send(admin.client, "/desk/town", hotline="96100").status_code == 403
    assert session.get(TownRow, 1) is None


def test_other_office_hours_show_first_what_they_do_and_then_do_it(session: Session, seat: Seat) -> None:
    admin, now = seat(), utcnow()
    item = PlannedItem(ITEM, "msb", True, (), (), 10, 20)
    case = make.make_case(session, make.make_person(session), items=(item,), now=now)
    decide(session, case, ITEM, now, "accept")
    session.commit()
    page = send(admin.client, "/desk/town", closes="16:30")
    assert page.status_code == 200
    assert "会影响 1 个办件" in page.text
    assert "医保" in page.text
    session.rollback()
    assert local(item_of(session, case, ITEM).promised_due or now).time() == time(17)
    session.rollback()
    assert admin.client.post("/desk/town", data=form_of(page.text)).headers["location"].endswith("saved")
    assert local(item_of(session, case, ITEM).promised_due or now).time() == time(16, 30)
    session.rollback()
    shared.refresh()
    assert workdays.due(now, 1).at.time() == time(16, 30)
