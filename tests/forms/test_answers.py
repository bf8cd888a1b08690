"""Each kind's check and whole forms, by the shared vectors; the same texts in both languages."""

import re
from typing import Any

import pytest

from app.core.i18n import english, gettext
from app.forms import kinds, mistakes
from app.forms.answers import check_answers, proposals
from app.forms.definition import Form, Question
from app.forms.derived import today
from app.forms.mistakes import Wrong
from app.forms.verdicts import At
from tests.forms.vectors import FOLDER, moment, read

VECTORS = read("answers.json")
NOW = moment(VECTORS)
FORM = Form.model_validate(VECTORS["form"])
AT = At(today(NOW), "320507")


def question_of(vector: dict[str, Any]) -> Question:
    """The question of a vector, with an id and a label that do not matter."""
    return Question.model_validate({"id": "a.x", "label": {"zh": "题", "en": "Q"}, **vector["question"]})


def name_of(vector: dict[str, Any]) -> str:
    return f"{vector['question']['kind']}-{vector['value']!r}"[:60]


@pytest.mark.parametrize("vector", [v for v in VECTORS["checks"] if "is" in v], ids=name_of)
def test_a_good_answer_is_normalised(vector: dict[str, Any]) -> None:
    question = question_of(vector)
    value = kinds.check(question, vector["value"], AT)
    assert value == vector["is"]
    assert type(value) is not int
    doubts = [text for _, text in kinds.doubts(question, value)]
    assert doubts == ([getattr(mistakes, vector["doubt"])] if "doubt" in vector else [])


@pytest.mark.parametrize("vector", [v for v in VECTORS["checks"] if "wrong" in v], ids=name_of)
def test_a_bad_answer_is_refused_with_its_remedy(vector: dict[str, Any]) -> None:
    with pytest.raises(Wrong) as caught:
        kinds.check(question_of(vector), vector["value"], AT)
    assert (caught.value.text, caught.value.params) == (getattr(mistakes, vector["wrong"]), vector["params"])
    if "zh" in vector:
        assert caught.value.text % caught.value.params == vector["zh"]
        assert gettext(caught.value.text, "en") % caught.value.params == vector["en"]


@pytest.mark.parametrize("vector", VECTORS["whole"], ids=lambda v: v["name"])
def test_a_whole_form_is_checked(vector: dict[str, Any]) -> None:
    checked = check_answers(FORM, vector["answers"], NOW, page_id=vector.get("page"), partial=vector.get("partial", False))
    assert checked.values == vector["values"]
    assert [(m.question_id, m.text_msgid) for m in checked.mistakes] == [
        (name, getattr(mistakes, text)) for name, text in vector["mistakes"]
    ]
    assert [(m.question_id, m.text_msgid) for m in checked.warnings] == [
        (name, getattr(mistakes, text)) for name, text in vector.get("warnings", [])
    ]


@pytest.mark.parametrize("vector", VECTORS["proposals"], ids=lambda v: str(v["answers"]))
def test_what_is_known_is_proposed_with_its_source(vector: dict[str, Any]) -> None:
    found = proposals(FORM, vector["answers"], VECTORS["profile"], NOW)
    assert {name: [p.value, p.source] for name, p in found.items()} == vector["are"]


def test_every_mistake_has_english_and_the_browsers_text_is_the_same() -> None:
    script = (FOLDER.parents[1] / "app/static/js/forms/mistakes.js").read_text(encoding="utf-8")
    assert re.findall(r'= "(.*)";', script) == list(mistakes.ALL)
    assert not [text for text in mistakes.ALL if text not in english()]


def test_numbers_that_no_json_has_are_refused() -> None:
    number = question_of({"question": {"kind": "number"}})
    for value in (float("nan"), float("inf"), 10**400):
        with pytest.raises(Wrong):
            kinds.check(number, value, AT)


def test_half_a_surrogate_is_refused_before_it_can_break_the_database() -> None:
    with pytest.raises(Wrong):
        kinds.check(question_of({"question": {"kind": "text"}}), "a\ud800", AT)


def test_params_of_mistakes_carry_no_personal_data() -> None:
    answers = {"who.name": "王晓兰1", "who.more": True, "pay.card": "62220000"}
    for mistake in check_answers(FORM, answers, NOW).mistakes:
        assert not {"王晓兰1", "62220000"} & set(map(str, mistake.params.values()))
