"""Numbers that are counted or measured, and money to the cent."""

from math import floor

from . import mistakes as m
from .definition import Question
from .mistakes import Wrong
from .verdicts import At

#: Beyond this a double no longer holds every whole number.
LARGEST = 2.0**53 - 1


def plain(number: float) -> str:
    """A number as people write it."""
    return f"{number:.0f}" if number.is_integer() else repr(number)


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(m.NUMBER)
    try:
        number = float(value)
    except OverflowError:
        raise Wrong(m.NUMBER) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise Wrong(m.NUMBER)
    return number


def _within(question: Question, number: float, least: float) -> float:
    minimum = least if question.minimum is None else question.minimum
    maximum = LARGEST if question.maximum is None else question.maximum
    if number < minimum:
        raise Wrong(m.TOO_SMALL, min=plain(minimum))
    if number > maximum:
        raise Wrong(m.TOO_BIG, max=plain(maximum))
    return number


def number(question: Question, value: object, at: At) -> float:
    """A double within the question's bounds."""
    found = _finite(value)
    if question.whole and not found.is_integer():
        raise Wrong(m.WHOLE)
    return _within(question, found, -LARGEST)


def money(question: Question, value: object, at: At) -> float:
    """Yuan with at most two decimals; below zero only where the definition says so."""
    found = _finite(value)
    if round(found, 2) != found:
        raise Wrong(m.CENTS)
    return _within(question, found, 0.0)


def cents(amount: float) -> str:
    """An amount to the cent, in words: 12, 12.5, -0.05, 1,000,000."""
    count = floor(abs(amount) * 100 + 0.5) if abs(amount) < LARGEST else 0
    return ("-" if amount < 0 else "") + f"{count // 100:,}.{count % 100:02d}".rstrip("0").rstrip(".")
