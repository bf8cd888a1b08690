"""A typed signature is the applicant's own; the browser says the same (tests/js/forms/signed.test.js)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.forms import mistakes as m
from app.forms.answers import check_answers
from app.forms.definition import Form, Kind, Page, Question, Text

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WORDS = Text(zh="题", en="Question")
NAME = Question(id="applicant.name", kind=Kind.NAME, label=WORDS)
SIGN = Question(id="co.sign", kind=Kind.SIGNATURE, label=WORDS)
DRAWN = {"way": "drawn", "strokes": [[10, 10, 200, 200, 400, 100, 600, 500, 800, 300]]}


def wrong(signature: Any, *questions: Question, name: str = "周雅琴") -> list[str]:
    form = Form(pages=(Page(id="only", title=WORDS, questions=questions),))
    answers = {"co.sign": signature} | ({"applicant.name": name} if NAME in questions else {})
    return [f"{one.question_id} {one.text_msgid}" for one in check_answers(form, answers, NOW).mistakes]


def test_another_name_is_refused_at_the_field_of_the_name() -> None:
    assert wrong({"way": "typed", "name": "沈伟"}, NAME, SIGN) == [f"co.sign:name {m.SIGN_NAME}"]


@pytest.mark.parametrize("signature", [{"way": "typed", "name": "周雅琴"}, {"way": "typed", "name": " 周雅琴 "}, DRAWN])
def test_ones_own_name_or_hand_is_a_signature(signature: dict[str, Any]) -> None:
    assert wrong(signature, NAME, SIGN) == []


def test_a_form_that_asks_for_no_applicant_takes_any_name() -> None:
    assert wrong({"way": "typed", "name": "沈伟"}, SIGN) == []
