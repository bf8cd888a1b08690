"""One check per kind of question: the normalised value, or Wrong with the remedy. Pure; `on` is the filing day."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from stdnum.cn import ric
from stdnum.exceptions import ValidationError
from stdnum.luhn import is_valid as luhn

from . import mistakes as m
from .definition import Kind, Question
from .derived import birth, day
from .mistakes import Wrong

Value = str | bool | float | list[str]

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LETTERS = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
HAN_NAME = re.compile(rf"[{HAN}]+(·[{HAN}]+)*")
LETTER_NAME = re.compile(rf"[{LETTERS}]+([ .'-]{{1,2}}[{LETTERS}]+)*\.?")
DOTS = str.maketrans("•・‧∙．", "·····")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\ufe0f\u20e3]")
UNSEEN = {"Cc", "Cf", "Cs", "Co"}
SPACED = (Kind.TEXT, Kind.ADDRESS)  # typed in several lines, kept in one
ID_LENGTH, PHONE_LENGTH = 18, 11
SHORTEST_ADDRESS = 5


def _text(question: Question, value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(m.SHAPE)
    if question.kind in SPACED:
        value = re.sub(r"[\r\n\t]+", " ", value)
    if EMOJI.search(value):
        raise Wrong(m.EMOJI)
    if any(unicodedata.category(c) in UNSEEN or c in "\u2028\u2029" for c in value):
        raise Wrong(m.CONTROL)
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > question.max_length:
        raise Wrong(m.TOO_LONG, max=question.max_length, count=len(text))
    if text and len(text) < question.min_length:
        raise Wrong(m.TOO_SHORT, min=question.min_length, count=len(text))
    return text


def _compact(question: Question, value: object, drop: str = r"[\s-]") -> str:
    """Digits as people type them: full width, in groups, with dashes."""
    return re.sub(drop, "", unicodedata.normalize("NFKC", _text(question, value)))


def _name(question: Question, value: object, on: date) -> str:
    text = re.sub(r"\s+", " ", _text(question, value).translate(DOTS))
    if text and not HAN_NAME.fullmatch(text) and (question.han_only or not LETTER_NAME.fullmatch(text)):
        raise Wrong(m.NAME_HAN if question.han_only else m.NAME_SIGNS)
    if text and len(text) < max(2, question.min_length):
        raise Wrong(m.TOO_SHORT, min=max(2, question.min_length), count=len(text))
    return text


def _id_number(question: Question, value: object, on: date) -> str:
    """GB 11643. Whether the division existed is not asked: people older than their district's code would fail it."""
    number = _compact(question, value).upper()
    if not number:
        return number
    if not re.fullmatch(r"[0-9]*X?", number):
        raise Wrong(m.ID_SIGNS)
    if len(number) != ID_LENGTH:
        short = ID_LENGTH - len(number)
        raise Wrong(m.ID_SHORT, missing=short) if short > 0 else Wrong(m.ID_LONG, extra=-short)
    born = birth(number)
    if born is None:
        raise Wrong(m.ID_BIRTH)
    if born > on:
        raise Wrong(m.ID_FUTURE)
    try:
        right = ric.calc_check_digit(number) == number[-1]
    except ValidationError:
        right = False
    if not right:
        raise Wrong(m.ID_CHECK)
    return number


def _phone(question: Question, value: object, on: date) -> str:
    number = re.sub(r"^(\+|00)86", "", _compact(question, value))
    if number and not re.fullmatch(r"[0-9]+", number):
        raise Wrong(m.PHONE_SIGNS)
    if number and len(number) != PHONE_LENGTH:
        short = PHONE_LENGTH - len(number)
        raise Wrong(m.PHONE_SHORT, missing=short) if short > 0 else Wrong(m.PHONE_LONG, extra=-short)
    if number and not re.match(r"1[3-9]", number):
        raise Wrong(m.PHONE_SIGNS)
    return number


def _date(question: Question, value: object, on: date) -> str:
    text = _text(question, value)
    found = day(text)
    if text and found is None:
        raise Wrong(m.DATE_SHAPE)
    if found is not None:
        if question.latest_days is not None and found > (latest := on + timedelta(question.latest_days)):
            raise Wrong(m.DATE_LATE, latest=latest.isoformat())
        if question.earliest_days is not None and found < (earliest := on + timedelta(question.earliest_days)):
            raise Wrong(m.DATE_EARLY, earliest=earliest.isoformat())
    return text


def _plain(number: float) -> str:
    return f"{number:.0f}" if number.is_integer() else repr(number)


def _number(question: Question, value: object, on: date) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(m.NUMBER)
    try:
        number = float(value)
    except OverflowError:
        raise Wrong(m.NUMBER) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise Wrong(m.NUMBER)
    if question.whole and not number.is_integer():
        raise Wrong(m.WHOLE)
    if question.minimum is not None and number < question.minimum:
        raise Wrong(m.TOO_SMALL, min=_plain(question.minimum))
    if question.maximum is not None and number > question.maximum:
        raise Wrong(m.TOO_BIG, max=_plain(question.maximum))
    return number


def _yes_no(question: Question, value: object, on: date) -> bool:
    if not isinstance(value, bool):
        raise Wrong(m.YES_OR_NO)
    return value


def _declaration(question: Question, value: object, on: date) -> bool:
    if value is not True and not (question.optional and value is False):
        raise Wrong(m.TICK)
    return bool(value)


def _choice(question: Question, value: object, on: date) -> str:
    if not isinstance(value, str) or value not in {"", *(o.value for o in question.options)}:
        raise Wrong(m.OPTION)
    return value


def _several(question: Question, value: object, on: date) -> list[str]:
    known = [o.value for o in question.options]
    if not isinstance(value, list) or not all(isinstance(v, str) and v in known for v in value):
        raise Wrong(m.OPTION)
    return [v for v in known if v in value]


def _division(question: Question, value: object, on: date) -> str:
    code = _compact(question, value)
    if code and not re.fullmatch(r"[1-9][0-9]{5,11}", code):
        raise Wrong(m.DIVISION)
    return code


def _bank_card(question: Question, value: object, on: date) -> str:
    number = _compact(question, value)
    if number and not re.fullmatch(r"[0-9]+", number):
        raise Wrong(m.CARD_SIGNS)
    if number and not 12 <= len(number) <= 19:
        raise Wrong(m.CARD_LENGTH, count=len(number))
    return number


def _address(question: Question, value: object, on: date) -> str:
    text = _text(question, value)
    least = max(SHORTEST_ADDRESS, question.min_length)
    if text and len(text) < least:
        raise Wrong(m.TOO_SHORT, min=least, count=len(text))
    return text


CHECKS: dict[Kind, Callable[[Question, object, date], Value]] = {
    Kind.TEXT: lambda question, value, on: _text(question, value),
    Kind.NAME: _name,
    Kind.ID_NUMBER: _id_number,
    Kind.PHONE: _phone,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.DIVISION: _division,
    Kind.BANK_CARD: _bank_card,
    Kind.ADDRESS: _address,
    Kind.DECLARATION: _declaration,
}
MISSING = {
    Kind.YES_NO: m.YES_OR_NO, Kind.CHOICE: m.CHOOSE, Kind.SEVERAL: m.CHOOSE, Kind.DECLARATION: m.TICK,
}  # fmt: skip


def check(question: Question, value: object, on: date) -> Value | None:
    """The normalised value, None when it is no answer at all; raises Wrong."""
    if value is None:
        return None
    found = CHECKS[question.kind](question, value, on)
    return None if found == "" or found == [] else found


def doubts(question: Question, value: object) -> str | None:
    """A warning that refuses nothing: some genuine account numbers fail the Luhn check."""
    return m.CARD_CHECK if question.kind is Kind.BANK_CARD and isinstance(value, str) and not luhn(value) else None
