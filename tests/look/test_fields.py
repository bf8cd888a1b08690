"""Every kind of question has its field: a label, its hint and mistake tied to it, the value as it was."""

from itertools import product

import pytest

from app.core.web import Page, templates
from app.forms.definition import Kind, Option, Question, Text

VALUES = {Kind.YES_NO: True, Kind.SEVERAL: ["one"], Kind.CHOICE: "one", Kind.NUMBER: 3150.0, Kind.DECLARATION: True}
SOURCE = '{% from "components/fields.html" import question with context %}{{ question(q, value, error, source) }}'


def field(kind: Kind, value: object = None, error: str = "", source: str = "") -> str:
    """A question of this kind as a form shows it."""
    options = tuple(Option(value=v, label=Text(zh=v, en=v)) for v in ("one", "two"))
    asked = Question(
        id="child.thing", kind=kind, label=Text(zh="一件东西", en="A thing"), hint=Text(zh="照证件填", en="As on the card"),
        options=options if kind in (Kind.CHOICE, Kind.SEVERAL) else (),
    )  # fmt: skip
    context = {"page": Page("zh"), "q": asked, "value": value, "error": error, "source": source}
    return templates().from_string(SOURCE).render(**context)


@pytest.mark.parametrize("kind", Kind)
def test_it_has_a_name_and_a_label(kind: Kind) -> None:
    shown = field(kind)
    assert 'name="child.thing"' in shown
    assert 'for="f-child-thing"' in shown or "<legend" in shown or "<label" in shown
    assert "一件东西" in shown


@pytest.mark.parametrize("kind", Kind)
def test_a_mistake_is_said_beside_it_and_tied_to_it(kind: Kind) -> None:
    shown = field(kind, error="这里不对。")
    assert 'role="alert"' in shown
    assert "这里不对。" in shown
    assert "f-child-thing-error" in shown.split("aria-describedby=", 1)[1].split(">", 1)[0]


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.DECLARATION])
def test_its_hint_stands_above_the_input(kind: Kind) -> None:
    shown = field(kind)
    assert shown.index("照证件填") < shown.index("<input" if "<input" in shown else "<textarea")


@pytest.mark.parametrize(("kind", "said"), [(k, v) for k, v in VALUES.items() if k is not Kind.NUMBER])
def test_what_was_chosen_is_chosen(kind: Kind, said: object) -> None:
    assert field(kind, said).count(" checked") == 1
    assert " checked" not in field(kind)


def test_a_no_is_a_no() -> None:
    assert 'value="false" checked' in field(Kind.YES_NO, value=False)


@pytest.mark.parametrize(("number", "shown"), [(3150.0, "3150"), (0.5, "0.5"), (12345678.0, "12345678"), (0.0, "0")])
def test_numbers_are_shown_as_people_write_them(number: float, shown: str) -> None:
    assert f'value="{shown}"' in field(Kind.NUMBER, number)


def test_what_was_typed_is_never_markup() -> None:
    for kind, value in product((Kind.TEXT, Kind.ADDRESS), ('"><b>', "</textarea><b>")):
        assert "<b>" not in field(kind, value)


def test_a_prefilled_field_says_its_source_and_can_be_opened() -> None:
    shown = field(Kind.NAME, "王晓兰", source="公安已核对")
    assert " readonly" in shown
    assert "公安已核对" in shown
    assert "不对？改正" in shown


def test_a_prefilled_field_with_a_mistake_is_open() -> None:
    assert " readonly" not in field(Kind.NAME, "王1", error="姓名里有数字。", source="公安已核对")
