"""Divisions: those of today, from the provinces to the village, without a query; public, cacheable."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.core import shared
from app.core.clock import utcnow
from app.forms.definition import Level
from app.territory import divisions
from app.territory.models import Division
from tests.architecture.test_queries import counted
from tests.conftest import Visit

VILLAGE = "320507104203"


@pytest.fixture(autouse=True)
def read(database: Engine) -> None:
    shared.refresh()


def codes(code: str) -> list[str]:
    return [line.code for line in divisions.children(code)]


def test_a_village_is_named_with_all_that_it_lies_in() -> None:
    assert divisions.name(VILLAGE, "zh") == "江苏省苏州市相城区渭塘镇凤凰泾村"
    assert divisions.name(VILLAGE, "en") == "Fenghuangjing Village, Weitang Town, Xiangcheng District, Suzhou, Jiangsu"
    assert divisions.chain(VILLAGE) == ["320000", "320500", "320507", "320507104", VILLAGE]


def test_there_are_thirty_four_provinces() -> None:
    assert len(codes("0")) == 34
    assert all(line.level is Level.PROVINCE for line in divisions.children("0"))


def test_only_divisions_of_today_can_be_chosen() -> None:
    assert codes("320500") == ["320505", "320506", "320507", "320508", "320509", "320581", "320582", "320583", "320585"]
    assert not divisions.exists("320502")  # 沧浪区, until 2012
    assert divisions.name("110111", "zh") == "北京市房山区"
    assert divisions.own_name("120110", "zh") == "东丽区"  # 东郊区 until 1991


def test_a_municipality_leads_its_districts_itself() -> None:
    assert "110105" in codes("110000")
    assert not divisions.exists("110100")  # 市辖区 is no place
    assert divisions.name("110105", "zh") == "北京市朝阳区"
    assert divisions.name("500235", "zh") == "重庆市云阳县"


def test_a_county_led_by_its_province_stands_beside_the_cities() -> None:
    assert "429004" in codes("420000")
    assert divisions.level("429004") is Level.COUNTY
    assert divisions.name("429004", "zh") == "湖北省仙桃市"
    assert [c for c in codes("420000") if divisions.own_name(c, "zh") == "随州市"] == ["421300"]


def test_no_name_of_the_table_is_left_with_its_years_or_in_traditional_characters() -> None:
    places = divisions._national()
    assert len(places) > 3100
    assert not [p.name.zh for p in places.values() if "[" in p.name.zh or "區" in p.name.zh or "," in p.name.zh]
    assert not [p.name.en for p in places.values() if not p.name.en.isascii()]


def test_every_place_lies_within_a_place() -> None:
    places = divisions._national()
    assert all(place.parent == divisions.COUNTRY or place.parent in places for place in places.values())


def test_towns_and_villages_come_from_the_administrators_table() -> None:
    assert "320507104" in codes("320507")
    assert VILLAGE in codes("320507104")
    line = divisions.line("320507104")
    assert line is not None
    assert line.has_children
    assert line.level is Level.TOWN
    assert codes("320506") == []  # another district's towns are not ours to keep


def test_a_closed_village_keeps_its_name_and_cannot_be_chosen(session: Session) -> None:
    village = session.get_one(Division, VILLAGE)
    village.active = False
    divisions.administered.changed(session)
    session.commit()
    shared.refresh()
    assert VILLAGE not in codes("320507104")
    assert divisions.exists(VILLAGE)
    assert divisions.name(VILLAGE, "zh").endswith("凤凰泾村")


def test_the_picker_gets_names_levels_and_the_way_down(visit: Visit) -> None:
    answer = visit().get("/api/divisions/320507104/children")
    told = answer.json()
    assert [part["code"] for part in told["path"]] == ["320000", "320500", "320507", "320507104"]
    village = next(child for child in told["children"] if child["code"] == VILLAGE)
    assert village == {
        "code": VILLAGE, "name": {"zh": "凤凰泾村", "en": "Fenghuangjing Village"}, "level": "village", "has_children": False,
    }  # fmt: skip
    assert visit().get("/api/divisions/0/children").json()["path"] == []
    assert visit().get("/api/divisions/999999/children").status_code == 404


def test_the_picker_costs_no_query_and_nothing_twice(database: Engine, visit: Visit) -> None:
    client = visit()
    answer = client.get("/api/divisions/320507/children")
    with counted(database) as found:
        again = client.get("/api/divisions/320507/children", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, found) == (304, b"", [])
    assert "max-age" in client.get("/api/divisions/320500/children").headers["cache-control"]


def test_a_new_village_is_offered_at_once_where_it_was_made_and_within_seconds_elsewhere(
    session: Session, visit: Visit
) -> None:
    client = visit()
    etag = client.get("/api/divisions/320507104/children").headers["etag"]
    session.add(Division(code="320507104299", name_zh="新村", name_en="New Village", changed_at=utcnow()))
    divisions.administered.changed(session)
    session.commit()
    answer = client.get("/api/divisions/320507104/children", headers={"If-None-Match": etag})
    assert "320507104299" in answer.text
