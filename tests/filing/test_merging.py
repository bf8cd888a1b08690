"""Two devices changed the same draft (the browser's merge.js has the same cases)."""

from typing import Any

import pytest

from app.filing.merging import merge

Answers = dict[str, Any]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "answers", "clashes"),
    [
        ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}, ()),
        ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, ()),
        ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, ()),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}, ("a",)),
        ({"a": 1}, {}, {"a": 1}, {}, ()),
        ({"a": 1}, {"a": 1}, {}, {}, ()),
        ({"a": 1}, {}, {"a": 2}, {}, ("a",)),
        ({}, {"a": 1}, {"b": 2}, {"a": 1, "b": 2}, ()),
        ({}, {}, {"other_page": 5}, {"other_page": 5}, ()),
    ],
)
def test_it_joins_what_can_be_joined_and_asks_the_rest(
    base: Answers, mine: Answers, theirs: Answers, answers: Answers, clashes: tuple[str, ...]
) -> None:
    merged = merge(base, mine, theirs, ["a", "b"])
    assert (merged.answers, merged.clashes) == (answers, clashes)
