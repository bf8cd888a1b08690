"""Every kind of question has its field: a label, its hint and mistake tied to it, the value as it was, the right keyboard."""

import re
from datetime import date
from functools import partial
from itertools import product
from typing import Any

import pytest

from app.core.web import Page, field_id, templates
from app.filing import display
from app.filing.fields import Around, FieldView, labels, view
from app.forms.definition import Kind, Level, Option, Question, Text
from app.forms.mistakes import EMPTY, Mistake

SOURCE = '{% from "components/kinds.html" import field with context %}{{ field(f) }}'
ON = date(2026, 11, 25)
#: Kinds that are one field; the others are made of several.
SINGLE = [k for k in Kind if k not in (Kind.PERSON, Kind.ADDRESS, Kind.DIVISION, Kind.GROUP, Kind.SIGNATURE)]
COLUMNS = (
    Question(id="name", kind=Kind.NAME, label=Text(zh="姓名", en="Name")),
    Question(id="share", kind=Kind.MONEY, label=Text(zh="出资", en="Contribution")),
)

pytestmark = pytest.mark.usefixtures("database")


def asked(kind: Kind, **more: Any) -> Question:
    """A question of this kind."""
    options = tuple(Option(value=v, label=Text(zh=v, en=v)) for v in ("one", "two"))
    mine: dict[str, Any] = {
        "options": options if kind in (Kind.CHOICE, Kind.SEVERAL) else (),
        "questions": COLUMNS if kind is Kind.GROUP else (),
        "hint": Text(zh="照证件填", en="As on the card"),
    }
    return Question(id="child.thing", kind=kind, label=Text(zh="一件东西", en="A thing"), **(mine | more))


def shown(seen: FieldView) -> str:
    """The field as a page has it."""
    context = {
        "page": Page("zh"),
        "f": seen,
        "say": partial(display.answer, lang="zh"),
        "say_row": partial(display.row, lang="zh"),
    }
    return templates().from_string(SOURCE).render(**context)


def field(kind: Kind, value: object = None, error: str = "", source: str = "", **more: Any) -> str:
    """A question of this kind as a form shows it."""
    wrong = {"child.thing": Mistake("child.thing", error)} if error else {}
    return shown(view(asked(kind, **more), value, Around(wrong, ON), source=source))


@pytest.mark.parametrize("kind", Kind)
def test_it_has_a_name_and_a_label(kind: Kind) -> None:
    html = field(kind)
    assert re.search(r'name="child\.thing[":]', html)
    assert 'for="f-child-thing"' in html or "<legend" in html or "<label" in html
    assert "一件东西" in html


@pytest.mark.parametrize("kind", Kind)
def test_a_mistake_is_said_beside_it_and_tied_to_it(kind: Kind) -> None:
    html = field(kind, error="这里不对。")
    assert 'role="alert"' in html
    assert "这里不对。" in html
    assert any("f-child-thing-error" in said for said in re.findall(r'aria-describedby="([^"]*)"', html))
    assert 'id="f-child-thing"' in html  # what the list of mistakes leads to


@pytest.mark.parametrize("kind", [k for k in SINGLE if k is not Kind.DECLARATION])
def test_its_hint_stands_above_the_input(kind: Kind) -> None:
    html = field(kind)
    assert html.index("照证件填") < html.index("<input" if "<input" in html else "<textarea")


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Kind.YES_NO, True), (Kind.SEVERAL, ["one"]), (Kind.CHOICE, "one"), (Kind.DECLARATION, True)],
)
def test_what_was_chosen_is_chosen(kind: Kind, said: object) -> None:
    assert field(kind, said).count(" checked") == 1
    assert " checked" not in field(kind)


def test_a_no_is_a_no() -> None:
    assert 'value="false" checked' in field(Kind.YES_NO, value=False)


@pytest.mark.parametrize(("number", "said"), [(3150.0, "3150"), (0.5, "0.5"), (12345678.0, "12345678"), (0.0, "0")])
def test_numbers_are_shown_as_people_write_them(number: float, said: str) -> None:
    assert f'value="{said}"' in field(Kind.NUMBER, number)
    assert f'value="{said}"' in field(Kind.MONEY, number)


def test_what_was_typed_is_never_markup() -> None:
    for kind, value in product((Kind.TEXT, Kind.NUMBER), ('"><b>', "</textarea><b>")):
        assert "<b>" not in field(kind, value)
    for value in ('"><b>', "</textarea><b>"):
        assert "<b>" not in field(Kind.ADDRESS, {"division": value, "detail": value})
        assert "<b>" not in field(Kind.PERSON, {"name": value})
        assert "<b>" not in field(Kind.GROUP, [{"name": value}] * 20).replace("<b data-n", "")
        assert "<b>" not in field(Kind.SIGNATURE, {"way": "typed", "name": value})


def test_a_prefilled_field_says_its_source_and_can_be_opened() -> None:
    html = field(Kind.NAME, "王晓兰", source="公安已核对")
    assert " readonly" in html
    assert "公安已核对" in html
    assert "不对？改正" in html


@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.YES_NO, Kind.SEVERAL, Kind.DIVISION, Kind.ADDRESS, Kind.GROUP])
def test_what_is_picked_says_its_source_too(kind: Kind) -> None:
    assert "公安已核对" in field(kind, source="公安已核对")


def test_each_part_of_a_prefilled_person_says_its_source() -> None:
    html = field(Kind.PERSON, {"name": "王晓兰"}, source="公安已核对")
    assert html.count("公安已核对") == 1
    assert html.count(" readonly") == 1


def test_a_prefilled_field_with_a_mistake_is_open() -> None:
    assert " readonly" not in field(Kind.NAME, "王1", error="姓名里有数字。", source="公安已核对")


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        (Kind.ID_NUMBER, {}, 'inputmode="text"'), (Kind.ID_NUMBER, {}, 'autocapitalize="characters"'),
        (Kind.CREDIT_CODE, {}, 'autocapitalize="characters"'), (Kind.PHONE, {}, 'type="tel"'),
        (Kind.BANK_CARD, {}, 'inputmode="numeric"'), (Kind.NUMBER, {}, 'inputmode="decimal"'),
        (Kind.NUMBER, {"whole": True}, 'inputmode="numeric"'), (Kind.MONEY, {}, 'inputmode="decimal"'),
        (Kind.DATE, {}, 'type="date"'), (Kind.MONTH, {}, 'type="month"'), (Kind.TEXT, {"max_length": 500}, "<textarea"),
        (Kind.DATE, {"earliest_days": -1, "latest_days": 6}, 'min="2026-11-24" max="2026-12-01"'),
        (Kind.MONTH, {"earliest_months": -11, "latest_months": 2}, 'min="2025-12" max="2027-01"'),
        (Kind.NUMBER, {"unit": Text(zh="平方米", en="m²")}, ">平方米<"), (Kind.MONEY, {}, ">元<"),
    ],
)  # fmt: skip
def test_it_brings_up_the_right_keyboard(kind: Kind, more: dict[str, Any], wanted: str) -> None:
    assert wanted in field(kind, **more)


def test_a_browser_fills_in_only_what_is_the_persons_own() -> None:
    assert 'autocomplete="tel"' in field(Kind.PHONE, prefill="profile.phone")
    assert 'autocomplete="name"' in field(Kind.NAME, prefill=("earlier", "profile.name"))
    for kind in (Kind.ID_NUMBER, Kind.NAME, Kind.PHONE, Kind.BANK_CARD, Kind.TEXT, Kind.CREDIT_CODE):
        assert 'autocomplete="off"' in field(kind)
    for html in (field(Kind.PERSON, with_phone=True), field(Kind.ADDRESS), field(Kind.GROUP)):
        assert set(re.findall(r'autocomplete="(\w+)"', html)) == {"off"}


def test_a_person_at_home_picks_town_and_village_only() -> None:
    html = field(Kind.ADDRESS, down_to=Level.VILLAGE)
    assert "江苏省 苏州市 相城区" in html
    assert "<details" in html
    assert " open>" not in html
    assert re.search(r'<select id="f-child-thing-division" [^>]*>\s*<option value="">请选镇、街道', html)
    deeper = field(Kind.ADDRESS, {"division": "320507104"}, down_to=Level.VILLAGE)
    assert re.search(r'<select id="f-child-thing-division" [^>]*>\s*<option value="">请选村、社区', deeper)
    assert 'value="320507104" selected' in deeper


def test_somewhere_else_in_the_country_is_picked_as_deep_as_it_is_known() -> None:
    html = field(Kind.ADDRESS, {"division": "330106", "detail": "文三路 9 号"}, down_to=Level.VILLAGE)
    assert "浙江省 杭州市 西湖区" in html
    assert "请选镇、街道" not in html
    half = field(Kind.ADDRESS, {"division": "330000"}, down_to=Level.VILLAGE)
    assert " open>" in half
    assert re.search(r'<select id="f-child-thing-division" [^>]*>\s*<option value="">请选城市', half)


def test_a_question_about_this_district_offers_nothing_else() -> None:
    html = field(Kind.DIVISION, here=True, down_to=Level.VILLAGE)
    assert "江苏省" not in html
    assert "相城区" in html
    assert 'value="320507104"' in html


def test_a_line_of_an_old_draft_is_the_detail() -> None:
    assert 'value="渭塘镇珍珠湖路 1 号"' in field(Kind.ADDRESS, "渭塘镇珍珠湖路 1 号")


def test_rows_are_numbered_and_can_be_taken_away_and_added() -> None:
    row = Text(zh="股东", en="Shareholder")
    html = field(Kind.GROUP, [{"name": "王晓兰"}, {"name": "陈志远"}], row=row, max_rows=3)
    assert re.findall(r"<legend[^>]*>(股东 \d)</legend>", html.split("<template")[0]) == ["股东 1", "股东 2"]
    assert 'value="remove:child.thing:1"' in html
    assert 'value="add:child.thing"' in html
    assert "最多 3 个" in html
    full = field(Kind.GROUP, [{"name": "王晓兰"}] * 3, row=row, max_rows=3)
    assert re.search(r'value="add:child.thing" data-add hidden', full)


def test_the_sum_says_what_is_left() -> None:
    more = {"total_of": "share", "total_equals": "co.capital"}
    for rows, wanted, said in (
        ([{"share": 4000.0}], 12345.5, "还差 8,345.50 元"), ([{"share": 4000.0}], 3000.0, "多了 1,000 元"),
        ([{"share": 0.1}, {"share": 0.2}], 0.3, "正好"),
    ):  # fmt: skip
        around = Around(on=ON, answers={"co.capital": wanted})
        assert said in shown(view(asked(Kind.GROUP, **more), rows, around))
    assert "还差" not in shown(view(asked(Kind.GROUP, **more), [{"share": 1.0}], Around(on=ON))).split("data-left>")[1]


def test_a_long_list_shows_its_rows_closed_but_those_with_a_mistake() -> None:
    rows = [{"name": f"王{n}", "share": float(n)} for n in range(200)]
    wrong = {"child.thing:7:name": Mistake("child.thing:7:name", EMPTY)}
    html = shown(view(asked(Kind.GROUP, max_rows=200), rows, Around(wrong, ON)))
    assert html.count('<input type="hidden" name="child.thing:') == 199
    assert 'name="child.thing:7:name"' in html
    assert "王199，199 元" in html


def test_a_signature_is_drawn_or_typed() -> None:
    html = field(Kind.SIGNATURE, {"way": "drawn", "strokes": [[0, 0, 500, 200]]})
    assert 'value="[[0, 0, 500, 200]]"' in html
    assert "<svg" in html.split("<noscript>")[1]
    assert 'value="redo:child.thing"' in html
    assert 'value="王晓兰"' in field(Kind.SIGNATURE, {"way": "typed", "name": "王晓兰"})


def test_every_place_of_a_mistake_has_a_label_and_an_element() -> None:
    group = asked(Kind.GROUP, row=Text(zh="股东", en="Shareholder"))
    for seen, names in (
        (view(group, [{"name": "王"}], Around(on=ON)), {"child.thing", "child.thing:0", "child.thing:0:name"}),
        (view(asked(Kind.PERSON), {}, Around(on=ON)), {"child.thing", "child.thing:name", "child.thing:id_number"}),
        (view(asked(Kind.ADDRESS), {}, Around(on=ON)), {"child.thing", "child.thing:division", "child.thing:detail"}),
        (view(asked(Kind.SIGNATURE), {}, Around(on=ON)), {"child.thing", "child.thing:name"}),
    ):
        known, html = dict(labels([seen], "zh")), shown(seen)
        assert names <= set(known)
        assert all(f'id="{field_id(name)}"' in html for name in names)
    assert dict(labels([view(group, [{}, {}], Around(on=ON))], "en"))["child.thing:1:name"] == "Shareholder 2 · Name"
