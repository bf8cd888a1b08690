"""The largest form there may be is checked quickly, and what would take for ever is refused when it is loaded."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.catalogue.loader import load
from app.forms import mistakes
from app.forms.answers import check_answers
from app.forms.checking import findings
from app.forms.conditions import field_types, visible
from app.forms.definition import Question
from app.forms.expressions import BadExpression, parse
from tests.catalogue.folder import SERVICE, write
from tests.forms import large

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
FORM, ANSWERS = large.form(), large.answers()


def seconds(what: Callable[[], object]) -> float:
    """The processor's time for it, the best of three."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        what()
        taken.append(time.process_time() - before)
    return min(taken)


def test_two_hundred_questions_on_thirty_pages_with_a_thousand_rows_are_right() -> None:
    assert (len(FORM.questions()), len(FORM.pages)) == (large.QUESTIONS, large.PAGES)
    checked = check_answers(FORM, ANSWERS, NOW)
    assert checked.mistakes == ()
    assert len(checked.values) == large.QUESTIONS
    assert len(checked.values["rows.all"]) == large.ROWS


def test_the_first_answer_shows_or_hides_fifty_questions_in_a_chain() -> None:
    chain = [f"q{n}.yes" for n in range(large.DEPTH)]
    assert set(chain) <= visible(FORM, ANSWERS, NOW)
    assert not set(chain[1:]) & visible(FORM, {**ANSWERS, "q0.yes": False}, NOW)
    assert set(chain[:31]) <= visible(FORM, {**ANSWERS, "q30.yes": False}, NOW)
    assert not set(chain[31:]) & visible(FORM, {**ANSWERS, "q30.yes": False}, NOW)


def test_one_wrong_cell_among_a_thousand_rows_is_named() -> None:
    rows = [*ANSWERS["rows.all"]]
    rows[776] = {**rows[776], "code": "91110000600037341"}
    (mistake,) = check_answers(FORM, {**ANSWERS, "rows.all": rows}, NOW).mistakes
    assert (mistake.question_id, mistake.asked, mistake.text_msgid) == ("rows.all:776:code", "rows.all", mistakes.CODE_SHORT)


def test_a_thousand_and_one_rows_are_too_many() -> None:
    rows = [*ANSWERS["rows.all"], {}]
    (mistake,) = check_answers(FORM, {**ANSWERS, "rows.all": rows}, NOW).mistakes
    assert (mistake.text_msgid, mistake.params) == (mistakes.ROWS_MANY, {"max": 1000, "count": 1001})


def test_checking_grows_with_the_rows_and_not_faster() -> None:
    """Fifty times as many rows, in one run; milliseconds are measured by `make bench`."""
    few = {**ANSWERS, "rows.all": ANSWERS["rows.all"][:20]}
    assert seconds(lambda: check_answers(FORM, ANSWERS, NOW)) < 50 * seconds(lambda: check_answers(FORM, few, NOW))


class Plain(yaml.SafeDumper):
    """Writes out what is there twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def test_the_largest_form_loads_as_a_definition(tmp_path: Path) -> None:
    service = yaml.safe_load(SERVICE)
    service |= {"form": large.definition(), "materials": []}
    service["form"].pop("district")
    service["items"][1] |= {"needed_if": "q0.yes"}
    write(tmp_path, yaml.dump(service, Dumper=Plain, allow_unicode=True))
    assert len(load(tmp_path).services["tiny"].form.questions()) == large.QUESTIONS


ASKED = [{**large.YES, "id": "a.yes"}, {**large.GROUP, "id": "a.rows"}]
FIELDS = field_types({str(one["id"]): Question.model_validate(one) for one in ASKED})
BOMBS = {
    "a thousand terms": (" || ".join(["a.yes"] * 1000), "longer than 500 characters"),
    "fifty brackets": ("(" * 50 + "a.yes" + ")" * 50, "nested too deeply"),
    "as many brackets as fit": ("(" * 240 + "a.yes" + ")" * 240, "nested too deeply"),
    "brackets without end": ("(" * 100_000, "longer than 500 characters"),
    "rows for each row": ("a.rows.exists(h, a.rows.exists(i, i.pays > 1.0))", "too often"),
    "three times each row": ("a.rows.exists(h, a.rows.exists(i, a.rows.exists(j, j.pays > 1.0)))", "too often"),
}


@pytest.mark.parametrize("what", BOMBS)
def test_an_expression_that_would_take_for_ever_is_refused(what: str) -> None:
    expression, message = BOMBS[what]
    assert any(message in finding for finding in findings(expression, FIELDS))


def test_four_hundred_negations_are_read_without_a_stack() -> None:
    assert findings("!" * 400 + "a.yes", FIELDS) == []


@pytest.mark.parametrize("text", ["", " ", "&&", "a.", ".a", "a.x.exists(", "'", "a.x == '\n", "1.0.0", "\ud800", "é.x"])
def test_what_is_no_expression_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text)
