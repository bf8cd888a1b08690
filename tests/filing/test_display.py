"""Answers of every kind in words, in both languages; what is long or personal is masked."""

from typing import Any

import pytest
from markupsafe import Markup

from app.filing.display import answer, row
from app.forms.definition import Kind, Option, Question, Text

WORD = Text(zh="题", en="Question")
OPTIONS = tuple(
    Option(value=v, label=Text(zh=z, en=e)) for v, z, e in (("one", "头一个", "The first"), ("two", "第二个", "The second"))
)
ID_NUMBER = "320507199003070029"
COLUMNS = (
    Question(id="name", kind=Kind.NAME, label=Text(zh="姓名", en="Name")),
    Question(id="share", kind=Kind.MONEY, label=Text(zh="出资", en="Contribution")),
)

pytestmark = pytest.mark.usefixtures("database")


def asked(kind: Kind, **more: Any) -> Question:
    """A question of this kind."""
    mine: dict[str, Any] = {"options": OPTIONS if kind in (Kind.CHOICE, Kind.SEVERAL) else ()}
    return Question(id="q", kind=kind, label=WORD, questions=COLUMNS if kind is Kind.GROUP else (), **(mine | more))


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        (Kind.TEXT, "一句话", "一句话", "一句话"),
        (Kind.NUMBER, 3.0, "3", "3"),
        (Kind.NUMBER, 2.5, "2.5", "2.5"),
        (Kind.MONEY, 12345.0, "12,345 元", "12,345 yuan"),
        (Kind.MONEY, 0.5, "0.50 元", "0.50 yuan"),
        (Kind.DATE, "2026-03-08", "2026年3月8日", "8 March 2026"),
        (Kind.MONTH, "2026-03", "2026年3月", "March 2026"),
        (Kind.DATE, "明天", "明天", "明天"),
        (Kind.MONTH, "三月", "三月", "三月"),
        (Kind.YES_NO, True, "是", "Yes"),
        (Kind.YES_NO, False, "否", "No"),
        (Kind.CHOICE, "two", "第二个", "The second"),
        (Kind.SEVERAL, ["one", "two"], "头一个、第二个", "The first, The second"),
        (Kind.ID_NUMBER, ID_NUMBER, "3205**********0029", None),
        (Kind.PHONE, "13800006021", "138****6021", None),
        (Kind.BANK_CARD, "4111111111111111", "4111********1111", None),
        (Kind.CREDIT_CODE, "91320507MA1DEM123Y", "91320507MA1DEM123Y", None),
        (Kind.DIVISION, "320507104203", "江苏省苏州市相城区渭塘镇凤凰泾村", None),
        (Kind.DIVISION, "999999", "999999", "999999"),
        (Kind.ADDRESS, {"division": "330106", "detail": "文三路 9 号"}, "浙江省杭州市西湖区文三路 9 号", None),
        (Kind.ADDRESS, "渭塘镇珍珠湖路 1 号", "渭塘镇珍珠湖路 1 号", None),
        (Kind.ADDRESS, {"detail": "3 组"}, "3 组", "3 组"),
        (Kind.PERSON, {"name": "王晓兰", "id_number": ID_NUMBER}, "王晓兰，3205**********0029", "王晓兰, 3205**********0029"),
        (Kind.SIGNATURE, {"way": "typed", "name": "王晓兰"}, "打字签名：王晓兰", "Signed by typing: 王晓兰"),
        (Kind.NUMBER, "两个", "两个", "两个"),
        (Kind.GROUP, "x", "x", "x"),
        (Kind.PERSON, "王晓兰", "王晓兰", "王晓兰"),
    ],
)
def test_it_is_said_in_words(kind: Kind, value: Any, zh: str, en: str | None) -> None:
    assert answer(asked(kind), value, "zh") == zh
    if en is not None:
        assert answer(asked(kind), value, "en") == en


def test_no_answer_is_nothing() -> None:
    for kind in Kind:
        for nothing in (None, "", [], {}):
            assert answer(asked(kind), nothing, "zh") == ""


def test_a_number_has_its_unit() -> None:
    assert answer(asked(Kind.NUMBER, unit=Text(zh="平方米", en="m²")), 62.5, "zh") == "62.5 平方米"


def test_whoever_must_compare_sees_numbers_whole() -> None:
    assert answer(asked(Kind.PERSON), {"name": "王晓兰", "id_number": ID_NUMBER}, "zh", whole=True) == f"王晓兰，{ID_NUMBER}"


def test_an_address_in_english_begins_with_what_is_smallest() -> None:
    said = answer(asked(Kind.ADDRESS), {"division": "330106", "detail": "9 Wensan Road"}, "en")
    assert said.startswith("9 Wensan Road, ")
    assert said.endswith("Zhejiang Province") or "Zhejiang" in said


def test_rows_are_numbered_with_what_was_asked() -> None:
    rows = [{"name": "<b>王</b>", "share": 5000.0}, {"name": "陈"}]
    said = answer(asked(Kind.GROUP), rows, "zh")
    assert isinstance(said, Markup)
    assert said == "<ol><li><b>1. </b>姓名：&lt;b&gt;王&lt;/b&gt;；出资：5,000 元</li><li><b>2. </b>姓名：陈</li></ol>"
    assert "Contribution: 5,000 yuan" in answer(asked(Kind.GROUP), rows, "en")
    assert row(asked(Kind.GROUP), rows[0], "zh") == "<b>王</b>，5,000 元"


def test_a_drawn_signature_is_a_picture_with_words_and_without_style() -> None:
    said = answer(asked(Kind.SIGNATURE), {"way": "drawn", "strokes": [[0, 0, 500, 200], [10, 10]]}, "zh")
    assert isinstance(said, Markup)
    assert 'role="img" aria-label="已手写签名，共 2 笔"' in said
    assert "style" not in said
    assert said.count("M") == 2


@pytest.mark.parametrize("strokes", [[], ["x"], [["a", "b"]], [[]], "x", [[1]]])
def test_what_is_no_drawing_breaks_no_page(strokes: Any) -> None:
    assert "<path" not in answer(asked(Kind.SIGNATURE), {"way": "drawn", "strokes": strokes}, "zh")
