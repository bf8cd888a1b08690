"""The picker of places: where it starts, what it offers, that everybody in the country can name where they live."""

from typing import Any

import pytest

from app.core.clock import local, utcnow
from app.core.i18n import pick
from app.filing import places
from app.forms.definition import Kind, Level, Question, Text
from app.forms.kinds import judge, wrongs
from app.forms.places import UNDIVIDED
from app.forms.verdicts import At
from app.territory import divisions

pytestmark = pytest.mark.usefixtures("database")


def asked(kind: Kind, down_to: Level | None = None, **more: Any) -> Question:
    """A question about a place."""
    return Question(id="q", kind=kind, label=Text(zh="题", en="Question"), down_to=down_to, **more)


def chosen(view: places.PlacesView) -> list[str]:
    """What is picked, list by list."""
    return [level.picked for level in (*view.folded, *view.open)]


@pytest.mark.parametrize(
    ("question", "start"),
    [
        (asked(Kind.DIVISION), ["320000", "320500"]),
        (asked(Kind.DIVISION, Level.CITY), ["320000"]),
        (asked(Kind.DIVISION, Level.PROVINCE), []),
        (asked(Kind.DIVISION, Level.VILLAGE), ["320000", "320500", "320507"]),
        (asked(Kind.ADDRESS, Level.COUNTY), ["320000", "320500", "320507"]),
    ],
)
def test_it_starts_at_home_above_what_is_to_be_picked(question: Question, start: list[str]) -> None:
    view = places.view(question, "")
    assert [code for code in chosen(view) if code] == start
    assert view.closed
    assert view.next == len(start)


def test_the_lists_follow_what_is_picked() -> None:
    view = places.view(asked(Kind.ADDRESS), "320507104203")
    assert chosen(view) == ["320000", "320500", "320507", "320507104", "320507104203"]
    assert [len(view.folded), len(view.open)] == [3, 2]
    assert view.open[1].name == "村、社区"
    assert 'value="320507104203" selected>凤凰泾村' in view.open[1].options("zh")


def test_in_a_municipality_the_second_list_has_the_counties() -> None:
    view = places.view(asked(Kind.DIVISION), "110000")
    assert view.folded[1].name == "区县"
    assert not view.closed
    assert "东城区" in view.folded[1].options("zh")
    assert "Dongcheng" in view.folded[1].options("en")


@pytest.mark.parametrize("code", ["", "999999", "32050710420x", "330106"])
def test_a_question_about_this_district_starts_there_whatever_was_stored(code: str) -> None:
    view = places.view(asked(Kind.DIVISION, Level.VILLAGE, here=True), code)
    assert view.folded == ()
    assert view.inside is not None
    assert pick(view.inside, "zh") == "相城区"
    assert [one.code for one in view.open[0].offers.places] == [one.code for one in divisions.children("320507")]


def test_everybody_can_name_the_county_they_live_in() -> None:
    national = [code for code in divisions._national() if not divisions.children(code)]
    assert len(national) > 2_000
    question, at = asked(Kind.DIVISION, Level.COUNTY), At(local(utcnow()).date(), "320507")
    for code in national:
        verdict = judge(question, code, at)
        assert not list(wrongs(question, verdict, verdict.value, partial=False)), code


def test_what_is_named_no_deeper_than_a_city_is_known() -> None:
    ends = {c for c, place in divisions._national().items() if place.level != Level.COUNTY and not divisions.children(c)}
    assert ends == UNDIVIDED
