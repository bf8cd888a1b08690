"""Conditions over answers, by the shared vectors and at their edges."""

from typing import Any

import pytest

from app.forms.conditions import holds, shown, visible
from app.forms.definition import Form
from app.forms.expressions import BadExpression
from tests.forms.vectors import moment, read

VECTORS = read("conditions.json")
NOW = moment(VECTORS)


@pytest.mark.parametrize("vector", VECTORS["holds"], ids=lambda v: f"{v['if']} over {v['answers']}")
def test_a_condition_holds_as_the_vectors_say(vector: dict[str, Any]) -> None:
    assert holds(vector["if"], vector["answers"], NOW, vector.get("district", "320507")) is vector["is"]


@pytest.mark.parametrize("vector", VECTORS["visible"], ids=lambda v: str(v["answers"]))
def test_questions_are_visible_as_the_vectors_say(vector: dict[str, Any]) -> None:
    form = Form.model_validate(VECTORS["form"])
    assert visible(form, vector["answers"], NOW) == set(vector["are"])


@pytest.mark.parametrize("vector", VECTORS["rows"]["are"], ids=lambda v: str(v["answers"]))
def test_the_columns_of_a_row_are_shown_as_the_vectors_say(vector: dict[str, Any]) -> None:
    assert shown(Form.model_validate(VECTORS["rows"]["form"]), vector["answers"], NOW) == vector["shown"]


def test_a_condition_outside_the_subset_is_refused_and_not_evaluated() -> None:
    with pytest.raises(BadExpression):
        holds("a.x + 1.0 == 2.0", {"a.x": 1.0}, NOW)


def test_a_whole_number_counts_as_a_double() -> None:
    assert holds("a.n in [1.0, 2.0]", {"a.n": 2}, NOW)


def test_an_answer_of_the_wrong_type_makes_a_condition_false() -> None:
    assert not holds("a.n < 3.0", {"a.n": "2"}, NOW)
    assert not holds("a.x.startsWith('3')", {"a.x": 3.0}, NOW)
