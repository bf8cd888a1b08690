"""An answer as people read it: option labels, dates and places in words, long numbers masked unless they must be compared.

Rows of a group and drawn signatures are markup of ours (Markup is a str that templates do not escape again).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from app.core.errors import N_
from app.core.i18n import gettext, pick
from app.core.words import WORDS
from app.forms.definition import Kind, Question
from app.forms.derived import day
from app.territory import divisions

from . import strokes
from .parts import parts_of

YES, NO, AGREED, YUAN = N_("是"), N_("否"), N_("同意"), N_("元")
SIGNED, TYPED = N_("已手写签名，共 %(n)s 笔"), N_("打字签名：")
MASKED = {Kind.ID_NUMBER, Kind.BANK_CARD, Kind.PHONE}
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def answer(question: Question, value: Any, lang: str, *, whole: bool = False) -> str:
    """A stored answer in words; empty when there is none. `whole` shows long numbers unmasked."""
    if value is None or value in ("", [], {}):
        return ""
    say = _SAID.get(question.kind)
    if say is not None and isinstance(value, _SHAPE.get(question.kind, object)):
        return say(question, value, lang, whole)
    return value if isinstance(value, str) else str(value)


def _date(_question: Question, text: str, lang: str, _whole: bool) -> str:
    found = day(text)
    if found is None:
        return text
    month = ENGLISH_MONTHS[found.month - 1]
    return f"{found.day} {month} {found.year}" if lang == "en" else f"{found.year}年{found.month}月{found.day}日"


def _month(_question: Question, text: str, lang: str, _whole: bool) -> str:
    found = MONTH.fullmatch(text)
    if found is None:
        return text
    year, month = found[1], int(found[2])
    return f"{ENGLISH_MONTHS[month - 1]} {year}" if lang == "en" else f"{year}年{month}月"


def _boolean(question: Question, value: bool, lang: str, _whole: bool) -> str:
    return gettext(AGREED if question.kind is Kind.DECLARATION and value else YES if value else NO, lang)


def plain(value: float) -> str:
    """A number as people write it: 3150, 0.5."""
    return f"{value:.0f}" if float(value).is_integer() else repr(value)


def _number(question: Question, value: float, lang: str, _whole: bool) -> str:
    return f"{plain(value)} {pick(question.unit, lang)}" if question.unit else plain(value)


def money(value: float, lang: str) -> str:
    """12,345.60 元."""
    return f"{value:,.0f} {gettext(YUAN, lang)}" if float(value).is_integer() else f"{value:,.2f} {gettext(YUAN, lang)}"


def _money(_question: Question, value: float, lang: str, _whole: bool) -> str:
    return money(value, lang)


def _option(question: Question, value: str, lang: str) -> str:
    found = next((o for o in question.options if o.value == value), None)
    return pick(found.label, lang) if found else value


def _choice(question: Question, value: str, lang: str, _whole: bool) -> str:
    return _option(question, value, lang)


def _several(question: Question, values: list[Any], lang: str, _whole: bool) -> str:
    return ("、" if lang == "zh" else ", ").join(_option(question, str(v), lang) for v in values)


def _masked(_question: Question, value: str, _lang: str, whole: bool) -> str:
    return value if whole else WORDS.mask(value)


def _division(_question: Question, code: str, lang: str, _whole: bool) -> str:
    return divisions.name(code, lang)


def _address(_question: Question, value: Mapping[str, Any] | str, lang: str, _whole: bool) -> str:
    """江苏省苏州市…凤凰泾村 3 组 18 号; in English the smallest first. A line of an older draft stands as it is."""
    if isinstance(value, str):
        return value
    place = divisions.name(str(value["division"]), lang) if value.get("division") else ""
    said = [part for part in (place, str(value.get("detail", ""))) if part]
    return ", ".join(reversed(said)) if lang == "en" else "".join(said)


def _person(question: Question, value: Mapping[str, Any], lang: str, whole: bool) -> str:
    said = [answer(part, value.get(part.id), lang, whole=whole) for part in parts_of(question)]
    return ("，" if lang == "zh" else ", ").join(filter(None, said))


def row(question: Question, value: Mapping[str, Any], lang: str, *, whole: bool = False) -> str:
    """One row of a group on one line: 王晓兰，50,000 元."""
    said = [answer(column, value.get(column.id), lang, whole=whole) for column in question.questions]
    return ("，" if lang == "zh" else ", ").join(filter(None, said))


def _group(question: Question, rows: list[Any], lang: str, whole: bool) -> str:
    """Numbered rows, each answer of a row with what was asked."""
    lines = Markup("")
    for number, one in enumerate(rows, 1):
        lines += Markup("<li><b>{}. </b>{}</li>").format(number, _row_words(question, one, lang, whole=whole))
    return Markup("<ol>{}</ol>").format(lines)


def _row_words(question: Question, one: Any, lang: str, *, whole: bool) -> Markup:
    if not isinstance(one, dict):
        return Markup("")
    gap, between = (": ", "; ") if lang == "en" else ("：", "；")
    said = ((pick(c.label, lang), answer(c, one.get(c.id), lang, whole=whole)) for c in question.questions)
    return Markup.escape(between).join(Markup("{}{}{}").format(label, gap, words) for label, words in said if words)


def _signature(_question: Question, value: Mapping[str, Any], lang: str, _whole: bool) -> str:
    if value.get("way") == "drawn":
        drawn = value.get("strokes", [])
        return strokes.picture(drawn, gettext(SIGNED, lang) % {"n": len(drawn)})
    return f"{gettext(TYPED, lang)}{value.get('name', '')}"


#: How each kind is said; the kinds that are missing here are texts that stand as they are.
_SAID: dict[Kind, Callable[[Question, Any, str, bool], str]] = {
    Kind.DATE: _date, Kind.MONTH: _month, Kind.YES_NO: _boolean, Kind.DECLARATION: _boolean, Kind.NUMBER: _number,
    Kind.MONEY: _money, Kind.CHOICE: _choice, Kind.SEVERAL: _several, Kind.ID_NUMBER: _masked, Kind.BANK_CARD: _masked,
    Kind.PHONE: _masked, Kind.DIVISION: _division, Kind.ADDRESS: _address, Kind.PERSON: _person, Kind.GROUP: _group,
    Kind.SIGNATURE: _signature,
}  # fmt: skip
#: What a value must be for that; anything else (typed and not understood) is shown as it is.
_SHAPE: dict[Kind, type | tuple[type, ...]] = {
    Kind.DATE: str, Kind.MONTH: str, Kind.YES_NO: bool, Kind.DECLARATION: bool, Kind.NUMBER: (int, float),
    Kind.MONEY: (int, float), Kind.CHOICE: str, Kind.SEVERAL: list, Kind.ID_NUMBER: str, Kind.BANK_CARD: str, Kind.PHONE: str,
    Kind.DIVISION: str, Kind.ADDRESS: (dict, str), Kind.PERSON: dict, Kind.GROUP: list, Kind.SIGNATURE: dict,
}  # fmt: skip
