"""An answer as people read it: option labels, dates in words, long numbers masked unless they must be compared."""

from typing import Any

from app.core.errors import N_
from app.core.i18n import gettext, pick
from app.core.words import WORDS
from app.forms.definition import Kind, Question
from app.forms.derived import day

YES, NO, AGREED = N_("是"), N_("否"), N_("同意")
MASKED = {Kind.ID_NUMBER, Kind.BANK_CARD, Kind.PHONE}


def _date(text: str, lang: str) -> str:
    found = day(text)
    if found is None:
        return text
    return f"{found.day} {found:%B} {found.year}" if lang == "en" else f"{found.year}年{found.month}月{found.day}日"


def answer(question: Question, value: Any, lang: str, *, whole: bool = False) -> str:
    """A stored answer in words; empty when there is none. `whole` shows long numbers unmasked."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        words = AGREED if question.kind is Kind.DECLARATION and value else YES if value else NO
        return gettext(words, lang)
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(_option(question, v, lang) for v in value)
    if isinstance(value, (int, float)):
        return f"{value:.0f}" if float(value).is_integer() else repr(value)
    return _text(question, str(value), lang, whole=whole)


def _option(question: Question, value: str, lang: str) -> str:
    found = next((o for o in question.options if o.value == value), None)
    return pick(found.label, lang) if found else value


def _text(question: Question, value: str, lang: str, *, whole: bool) -> str:
    if question.kind is Kind.CHOICE:
        return _option(question, value, lang)
    if question.kind is Kind.DATE:
        return _date(value, lang)
    return WORDS.mask(value) if question.kind in MASKED and not whole else value
