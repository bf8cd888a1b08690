"""Whatever is sent in, checks answer with mistakes, never with an error of ours."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import editions
from app.catalogue.plans import plan
from app.core import i18n
from app.forms.answers import Checked, check_answers, proposals
from app.forms.conditions import visible
from app.forms.definition import Form
from tests.forms import large, made
from tests.forms.test_twins import EVERY_KIND

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
WORDS = ["mother", "father", "han", "drawn", "typed", *made.IDS, *made.CODES, *made.PLACES, *made.DAYS, *made.MONTHS]
HOSTILE = ["\ud800", "王\udfff", "a\x00b", "__proto__", "constructor", "%(say)s", "９" * 18, "1" * 5000, "\u202e", "١٢٣"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**53, float("nan"), float("inf"), float("-inf"), -0.0, 5e-324, 1e308])
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from([*WORDS, *HOSTILE])
)
KEYS = st.sampled_from(
    ["name", "id_number", "phone", "division", "detail", "way", "strokes", "kind", "c0", "c14", "n"]
) | st.text(max_size=5)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(KEYS, v, max_size=4), max_leaves=12)


@cache
def every_kind() -> Form:
    return Form.model_validate(EVERY_KIND)


def sound(form: Form, answers: dict[str, Any]) -> Checked:
    """Checked, and whatever is kept can be stored, sent, said and checked again."""
    checked = check_answers(form, answers, NOW)
    assert set(checked.values) <= visible(form, checked.values, NOW)
    json.dumps(checked.values, allow_nan=False, ensure_ascii=False).encode()
    for mistake in checked.mistakes:
        words = i18n.gettext(mistake.text_msgid, "en")
        json.dumps([mistake.question_id, words % i18n.said(mistake.params, "en")], ensure_ascii=False).encode()
    assert check_answers(form, checked.values, NOW).values == checked.values
    return checked


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_answer_breaks_the_engine(data: st.DataObject) -> None:
    edition = editions.current("newborn")
    form = edition.service.form
    names = st.sampled_from([*form.questions(), "nobody.asked", "", "__proto__.x", "\ud800.x"])
    answers: dict[str, Any] = data.draw(st.dictionaries(names, VALUES, max_size=12))
    sound(form, answers)
    plan(edition, answers, NOW)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_of_any_kind_breaks_the_engine(data: st.DataObject) -> None:
    form = every_kind()
    answers: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from([*form.questions()]), VALUES, max_size=8))
    sound(form, answers)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_nothing_known_breaks_a_proposal_and_nothing_wrong_is_proposed(data: st.DataObject) -> None:
    form = editions.current("newborn").service.form
    sources = {s for q in form.questions().values() for s in ([q.prefill] if isinstance(q.prefill, str) else q.prefill or ())}
    names = st.sampled_from([*sources, *(f"earlier.{name}" for name in form.questions()), "profile.id_number"])
    known: dict[str, Any] = data.draw(st.dictionaries(names, VALUES, max_size=8))
    offered = proposals(form, {}, known, NOW)
    answers = {name: one.value for name, one in offered.items()}
    wrong = {m.asked for m in check_answers(form, answers, NOW, partial=True).mistakes}
    assert not wrong & set(answers)


def test_an_answer_nested_without_end_is_a_mistake_like_any_other() -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]
    for name in every_kind().questions():
        assert check_answers(every_kind(), {name: deep}, NOW).values in ({}, {name: [{}]})


def test_a_row_that_is_nested_in_rows_is_no_row() -> None:
    rows: Any = [[large.answers()["rows.all"]]]
    (mistake,) = check_answers(large.form(), {"rows.all": rows, "rows.total": 1}, NOW, partial=True).mistakes
    assert mistake.question_id == "rows.all:0"
