"""The numbers that name somebody or something, each checked as its standard says: ID, credit code, phone, bank card."""

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.luhn import is_valid as luhn

from . import mistakes as m
from .definition import Kind, Question
from .derived import birth
from .mistakes import Wrong
from .texts import compact
from .verdicts import At

ID_LENGTH, CODE_LENGTH, PHONE_LENGTH = 18, 18, 11


def _length(number: str, wanted: int, too_short: str, too_long: str) -> None:
    missing = wanted - len(number)
    if missing > 0:
        raise Wrong(too_short, missing=missing)
    if missing < 0:
        raise Wrong(too_long, extra=-missing)


def id_number(question: Question, value: object, at: At) -> str:
    """GB 11643. Whether the division existed is not asked: people older than their district's code would fail it."""
    number = compact(question, value).upper()
    if not number:
        return number
    if not re.fullmatch(r"[0-9]*X?", number):
        raise Wrong(m.ID_SIGNS)
    _length(number, ID_LENGTH, m.ID_SHORT, m.ID_LONG)
    born = birth(number)
    if born is None:
        raise Wrong(m.ID_BIRTH)
    if born > at.on:
        raise Wrong(m.ID_FUTURE)
    try:
        right = ric.calc_check_digit(number) == number[-1]
    except ValidationError:
        right = False
    if not right:
        raise Wrong(m.ID_CHECK)
    return number


def credit_code(question: Question, value: object, at: At) -> str:
    """统一社会信用代码 (GB 32100): which kind of mistake it is decides the remedy."""
    code = compact(question, value).upper()
    if not code:
        return code
    if not re.fullmatch(r"[0-9A-Z]+", code):
        raise Wrong(m.CODE_SIGNS)
    if re.search(r"[IOSVZ]", code):
        raise Wrong(m.CODE_LETTERS)
    _length(code, CODE_LENGTH, m.CODE_SHORT, m.CODE_LONG)
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        raise Wrong(m.CODE_DIGITS)
    if uscc.calc_check_digit(code) != code[-1]:
        raise Wrong(m.CODE_CHECK)
    return code


def phone(question: Question, value: object, at: At) -> str:
    """A mobile number, without the country's prefix."""
    number = re.sub(r"^(\+|00)86", "", compact(question, value))
    if not number:
        return number
    if not re.fullmatch(r"[0-9]+", number):
        raise Wrong(m.PHONE_SIGNS)
    _length(number, PHONE_LENGTH, m.PHONE_SHORT, m.PHONE_LONG)
    if not re.match(r"1[3-9]", number):
        raise Wrong(m.PHONE_SIGNS)
    return number


def bank_card(question: Question, value: object, at: At) -> str:
    """A card or account number; its check digit is a doubt only."""
    number = compact(question, value)
    if number and not re.fullmatch(r"[0-9]+", number):
        raise Wrong(m.CARD_SIGNS)
    if number and not 12 <= len(number) <= 19:
        raise Wrong(m.CARD_LENGTH, count=len(number))
    return number


def doubts(question: Question, value: object) -> str | None:
    """A warning that refuses nothing: some genuine account numbers fail the Luhn check."""
    return m.CARD_CHECK if question.kind is Kind.BANK_CARD and isinstance(value, str) and not luhn(value) else None
