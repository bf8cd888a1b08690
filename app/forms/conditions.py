"""Conditions over answers: the same closed subset of CEL in the server and in the browser (static/js/forms/conditions.js)."""

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import cel

from .definition import Form, Kind, Question
from .derived import derived, names_from, rule_of, today
from .expressions import parse
from .trees import Fields, FieldType, fields, inner

DISTRICT = "320507"
#: Types in conditions by kind, where it is not a string. Opaque ones can only be asked for with has().
TYPES = {
    Kind.NUMBER: "double", Kind.MONEY: "double", Kind.DATE: "date", Kind.MONTH: "date", Kind.SEVERAL: "list",
    Kind.YES_NO: "bool", Kind.DECLARATION: "bool", Kind.GROUP: "rows", Kind.ADDRESS: "address", Kind.PERSON: "person",
    Kind.SIGNATURE: "signature",
}  # fmt: skip
ROW = "row."


class _Any(NamedTuple):
    """An exists() of an expression: what stands for it in the expression, the list, the variable, the condition within."""

    name: str
    items: str
    variable: str
    body: str


class _Program(NamedTuple):
    run: Any
    paths: tuple[str, ...]
    inner: tuple[_Any, ...]


@lru_cache(4096)
def _paths(expression: str) -> tuple[tuple[str, ...], bool]:
    """The fields that an expression names, and whether there are derived ones among them."""
    paths = tuple(fields(parse(expression)))
    return paths, any(rule_of(path) for path in paths)


@lru_cache(4096)
def _program(expression: str) -> _Program:
    """Compiled without its exists(), which are asked one by one: the library gives up at the first row that lacks a column,
    where the specification, and the browser's library, look for another row that fits.
    """
    found = inner(parse(expression))
    parts = tuple(_Any(f"exists_{n}", one.items.path, one.variable, expression[one.inside]) for n, one in enumerate(found))
    rest = expression
    for part, one in reversed(list(zip(parts, found, strict=True))):
        rest = rest[: one.place.start] + part.name + rest[one.place.stop :]
    return _Program(cel.compile(rest), tuple(fields(parse(rest)) - {part.name for part in parts}), parts)


def _plain(value: Any) -> Any:
    """A value as expressions see it: every number a double."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an expression as nested maps; a prefix is always there, so that has() answers false, not an error."""
    root: dict[str, Any] = {}
    for path, value in values.items():
        *prefix, leaf = path.split(".")
        here = root
        for part in prefix:
            here = here.setdefault(part, {})
        if value is not None:
            here[leaf] = _plain(value)
    return root


def _outcome(expression: str, values: Mapping[str, Any]) -> bool | None:
    """True or false, None when an answer that is needed is missing or of the wrong type."""
    run, paths, parts = _program(expression)
    found = {path: values.get(path) for path in paths} | {part.name: _any(part, values) for part in parts}
    try:
        outcome = run.execute(_nested(found))
    except Exception:  # the library's errors have no common class; a missing answer makes a condition false (architecture §6)
        return None
    return outcome if isinstance(outcome, bool) else None


def _any(part: _Any, values: Mapping[str, Any]) -> bool | None:
    """Whether a list has an item that fits; when none does, one that cannot be told of leaves it open."""
    items, known = values.get(part.items), True
    if not isinstance(items, list):
        return None
    for item in items:
        mine = {f"{part.variable}.{k}": v for k, v in item.items()} if isinstance(item, dict) else {part.variable: item}
        outcome = _outcome(part.body, {**values, **mine})
        if outcome:
            return True
        known = known and outcome is not None
    return False if known else None


def _values(expression: str, answers: Mapping[str, Any], now: datetime, district: str) -> dict[str, Any]:
    """The values of the fields that an expression names, derived ones among them."""
    paths, derives = _paths(expression)
    found = {path: answers.get(path) for path in paths}
    return found | derived(paths, answers, today(now), district) if derives else found


def holds(expression: str, answers: Mapping[str, Any], now: datetime, district: str = DISTRICT) -> bool:
    """Whether a condition is true; false when an answer that it needs is missing or of the wrong type.

    `district` is the division code that counts as local. Raises BadExpression outside the closed subset.
    """
    return _outcome(expression, _values(expression, answers, now, district)) is True


def broken(expression: str, answers: Mapping[str, Any], now: datetime, district: str) -> bool:
    """Whether a rule surely does not hold: every field that it names has an answer, and with these it is false."""
    values = _values(expression, answers, now, district)
    return all(value is not None for value in values.values()) and _outcome(expression, values) is False


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
    columns = {column.id: _type(column) for column in question.questions}  # nothing derived: exists() would not find it
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
