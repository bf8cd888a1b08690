"""How an answer reads on the desk. Pure."""

from datetime import date
from typing import Any, NamedTuple

from app.forms.definition import Kind, Question


class Both(NamedTuple):
    """A text in both languages; the same twice where there is only one."""

    zh: str
    en: str


class Shown(NamedTuple):
    """One answered question: its id, label and value in words; `number` values are read digit by digit."""

    question: str
    label: Both
    value: Both
    number: bool


def shown(question: Question, value: Any) -> Shown:
    """A question with its answer as the reviewer reads it."""
    label = Both(question.label.zh, question.label.en)
    numeric = question.kind in (Kind.ID_NUMBER, Kind.PHONE, Kind.BANK_CARD)
    return Shown(question.id, label, _value(question, value), numeric)


def _value(question: Question, value: Any) -> Both:
    options = {o.value: o.label for o in question.options}
    if isinstance(value, bool):
        if question.kind is Kind.DECLARATION:
            return Both("已承诺", "Declared") if value else Both("没有承诺", "Not declared")
        return Both("是", "Yes") if value else Both("否", "No")
    if isinstance(value, list):
        labels = [options.get(str(v)) for v in value]
        return Both("、".join(t.zh for t in labels if t), ", ".join(t.en for t in labels if t))
    if isinstance(value, int | float):
        text = f"{value:g}"
        return Both(text, text)
    text = str(value)
    if text in options:
        return Both(options[text].zh, options[text].en)
    if question.kind is Kind.DATE:
        return _date(text)
    grouped = _grouped(question.kind, text)
    return Both(grouped, grouped)


def _date(text: str) -> Both:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Both(text, text)
    return Both(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


def _grouped(kind: Kind, text: str) -> str:
    if kind is Kind.ID_NUMBER:
        return f"{text[:6]} {text[6:14]} {text[14:]}".strip()
    if kind is Kind.PHONE:
        return f"{text[:3]} {text[3:7]} {text[7:]}".strip()
    if kind is Kind.BANK_CARD:
        return " ".join(text[k : k + 4] for k in range(0, len(text), 4))
    return text
