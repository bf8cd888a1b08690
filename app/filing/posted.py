"""A form page as a browser sends it, read into answers; what cannot be read stays as it was typed, to be shown again.

Parts have names of their own: `co.rep:id_number`, `co.holders:0:name` (row 0), `co.holders:7` (a whole row as JSON, where the
page shows rows closed), `home.address:division` (one per level, the deepest counts). static/js/filing/fields.js reads the same.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from app.core.errors import TooLarge
from app.forms.definition import Kind, Level, Page, Question
from app.territory import divisions

from . import places
from .parts import parts_of
from .shapes import MOST_ROWS

#: Form fields of one page: two hundred questions, or a thousand rows of ten columns.
MOST_FIELDS = 12_000
#: Characters of all of them: a body that may carry files is larger, what is typed is not. Then rows, as many as tell that
#: there are too many, and a signature's strokes as text: reading and showing more would keep everybody else waiting.
MOST_TEXT, MOST_READ, MOST_STROKES = 2 * 1024 * 1024, MOST_ROWS + 1, 100_000
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－／", "0123456789.,-/")
MONEY_SIGNS = str.maketrans("", "", "元圆￥¥ \u3000")
DAY, MONTH = re.compile(r"(\d{4})[年/.](\d{1,2})[月/.](\d{1,2})日?"), re.compile(r"(\d{4})[年/.-](\d{1,2})月?")
Sent = Mapping[str, list[str]]


def fields_of(form: FormData) -> dict[str, list[str]]:
    """The texts of a form by field, each in the order it came; files are left out. Raises TooLarge."""
    found: dict[str, list[str]] = {}
    length = 0
    for name, value in form.multi_items():
        if isinstance(value, str):
            length += len(value)
            if length > MOST_TEXT:
                raise TooLarge
            found.setdefault(name, []).append(value.replace("\r\n", "\n").strip())
    return found


def answers_of(page: Page, form: FormData) -> dict[str, Any]:
    """The page's answers by question; an empty field is no answer."""
    sent = fields_of(form)
    found = {q.id: read(q, q.id, sent) for q in page.questions}
    return {name: value for name, value in found.items() if value is not None}


def read(question: Question, name: str, sent: Sent) -> Any:
    """The answer to a question whose fields are called `name`; None when there is none."""
    if question.kind in _COMPOSED:
        return _COMPOSED[question.kind](question, name, sent)
    texts = sent.get(name, [])
    if question.kind is Kind.SEVERAL:
        return [t for t in texts if t] or None
    return _single(question, texts[-1]) if texts and texts[-1] else None


def _single(question: Question, text: str) -> Any:
    match question.kind:
        case Kind.YES_NO | Kind.DECLARATION:
            return text == "true" if text in ("true", "false") else text
        case Kind.NUMBER:
            return _number(text, text)
        case Kind.MONEY:
            return _number(text.translate(MONEY_SIGNS), text)
        case Kind.DATE:
            return _calendar(DAY, text)
        case Kind.MONTH:
            return _calendar(MONTH, text)
    return text


def _number(text: str, typed: str) -> float | str:
    try:
        value = float(text.translate(FULL_WIDTH).replace(",", ""))
    except ValueError:
        return typed
    return value if value == value and abs(value) != float("inf") else typed


def _calendar(shape: re.Pattern[str], text: str) -> str:
    """2026年3月 as browsers without a picker let people type it, as answers carry it; anything else as it is."""
    found = shape.fullmatch(text.translate(FULL_WIDTH).replace(" ", ""))
    return "-".join(part.zfill(2) for part in found.groups()) if found else text


def _deepest(codes: Sequence[str]) -> str:
    """The deepest place picked; what is left over from another place, on a level below, counts for nothing."""
    found = ""
    for code in filter(None, codes[: len(Level)]):
        if not found or found in divisions.chain(code):
            found = code
    return found


def _division(question: Question, name: str, sent: Sent) -> str | None:
    """The place picked; where the picker starts by itself is no answer."""
    found = _deepest(sent.get(name, []))
    return found if found and found not in places.start(question) else None


def _address(question: Question, name: str, sent: Sent) -> dict[str, str] | None:
    division = _deepest(sent.get(f"{name}:division", []))
    detail = _whole(sent.get(f"{name}:detail", []))
    if not detail and (not division or division in places.start(question)):
        return None
    return {key: value for key, value in (("division", division), ("detail", detail)) if value}


def _whole(texts: Sequence[str]) -> str:
    return texts[-1] if texts else ""


def _person(question: Question, name: str, sent: Sent) -> dict[str, Any] | None:
    found = {part.id: read(part, f"{name}:{part.id}", sent) for part in parts_of(question)}
    return {key: value for key, value in found.items() if value is not None} or None


def _group(question: Question, name: str, sent: Sent) -> list[dict[str, Any]] | None:
    """The rows in their order; empty ones at the end are no rows."""
    rows = [_row(question, f"{name}:{n}", sent) for n in _row_numbers(name, sent)]
    while rows and not rows[-1]:
        rows.pop()
    return rows or None


def _row_numbers(name: str, sent: Sent) -> list[int]:
    found = set()
    for field in sent:
        if field.startswith(f"{name}:"):
            number = field[len(name) + 1 :].partition(":")[0]
            if number.isdecimal() and number.isascii() and len(number) <= 4:
                found.add(int(number))
    return sorted(found)[:MOST_READ]


def _row(question: Question, name: str, sent: Sent) -> dict[str, Any]:
    if name in sent:
        return _closed_row(sent[name][-1])
    found = {column.id: read(column, f"{name}:{column.id}", sent) for column in question.questions}
    return {key: value for key, value in found.items() if value is not None}


def _closed_row(text: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


def _signature(question: Question, name: str, sent: Sent) -> dict[str, Any] | None:
    """What was drawn, else the name that was typed instead."""
    drawn, typed = _whole(sent.get(f"{name}:strokes", [])), _whole(sent.get(f"{name}:name", []))
    try:
        strokes = json.loads(drawn) if 0 < len(drawn) <= MOST_STROKES else []
    except (ValueError, RecursionError):
        strokes = []
    if isinstance(strokes, list) and strokes:
        return {"way": "drawn", "strokes": strokes}
    return {"way": "typed", "name": typed} if typed else None


_COMPOSED: dict[Kind, Callable[[Question, str, Sent], Any]] = {
    Kind.DIVISION: _division,
    Kind.ADDRESS: _address,
    Kind.PERSON: _person,
    Kind.GROUP: _group,
    Kind.SIGNATURE: _signature,
}
