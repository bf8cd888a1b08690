"""A form page as its template shows it: fields with value, mistake and source; what happens when it is sent. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from app.catalogue.definition import Edition, Material
from app.core.i18n import gettext
from app.forms import conditions
from app.forms import mistakes as mistakes_of_forms
from app.forms.answers import Proposal
from app.forms.definition import Form, Kind, Page, Question
from app.forms.derived import today
from app.forms.mistakes import Mistake

from . import prefill
from .checking import check_answers
from .fields import Around, FieldView, HiddenColumns, as_text, view
from .merging import Merged, merge
from .shapes import faults
from .steps import Steps


@dataclass(frozen=True)
class Sent:
    """A page that was sent, against the draft: what to store, what to show, what to mend, what to choose."""

    stored: dict[str, Any]
    shown: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    clashes: tuple[str, ...]


def as_fields(page: Page, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Answers as the form fields that would send them."""
    return [pair for q in page.questions if q.id in answers for pair in _sent(q, q.id, answers[q.id])]


def _sent(question: Question, name: str, value: Any) -> list[tuple[str, str]]:
    """One answer as form fields: parts under their own names, rows and strokes as JSON."""
    if question.kind is Kind.GROUP and isinstance(value, list):
        return [(f"{name}:{n}", _json(row)) for n, row in enumerate(value)]
    if question.kind is Kind.SIGNATURE and isinstance(value, dict):
        return [(f"{name}:strokes", _json(value["strokes"])) if "strokes" in value else (f"{name}:name", value.get("name", ""))]
    if isinstance(value, dict):
        return [(f"{name}:{part}", str(one)) for part, one in value.items()]
    if question.kind is Kind.ADDRESS:
        return [(f"{name}:detail", str(value))]
    values = value if isinstance(value, list) else [value]
    return [(name, str(v).lower() if isinstance(v, bool) else str(as_text(question, v))) for v in values]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def base_of(page: Page, answers: Mapping[str, Any]) -> str:
    """The page's stored answers as the page carries them, to tell later who changed what."""
    return json.dumps({q.id: answers[q.id] for q in page.questions if q.id in answers}, ensure_ascii=False)


def _base(text: str, stored: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return stored
    return found if isinstance(found, dict) else stored


def read(
    edition: Edition, page: Page, stored: Mapping[str, Any], mine: Mapping[str, Any], base: str, now: datetime, *, strict: bool
) -> Sent:
    """Join a sent page with the draft. `strict`: going on, so that the page must be right; else it must only be storable."""
    form, asked = edition.service.form, [q.id for q in page.questions]
    merged: Merged = merge(_base(base, stored), mine, stored, asked)
    bad = faults(form, {k: v for k, v in merged.answers.items() if k in asked})
    keep = {k: v for k, v in merged.answers.items() if k not in bad} | {k: stored[k] for k in bad if k in stored}
    checked = check_answers(form, merged.answers, now, page_id=page.id, partial=not strict)
    mistakes = checked.mistakes if strict else tuple(m for m in checked.mistakes if m.asked in bad)
    wrong = {m.asked for m in checked.mistakes}
    if strict:
        keep |= {k: v for k, v in checked.values.items() if k in asked and k not in wrong and k in keep}
    return Sent(keep, {**merged.answers, **{k: v for k, v in keep.items() if k not in bad}}, mistakes, merged.clashes)


def fields(
    form: Form, page: Page, shown: Mapping[str, Any], prefilled: Mapping[str, str], offered: Mapping[str, Proposal],
    now: datetime, mistakes: Sequence[Mistake] = (), *, seen: dict[str, Any] | None = None, edit: str = "",
    opened: frozenset[str] = frozenset(),
) -> list[FieldView]:  # fmt: skip
    """The page's fields in order; a proposal stands in where there is no answer yet. `edit`: a prefilled one to be corrected;
    `opened`: a group that gets one more row, or a closed row that is opened; `seen` as in Steps, when it is known."""
    visible = conditions.shown(form, shown, now) if seen is None else seen
    wrong = {m.question_id: m for m in reversed(mistakes)}
    around = Around(wrong, today(now), shown, opened, _hidden_columns(form, visible, now))
    asked = {m.asked for m in mistakes}
    views = []
    for question in page.questions:
        value, source = shown.get(question.id), prefilled.get(question.id, "")
        if value is None and question.id in offered and question.id not in asked:
            value, source = offered[question.id].value, offered[question.id].source
        if edit == question.id or question.id in asked:
            source = ""
        words = prefill.words(source) if source else ""
        views.append(view(question, value, around, source=words, hidden=question.id not in visible))
    return views


def _hidden_columns(form: Form, visible: dict[str, Any], now: datetime) -> HiddenColumns:
    """Which columns of a row its own answers hide."""

    def hidden(group: Question, row: Mapping[str, Any]) -> frozenset[str]:
        if not any(column.shown_if for column in group.questions):
            return frozenset()
        seen = conditions.shown_row(group, row, visible, now, form.district)
        return frozenset(column.id for column in group.questions if column.id not in seen)

    return hidden


@cache
def mistake_texts(lang: str) -> dict[str, str]:
    """What the browser says of mistakes, by its Chinese text; Chinese needs no translation."""
    return {} if lang == "zh" else {text: gettext(text, lang) for text in mistakes_of_forms.ALL}


def wanted_on(page: Page, steps: Steps) -> list[Material]:
    """The materials to be uploaded on this page."""
    return [m for m in steps.plan.wanted if m.id in page.materials]


def exempt_on(page: Page, steps: Steps) -> list[Material]:
    """The materials of this page that the state fetches."""
    return [m for m in steps.plan.exempt if m.id in page.materials]
