"""Each kind's check and whole forms, by the shared vectors; the same texts in both languages."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from app.core import i18n
from app.core.i18n import english, gettext
from app.forms import kinds, mistakes
from app.forms.answers import check_answers, proposals
from app.forms.definition import Form, Question, Text
from app.forms.derived import today
from app.forms.mistakes import Mistake, Wrong
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


def said(found: Iterable[Mistake]) -> list[tuple[str, str]]:
    return [(m.question_id, m.text_msgid) for m in found]


def meant(named: list[list[str]]) -> list[tuple[str, str]]:
    return [(place, getattr(mistakes, text)) for place, text, *_ in named]


@pytest.mark.parametrize("vector", VECTORS["parts"], ids=name_of)
def test_an_answer_with_parts_is_checked_part_by_part(vector: dict[str, Any]) -> None:
    page = {"id": "one", "title": {"zh": "一", "en": "one"}}
    question = {"id": "a.x", "label": {"zh": "题", "en": "Q"}, **vector["question"]}
    form = Form.model_validate({"district": "320507", "pages": [{**page, "questions": [question]}]})
    checked = check_answers(form, {"a.x": vector["value"]}, NOW, partial=vector.get("partial", False))
    assert checked.values.get("a.x") == vector["is"]
    assert said(checked.mistakes) == meant([["a.x" + place, *rest] for place, *rest in vector["mistakes"]])
    assert [m.params for m in checked.mistakes] == [params for _, _, params in vector["mistakes"]]
    assert {m.asked for m in checked.mistakes} <= {"a.x"}
    assert said(checked.warnings) == meant([["a.x" + place, text] for place, text in vector.get("warnings", [])])
    assert check_answers(form, checked.values, NOW).values == checked.values


@pytest.mark.parametrize("vector", VECTORS["whole"], ids=lambda v: v["name"])
def test_a_whole_form_is_checked(vector: dict[str, Any]) -> None:
    checked = check_answers(FORM, vector["answers"], NOW, page_id=vector.get("page"), partial=vector.get("partial", False))
    assert checked.values == vector["values"]
    assert said(checked.mistakes) == meant(vector["mistakes"])
    assert said(checked.warnings) == meant(vector.get("warnings", []))


@pytest.mark.parametrize("vector", VECTORS["across"]["vectors"], ids=lambda v: v["name"])
def test_rules_across_questions_are_checked(vector: dict[str, Any]) -> None:
    form = Form.model_validate(VECTORS["across"]["form"])
    checked = check_answers(form, vector["answers"], NOW, page_id=vector.get("page"), partial=vector.get("partial", False))
    assert said(checked.mistakes) == meant(vector["mistakes"])
    assert [i18n.said(m.params, "en") for m in checked.mistakes] == [
        i18n.said(_texts(p), "en") for _, _, p in vector["mistakes"]
    ]


def _texts(params: dict[str, Any]) -> dict[str, Any]:
    return {name: Text.model_validate(value) if isinstance(value, dict) else value for name, value in params.items()}


@pytest.mark.parametrize("vector", VECTORS["proposals"], ids=lambda v: str(v["answers"]))
def test_what_is_known_is_proposed_with_its_source(vector: dict[str, Any]) -> None:
    found = proposals(FORM, vector["answers"], VECTORS["known"], NOW)
    assert {name: [p.value, p.source] for name, p in found.items()} == vector["are"]


@pytest.mark.parametrize("vector", VECTORS["offered"]["vectors"], ids=lambda v: str(v["known"]))
def test_the_first_source_with_a_fitting_value_is_proposed(vector: dict[str, Any]) -> None:
    found = proposals(Form.model_validate(VECTORS["offered"]["form"]), vector["answers"], vector["known"], NOW)
    assert {name: [p.value, p.source] for name, p in found.items()} == vector["are"]


def test_a_rule_of_a_definition_is_said_in_the_readers_language() -> None:
    form = Form.model_validate(VECTORS["across"]["form"])
    (mistake,) = check_answers(form, {"co.from": 2, "co.to": 2}, NOW, partial=True).mistakes
    assert gettext(mistake.text_msgid, "zh") % i18n.said(mistake.params, "zh") == "到要大于从。100% 对。"
    assert gettext(mistake.text_msgid, "en") % i18n.said(mistake.params, "en") == "To must be greater than from."


def test_a_signature_has_at_most_four_thousand_points() -> None:
    question = question_of({"question": {"kind": "signature"}})
    full = [[0, 0, n, 9] * 10 for n in range(200)]
    assert kinds.judge(question, {"way": "drawn", "strokes": full}, AT).value == {"way": "drawn", "strokes": full}
    over = kinds.judge(question, {"way": "drawn", "strokes": [*full, [1, 1]]}, AT)
    assert over.wrong is not None
    assert over.wrong.text == mistakes.SIGN_LESS


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
