"""What may rest in a draft, and what may not."""

from typing import Any

import pytest

from app.filing.shapes import CONTROL, MOST_POINTS, MOST_ROWS, NO_OPTION, TOO_LONG, UNKNOWN, WRONG_TYPE, faults
from app.forms.definition import Form, Kind, Option, Page, Question, Text

WORD = Text(zh="题", en="Question")
OPTIONS = (Option(value="yes_a", label=WORD), Option(value="yes_b", label=WORD))


def form() -> Form:
    """One question of each kind that matters here."""
    kinds = {
        "t": Kind.TEXT, "n": Kind.NAME, "id": Kind.ID_NUMBER, "num": Kind.NUMBER, "yes": Kind.YES_NO, "c": Kind.CHOICE,
        "s": Kind.SEVERAL, "d": Kind.DATE, "ok": Kind.DECLARATION, "m": Kind.MONTH, "y": Kind.MONEY, "div": Kind.DIVISION,
        "a": Kind.ADDRESS, "p": Kind.PERSON, "sign": Kind.SIGNATURE, "code": Kind.CREDIT_CODE,
    }  # fmt: skip
    questions = [Question(id=name, kind=kind, label=WORD, options=OPTIONS, max_length=10) for name, kind in kinds.items()]
    columns = tuple(Question(id=name, kind=kinds[name], label=WORD, options=OPTIONS) for name in ("n", "y", "c", "a", "p"))
    questions.append(Question(id="g", kind=Kind.GROUP, label=WORD, questions=columns))
    return Form(pages=(Page(id="p", title=WORD, questions=tuple(questions)),))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("t", "两行\n也行"),
        ("n", "王晓兰"),
        ("n", "王😀"),
        ("id", "3205"),
        ("d", "2099-01-01"),
        ("num", 1),
        ("num", 1.5),
        ("yes", False),
        ("c", "yes_a"),
        ("s", ["yes_b", "yes_a"]),
        ("ok", True),
        ("t", ""),
        ("s", []),
        ("m", "三月"),
        ("y", 1.234),
        ("div", "还没选"),
        ("code", "9132"),
        ("a", "一行"),
        ("a", {"division": "999999", "detail": "3 组"}),
        ("a", {}),
        ("p", {"name": "王", "id_number": "3205"}),
        ("p", {}),
        ("sign", {"way": "typed", "name": "王"}),
        ("sign", {"way": "drawn", "strokes": [[0, 1000, 5, 5], [7, 7]]}),
        ("sign", {"way": "drawn", "strokes": []}),
        ("g", []),
        ("g", [{}, {"n": "王", "y": 1}, {"p": {"name": "陈"}, "a": {"detail": "x"}}]),
        ("g", [{"n": "王"}] * MOST_ROWS),
    ],
)
def test_it_keeps_what_was_typed_right_or_wrong(name: str, value: Any) -> None:
    assert faults(form(), {name: value}) == {}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("nobody_asked", "x", UNKNOWN),
        ("t", 1, WRONG_TYPE),
        ("t", None, WRONG_TYPE),
        ("t", {"a": 1}, WRONG_TYPE),
        ("t", "十" * 11, TOO_LONG),
        ("id", "1" * 201, TOO_LONG),
        ("t", "a\x00b", CONTROL),
        ("t", "a\x1bb", CONTROL),
        ("t", "\ud800", CONTROL),
        ("n", "王\n兰", CONTROL),
        ("num", "1", WRONG_TYPE),
        ("num", True, WRONG_TYPE),
        ("num", float("nan"), WRONG_TYPE),
        ("num", float("inf"), WRONG_TYPE),
        ("num", 10**400, WRONG_TYPE),
        ("yes", "true", WRONG_TYPE),
        ("yes", 1, WRONG_TYPE),
        ("c", "yes_c", NO_OPTION),
        ("c", ["yes_a"], WRONG_TYPE),
        ("m", 202603, WRONG_TYPE),
        ("y", "12", WRONG_TYPE),
        ("div", 320507, WRONG_TYPE),
        ("a", {"detail": "十" * 11}, TOO_LONG),
        ("a", {"detail": 1}, WRONG_TYPE),
        ("a", {"street": "x"}, WRONG_TYPE),
        ("a", {"division": ["x"]}, WRONG_TYPE),
        ("p", {"name": 1}, WRONG_TYPE),
        ("p", {"phone": "138"}, UNKNOWN),
        ("p", "王", WRONG_TYPE),
        ("p", {"name": "a\x00"}, CONTROL),
        ("g", {"n": "王"}, WRONG_TYPE),
        ("g", ["王"], WRONG_TYPE),
        ("g", [{"z": "x"}], UNKNOWN),
        ("g", [{"y": "x"}], WRONG_TYPE),
        ("g", [{"c": "yes_c"}], NO_OPTION),
        ("g", [{}] * (MOST_ROWS + 1), TOO_LONG),
        ("g", [{"p": {"name": ["x"]}}], WRONG_TYPE),
        ("sign", {"way": "drawn"}, WRONG_TYPE),
        ("sign", {"way": "drawn", "strokes": [[1, 2, 3]]}, WRONG_TYPE),
        ("sign", {"way": "drawn", "strokes": [[1, 1001]]}, WRONG_TYPE),
        ("sign", {"way": "drawn", "strokes": [[1, 1.5]]}, WRONG_TYPE),
        ("sign", {"way": "drawn", "strokes": [[True, 1]]}, WRONG_TYPE),
        ("sign", {"way": "typed", "name": 1}, WRONG_TYPE),
        ("sign", {"way": "drawn", "strokes": [[1, 1] * (MOST_POINTS + 1)]}, TOO_LONG),
        ("sign", {"way": "stamp"}, WRONG_TYPE),
        ("sign", {"way": "typed", "name": "王", "picture": "data:"}, WRONG_TYPE),
        ("sign", "王", WRONG_TYPE),
        ("s", "yes_a", WRONG_TYPE),
        ("s", ["yes_a", "yes_a"], NO_OPTION),
        ("s", [1], WRONG_TYPE),
        ("ok", 1, WRONG_TYPE),
    ],
)
def test_it_refuses_what_cannot_be_an_answer(name: str, value: Any, reason: str) -> None:
    assert faults(form(), {name: value, "yes": True} if name != "yes" else {name: value}) == {name: reason}


def test_a_name_that_cannot_be_shown_is_not_repeated() -> None:
    assert faults(form(), {"\ud800": "x"}) == {"?": UNKNOWN}
