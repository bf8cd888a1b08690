"""What a browser sends of each kind, read into answers; static/js/filing/fields.js reads the same (tests/js/filing)."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.datastructures import FormData

from app.core.errors import TooLarge
from app.filing.pages import as_fields
from app.filing.posted import answers_of
from app.filing.shapes import MOST_ROWS
from app.forms.definition import Kind, Level, Page, Question, Text

WORD = Text(zh="题", en="Question")
COLUMNS = (
    Question(id="name", kind=Kind.NAME, label=WORD),
    Question(id="share", kind=Kind.MONEY, label=WORD),
    Question(id="rep", kind=Kind.PERSON, label=WORD),
    Question(id="where", kind=Kind.DIVISION, label=WORD),
)

pytestmark = pytest.mark.usefixtures("database")


def read(kind: Kind, fields: list[tuple[str, str]], **more: Any) -> Any:
    """The answer that these fields give to a question q of this kind."""
    question = Question(id="q", kind=kind, label=WORD, questions=COLUMNS if kind is Kind.GROUP else (), **more)
    return answers_of(Page(id="one", title=WORD, questions=(question,)), FormData(fields)).get("q")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, " 两行\r\n的 ", "两行\n的"),
        (Kind.TEXT, "  ", None),
        (Kind.NUMBER, "１，２００", 1200.0),
        (Kind.NUMBER, "两个", "两个"),
        (Kind.MONEY, "￥1,234.50 元", 1234.5),
        (Kind.MONEY, "很多", "很多"),
        (Kind.YES_NO, "false", False),
        (Kind.DECLARATION, "true", True),
        (Kind.DATE, "2026-03-04", "2026-03-04"),
        (Kind.DATE, "2026年3月4日", "2026-03-04"),
        (Kind.DATE, "明天", "明天"),
        (Kind.MONTH, "2026-03", "2026-03"),
        (Kind.MONTH, "2026年3月", "2026-03"),
        (Kind.MONTH, "２０２６／３", "2026-03"),
        (Kind.MONEY, "inf", "inf"),
        (Kind.SIGNATURE, "x", None),
    ],
)
def test_one_field(kind: Kind, text: str, value: Any) -> None:
    assert read(kind, [("q", text)]) == value


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        (["320000", "320500", "320506"], "320506"),
        (["330000", "320500", "320507"], "330000"),  # another province was picked, without script: what is below it is old
        (["330000", "330100", "320507"], "330100"),
        (["320000", "320500", ""], None),  # where the picker starts by itself
        (["", "", ""], None),
        (["999999"], "999999"),  # unknown: told at the next step
    ],
)
def test_a_place_is_the_deepest_that_fits(fields: list[str], value: str | None) -> None:
    assert read(Kind.DIVISION, [("q", code) for code in fields], down_to=Level.COUNTY) == value


def test_an_address_is_a_place_and_a_detail() -> None:
    home = [("q:division", code) for code in ("320000", "320500", "320507", "320507104", "")]
    assert read(Kind.ADDRESS, [*home, ("q:detail", "3 组")]) == {"division": "320507104", "detail": "3 组"}
    assert read(Kind.ADDRESS, [*home, ("q:detail", "")]) == {"division": "320507104"}
    untouched = home[:3]
    assert read(Kind.ADDRESS, [*untouched, ("q:detail", "")]) is None
    assert read(Kind.ADDRESS, [*untouched, ("q:detail", "3 组")]) == {"division": "320507", "detail": "3 组"}


def test_a_person_has_the_parts_that_are_asked() -> None:
    sent = [("q:name", "王晓兰"), ("q:id_number", ""), ("q:phone", "138")]
    assert read(Kind.PERSON, sent) == {"name": "王晓兰"}
    assert read(Kind.PERSON, sent, with_phone=True) == {"name": "王晓兰", "phone": "138"}
    assert read(Kind.PERSON, [("q:name", "")]) is None


def test_rows_come_in_their_order_open_or_closed() -> None:
    sent = [
        ("q:10:name", "丙"),
        ("q:0:name", "甲"),
        ("q:0:share", "5,000"),
        ("q:2", '{"name":"乙","share":1}'),
        ("q:0:rep:name", "丁"),
        ("q:0:where", "320000"),
        ("q:11:name", ""),
        ("q:x:name", "戊"),
        ("q:99999:name", "己"),
        ("q:3", "{"),
        ("q:4", "[]"),
    ]
    assert read(Kind.GROUP, sent) == [
        {"name": "甲", "share": 5000.0, "rep": {"name": "丁"}},
        {"name": "乙", "share": 1},
        {},
        {},
        {"name": "丙"},
    ]


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ([("q:strokes", "[[1,2,3,4]]"), ("q:name", "王")], {"way": "drawn", "strokes": [[1, 2, 3, 4]]}),
        ([("q:strokes", ""), ("q:name", "王晓兰")], {"way": "typed", "name": "王晓兰"}),
        ([("q:strokes", "[["), ("q:name", "")], None),
        ([("q:strokes", "[" * 100_000)], None),
        ([("q:strokes", "{}"), ("q:name", "")], None),
    ],
)
def test_a_signature_is_drawn_or_typed(fields: list[tuple[str, str]], value: Any) -> None:
    assert read(Kind.SIGNATURE, fields) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.PERSON, {"name": "王晓兰", "id_number": "3205"}),
        (Kind.ADDRESS, {"division": "320507104", "detail": "3 组"}),
        (Kind.DIVISION, "320506"),
        (Kind.SIGNATURE, {"way": "drawn", "strokes": [[1, 2]]}),
        (Kind.SIGNATURE, {"way": "typed", "name": "王"}),
        (Kind.GROUP, [{"name": "甲"}, {"share": 5.5, "rep": {"name": "乙"}}]),
        (Kind.MONEY, 12.5),
        (Kind.YES_NO, False),
    ],
)
def test_what_a_conflict_page_carries_is_read_back(kind: Kind, value: Any) -> None:
    question = Question(id="q", kind=kind, label=WORD, questions=COLUMNS if kind is Kind.GROUP else ())
    page = Page(id="one", title=WORD, questions=(question,))
    carried = parse_qsl(urlencode(as_fields(page, {"q": value})), keep_blank_values=True)
    assert answers_of(page, FormData(carried)) == {"q": value}


def test_rows_without_end_are_read_as_far_as_tells_that_there_are_too_many() -> None:
    group = Question(id="q", kind=Kind.GROUP, label=WORD, questions=COLUMNS)
    page = Page(id="one", title=WORD, questions=(group,))
    sent = FormData([(f"q:{n}:name", "甲") for n in range(9_999)])
    assert len(answers_of(page, sent)["q"]) == MOST_ROWS + 1


def test_a_signature_of_a_thousand_pages_is_none() -> None:
    page = Page(id="one", title=WORD, questions=(Question(id="q", kind=Kind.SIGNATURE, label=WORD),))
    assert answers_of(page, FormData([("q:strokes", f"[[{'1,' * 60_000}1]]")])) == {}


def test_more_text_than_anybody_types_is_refused_also_where_files_may_come() -> None:
    page = Page(id="one", title=WORD, questions=(Question(id="q", kind=Kind.TEXT, label=WORD),))
    with pytest.raises(TooLarge):
        answers_of(page, FormData([(f"q:{n}", "字" * 900_000) for n in range(3)]))
