"""What may be stored in a draft: known questions, the right JSON type, bounded, without control characters.

A half-typed or wrong answer is stored all the same (nothing typed is lost); whether it is right is asked at the next step.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from app.forms.definition import Form, Kind, Question

from .parts import detail_of, parts_of

#: Longest text of the kinds that have no `max_length` of their own.
LONGEST = 200
LONG_KINDS = {Kind.TEXT, Kind.NAME, Kind.ADDRESS}
#: Beyond this a double no longer holds every whole number (RFC 8785 refuses it).
LARGEST = 2**53 - 1
#: Rows of a group, whatever its own bound; points of a drawn signature, and where they lie.
MOST_ROWS, MOST_POINTS, EDGE = 1000, 4000, 1000
UNKNOWN, WRONG_TYPE, TOO_LONG, CONTROL, NO_OPTION = "unknown", "wrong-type", "too-long", "control-character", "no-such-option"


def clean(text: str) -> bool:
    """Whether a text has no control characters (line breaks apart) and no halves of surrogate pairs."""
    return text.isprintable() or not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)


def _text(question: Question, value: object) -> str | None:
    if not isinstance(value, str):
        return WRONG_TYPE
    if not clean(value) or ("\n" in value and question.kind not in (Kind.TEXT, Kind.ADDRESS)):
        return CONTROL
    if len(value) > (question.max_length if question.kind in LONG_KINDS else LONGEST):
        return TOO_LONG
    if question.kind is Kind.CHOICE and value not in {o.value for o in question.options}:
        return NO_OPTION
    return None


def _several(question: Question, value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        return WRONG_TYPE
    known = {o.value for o in question.options}
    return None if set(value) <= known and len(set(value)) == len(value) else NO_OPTION


def _number(_question: Question, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return WRONG_TYPE
    return None if abs(value) <= LARGEST else WRONG_TYPE  # NaN compares false


def _boolean(_question: Question, value: object) -> str | None:
    return None if isinstance(value, bool) else WRONG_TYPE


def _fields(questions: Mapping[str, Question], value: object) -> str | None:
    """An object whose fields are questions of their own."""
    if not isinstance(value, dict):
        return WRONG_TYPE
    reasons = (fault(questions[name], v) if name in questions else UNKNOWN for name, v in value.items())
    return next(filter(None, reasons), None)


def _person(question: Question, value: object) -> str | None:
    return _fields({part.id: part for part in parts_of(question)}, value)


def _address(question: Question, value: object) -> str | None:
    """A place and a detail; a draft of an older release may still have one line of text."""
    if isinstance(value, str):
        return _text(question, value)
    if not isinstance(value, dict) or not set(value) <= {"division", "detail"}:
        return WRONG_TYPE
    code = value.get("division", "")
    if not isinstance(code, str) or len(code) > LONGEST or not clean(code):
        return WRONG_TYPE
    return _text(detail_of(question), value.get("detail", ""))


def _group(question: Question, value: object) -> str | None:
    if not isinstance(value, list):
        return WRONG_TYPE
    if len(value) > MOST_ROWS:
        return TOO_LONG
    columns = {column.id: column for column in question.questions}
    return next(filter(None, (_fields(columns, row) for row in value)), None)


def _signature(_question: Question, value: object) -> str | None:
    match value:
        case {"way": "typed", "name": str(name), **rest} if not rest:
            return CONTROL if not clean(name) else TOO_LONG if len(name) > LONGEST else None
        case {"way": "drawn", "strokes": list(strokes), **rest} if not rest:
            return _strokes(strokes)
    return WRONG_TYPE


def _strokes(strokes: list[Any]) -> str | None:
    """Lists of x, y, x, y … on a board of a thousand by a thousand."""
    if not all(isinstance(stroke, list) and len(stroke) % 2 == 0 for stroke in strokes):
        return WRONG_TYPE
    if sum(len(stroke) for stroke in strokes) > 2 * MOST_POINTS:
        return TOO_LONG
    points = (point for stroke in strokes for point in stroke)
    return None if all(type(p) is int and 0 <= p <= EDGE for p in points) else WRONG_TYPE


_CHECKS: dict[Kind, Callable[[Question, object], str | None]] = {
    Kind.YES_NO: _boolean,
    Kind.DECLARATION: _boolean,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.SEVERAL: _several,
    Kind.PERSON: _person,
    Kind.ADDRESS: _address,
    Kind.GROUP: _group,
    Kind.SIGNATURE: _signature,
}


def fault(question: Question, value: object) -> str | None:
    """Why a value cannot be an answer to the question, or None when it may be stored."""
    return _CHECKS.get(question.kind, _text)(question, value)


def faults(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """Every answer that may not be stored: {question id: reason}."""
    questions = form.questions()
    found: dict[str, str] = {}
    for name, value in answers.items():
        reason = fault(questions[name], value) if name in questions else UNKNOWN
        if reason:
            found[name if clean(name) else "?"] = reason
    return found
