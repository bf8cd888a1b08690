"""Whatever is sent in, checks answer with mistakes, never with an error of ours."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import editions
from app.catalogue.plans import plan
from app.forms.answers import check_answers
from app.forms.conditions import visible

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["mother", "father", "han"])
)
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=2), max_leaves=5
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_answer_breaks_the_engine(data: st.DataObject) -> None:
    edition = editions.current("newborn")
    form = edition.service.form
    names = st.sampled_from([*form.questions(), "nobody.asked", "", "__proto__.x"])
    answers: dict[str, Any] = data.draw(st.dictionaries(names, VALUES, max_size=12))
    checked = check_answers(form, answers, NOW)
    assert set(checked.values) <= visible(form, checked.values, NOW)
    json.dumps(checked.values, allow_nan=False, ensure_ascii=False).encode()
    plan(edition, answers, NOW)
    again = check_answers(form, checked.values, NOW)
    assert again.values == checked.values
