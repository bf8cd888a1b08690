"""Conditions over answers: the same closed subset of CEL in the server and in the browser (static/js/forms/conditions.js)."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import cel

from .definition import Form, Kind, Question
from .derived import DERIVED, derived
from .expressions import Fields, FieldType, fields, parse

DISTRICT = "320507"
TYPES = {Kind.NUMBER: "double", Kind.DATE: "date", Kind.SEVERAL: "list", Kind.YES_NO: "bool", Kind.DECLARATION: "bool"}


@lru_cache(4096)
def _program(expression: str) -> tuple[Any, tuple[str, ...]]:
    return cel.compile(expression), tuple(fields(parse(expression)))


def _nested(paths: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an expression as nested maps; a prefix is always there, so that has() answers false, not an error."""
    root: dict[str, Any] = {}
    for path in paths:
        *prefix, leaf = path.split(".")
        here = root
        for part in prefix:
            here = here.setdefault(part, {})
        value = values.get(path)
        if value is not None:
            number = isinstance(value, int) and not isinstance(value, bool)
            here[leaf] = float(value) if number else value
    return root


def holds(expression: str, answers: Mapping[str, Any], now: datetime, district: str = DISTRICT) -> bool:
    """Whether a condition is true; false when an answer that it needs is missing or of the wrong type.

    `district` is the division code that counts as local. Raises BadExpression outside the closed subset.
    """
    program, paths = _program(expression)
    values: Mapping[str, Any] = answers
    if any(path in DERIVED for path in paths):
        values = {**answers, **derived(answers, now, district)}
    try:
        return program.execute(_nested(paths, values)) is True
    except Exception:  # the library's errors have no common class; a missing answer makes a condition false (architecture §6)
        return False


def _fits(question: Question, value: object) -> bool:
    """Whether an answer has the type of its kind; only such ones count in conditions."""
    match TYPES.get(question.kind, "string"):
        case "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
    return isinstance(value, str) and value != ""


def shown(form: Form, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers of visible questions, None where not answered. What is hidden counts for nothing, nor in conditions."""
    known: dict[str, Any] = {}
    for question in form.questions().values():
        if question.shown_if is None or holds(question.shown_if, known, now, form.district):
            value = answers.get(question.id)
            known[question.id] = value if _fits(question, value) else None
    return known


def visible(form: Form, answers: Mapping[str, Any], now: datetime) -> set[str]:
    """The ids of the questions that are shown with these answers."""
    return set(shown(form, answers, now))


def field_types(questions: Mapping[str, Question]) -> Fields:
    """What conditions may name: every question, and the derived values whose question is asked."""
    known: dict[str, FieldType] = {}
    for q in questions.values():
        options = frozenset(o.value for o in q.options)
        known[q.id] = FieldType(TYPES.get(q.kind, "string"), options, may_miss=q.optional or q.shown_if is not None)
    return known | {
        name: FieldType(rule.type, may_miss=known[rule.source].may_miss)
        for name, rule in DERIVED.items()
        if rule.source in known
    }
