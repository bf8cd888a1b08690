"""Two people, or one person on two devices, changed the same draft: what can be joined is joined, the rest is asked.

static/js/filing/merge.js does the same for the page.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """`answers` as far as they can be joined (mine where both differ), `clashes` the questions that must be chosen."""

    answers: dict[str, Any]
    clashes: tuple[str, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], asked: Collection[str]) -> Merged:
    """Join two changes of `base`, question by question; no answer is an answer like any other."""
    answers = {name: value for name, value in theirs.items() if name not in asked}
    clashes = []
    for name in asked:
        b, m, t = base.get(name), mine.get(name), theirs.get(name)
        value = t if m == b else m
        if t not in (b, m) and m != b:
            clashes.append(name)
        if value is not None:
            answers[name] = value
    return Merged(answers, tuple(clashes))
