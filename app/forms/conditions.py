"""Conditions over answers: the same closed subset of CEL in the server and in the browser (static/js/forms/conditions.js)."""

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import cel

from .definition import Form, Kind, Question
from .derived import derived, names_from, rule_of, today
from .expressions import Fields, FieldType, fields, parse

DISTRICT = "320507"
#: Types in conditions by kind, where it is not a string. Opaque ones can only be asked for with has().
TYPES = {
    Kind.NUMBER: "double", Kind.MONEY: "double", Kind.DATE: "date", Kind.MONTH: "date", Kind.SEVERAL: "list",
    Kind.YES_NO: "bool", Kind.DECLARATION: "bool", Kind.GROUP: "rows", Kind.ADDRESS: "address", Kind.PERSON: "person",
    Kind.SIGNATURE: "signature",
}  # fmt: skip
ROW = "row."


@lru_cache(4096)
def _program(expression: str) -> tuple[Any, tuple[str, ...], bool]:
    paths = tuple(fields(parse(expression)))
    return cel.compile(expression), paths, any(rule_of(path) for path in paths)


def _plain(value: Any) -> Any:
    """A value as expressions see it: every number a double, rows without what is not answered."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [{k: _plain(v) for k, v in row.items() if v is not None} if isinstance(row, dict) else row for row in value]
    return value


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
            here[leaf] = _plain(value)
    return root


def holds(expression: str, answers: Mapping[str, Any], now: datetime, district: str = DISTRICT) -> bool:
    """Whether a condition is true; false when an answer that it needs is missing or of the wrong type.

    `district` is the division code that counts as local. Raises BadExpression outside the closed subset.
    """
    program, paths, derives = _program(expression)
    values: Mapping[str, Any] = answers
    if derives:
        values = {path: answers.get(path) for path in paths} | derived(paths, answers, today(now), district)
    try:
        return program.execute(_nested(paths, values)) is True
    except Exception:  # the library's errors have no common class; a missing answer makes a condition false (architecture §6)
        return False


def answered(expression: str, answers: Mapping[str, Any], now: datetime, district: str) -> bool:
    """Whether every field that an expression names has an answer."""
    _, paths, _ = _program(expression)
    found = derived(paths, answers, today(now), district)
    return all(answers.get(path) is not None or path in found for path in paths)


def _fits(question: Question, value: object) -> bool:
    """Whether an answer has the type of its kind; only such ones count in conditions."""
    match TYPES.get(question.kind, "string"):
        case "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
        case "rows":
            return isinstance(value, list) and value != [] and all(isinstance(row, dict) for row in value)
        case "address":
            return isinstance(value, dict | str) and bool(value)
        case "person" | "signature":
            return isinstance(value, dict) and bool(value)
    return isinstance(value, str) and value != ""


def shown_row(group: Question, row: Mapping[str, Any], known: dict[str, Any], now: datetime, district: str) -> dict[str, Any]:
    """The visible columns of one row, None where not answered; `known`: the answers of the form that are shown."""
    cells: dict[str, Any] = {}
    mine: dict[str, Any] = {}
    values = ChainMap(mine, known)
    for column in group.questions:
        if column.shown_if is None or holds(column.shown_if, values, now, district):
            value = row.get(column.id)
            cells[column.id] = mine[ROW + column.id] = value if _fits(column, value) else None
    return cells


def reveal(form: Form, question: Question, value: Any, known: dict[str, Any], now: datetime) -> bool:
    """Put a question's answer among those that are shown, if the ones before it show it; gives whether they do."""
    if question.shown_if is not None and not holds(question.shown_if, known, now, form.district):
        return False
    known[question.id] = value if _fits(question, value) else None
    if question.kind is Kind.GROUP and known[question.id] is not None:
        known[question.id] = [shown_row(question, row, known, now, form.district) for row in value]
    return True


def shown(form: Form, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers of visible questions, None where not answered. What is hidden counts for nothing, nor in conditions.

    The rows of a group have their visible columns in the same way.
    """
    known: dict[str, Any] = {}
    for question in form.questions().values():
        reveal(form, question, answers.get(question.id), known, now)
    return known


def visible(form: Form, answers: Mapping[str, Any], now: datetime) -> set[str]:
    """The ids of the questions that are shown with these answers."""
    return set(shown(form, answers, now))


def _type(question: Question) -> FieldType:
    options = frozenset(o.value for o in question.options)
    columns = field_types({c.id: c for c in question.questions}) if question.kind is Kind.GROUP else {}
    may_miss = question.optional or question.shown_if is not None or (question.kind is Kind.GROUP and question.min_rows == 0)
    return FieldType(TYPES.get(question.kind, "string"), options, may_miss, columns)


def field_types(questions: Mapping[str, Question], prefix: str = "") -> Fields:
    """What conditions may name: every question, and the derived values whose question is asked."""
    known: dict[str, FieldType] = {}
    for q in questions.values():
        known[prefix + q.id] = found = _type(q)
        for name, rule in names_from(prefix + q.id, q.kind):
            known[name] = FieldType(rule.type, rule.options, found.may_miss)
    return known
