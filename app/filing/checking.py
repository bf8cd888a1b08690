"""The engine's checks, and the one that it cannot make: whether a place that was picked exists."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.forms import answers as engine
from app.forms.answers import Checked
from app.forms.definition import Form, Kind, Question
from app.forms.mistakes import Mistake

from . import places

PLACES = {Kind.DIVISION, Kind.ADDRESS}


def check_answers(
    form: Form, answers: Mapping[str, Any], now: datetime, *, page_id: str | None = None, partial: bool = False
) -> Checked:
    """As app.forms.answers.check_answers, and places are looked up in the town's own list."""
    checked = engine.check_answers(form, answers, now, page_id=page_id, partial=partial)
    asked = [q for page in form.pages if page_id in (None, page.id) for q in page.questions]
    found = [m for q in asked if q.id in checked.values for m in misplaced(q, checked.values[q.id])]
    if not found:
        return checked
    wrong = {m.asked for m in found}
    values = {name: value for name, value in checked.values.items() if name not in wrong}
    return replace(checked, values=values, mistakes=(*checked.mistakes, *found))


def misplaced(question: Question, value: Any, name: str = "") -> Iterator[Mistake]:
    """What is wrong with the places in an answer, each named by its field."""
    name = name or question.id
    if question.kind is Kind.GROUP and isinstance(value, list):
        columns = [column for column in question.questions if column.kind in PLACES]
        for number, row in enumerate(value if columns else ()):
            for column in columns:
                if column.id in row:
                    yield from misplaced(column, row[column.id], f"{name}:{number}:{column.id}")
    code = value if question.kind is Kind.DIVISION else None
    if question.kind is Kind.ADDRESS and isinstance(value, dict):
        name, code = f"{name}:division", value.get("division")
    if code and (found := places.mistake(name, code)):
        yield found
