"""What may be stored in a draft: known questions, the right JSON type, bounded, without control characters.

A half-typed or wrong answer is stored all the same (nothing typed is lost); whether it is right is asked at the next step.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from app.forms.definition import Form, Kind, Question

#: Longest text of the kinds that have no `max_length` of their own.
LONGEST = 200
LONG_KINDS = {Kind.TEXT, Kind.NAME, Kind.ADDRESS}
BOOLEAN = {Kind.YES_NO, Kind.DECLARATION}
#: Beyond this a double no longer holds every whole number (RFC 8785 refuses it).
LARGEST = 2**53 - 1
UNKNOWN, WRONG_TYPE, TOO_LONG, CONTROL, NO_OPTION = "unknown", "wrong-type", "too-long", "control-character", "no-such-option"


def clean(text: str) -> bool:
    """Whether a text has no control characters (line breaks apart) and no halves of surrogate pairs."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)


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


def _number(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return WRONG_TYPE
    return None if abs(value) <= LARGEST else WRONG_TYPE  # NaN compares false


def fault(question: Question, value: object) -> str | None:
    """Why a value cannot be an answer to the question, or None when it may be stored."""
    if question.kind in BOOLEAN:
        return None if isinstance(value, bool) else WRONG_TYPE
    if question.kind is Kind.NUMBER:
        return _number(value)
    return _several(question, value) if question.kind is Kind.SEVERAL else _text(question, value)


def faults(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """Every answer that may not be stored: {question id: reason}."""
    questions = form.questions()
    found: dict[str, str] = {}
    for name, value in answers.items():
        reason = fault(questions[name], value) if name in questions else UNKNOWN
        if reason:
            found[name if clean(name) else "?"] = reason
    return found
