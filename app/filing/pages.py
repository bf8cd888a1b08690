"""A form page as its template shows it: fields with value, mistake and source; what happens when it is sent. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.definition import Edition, Material
from app.forms.answers import Proposal, check_answers
from app.forms.definition import Kind, Page, Question
from app.forms.mistakes import Mistake

from . import prefill
from .merging import Merged, merge
from .shapes import faults
from .steps import Steps


@dataclass(frozen=True)
class FieldView:
    """One question on the page. `source` is a msgid; `hidden`: its condition is false now (scripts may show it)."""

    question: Question
    value: Any
    mistake: Mistake | None
    source: str
    hidden: bool


@dataclass(frozen=True)
class Sent:
    """A page that was sent, against the draft: what to store, what to show, what to mend, what to choose."""

    stored: dict[str, Any]
    shown: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    clashes: tuple[str, ...]


def as_text(question: Question, value: Any) -> Any:
    """A value as its field shows it."""
    if question.kind is Kind.NUMBER and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.0f}" if float(value).is_integer() else repr(value)
    return value


def as_fields(page: Page, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Answers as the form fields that would send them."""
    sent: list[tuple[str, str]] = []
    for question in (q for q in page.questions if q.id in answers):
        value = answers[question.id]
        values = value if isinstance(value, list) else [value]
        sent += [(question.id, str(v).lower() if isinstance(v, bool) else str(as_text(question, v))) for v in values]
    return sent


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
    mistakes = checked.mistakes if strict else tuple(m for m in checked.mistakes if m.question_id in bad)
    wrong = {m.question_id for m in checked.mistakes}
    if strict:
        keep |= {k: v for k, v in checked.values.items() if k in asked and k not in wrong and k in keep}
    return Sent(keep, {**merged.answers, **{k: v for k, v in keep.items() if k not in bad}}, mistakes, merged.clashes)


def fields(
    page: Page, steps: Steps, shown: Mapping[str, Any], prefilled: Mapping[str, str], offered: Mapping[str, Proposal],
    mistakes: Sequence[Mistake] = (), edit: str = "",
) -> list[FieldView]:  # fmt: skip
    """The page's fields in order; a proposal stands in where there is no answer yet."""
    wrong = {m.question_id: m for m in reversed(mistakes)}
    views = []
    for question in page.questions:
        value, source = shown.get(question.id), prefilled.get(question.id, "")
        if value is None and question.id in offered and question.id not in wrong:
            value, source = offered[question.id].value, offered[question.id].source
        if edit == question.id or question.id in wrong:
            source = ""
        views.append(
            FieldView(
                question, as_text(question, value), wrong.get(question.id), prefill.words(source) if source else "",
                question.id not in steps.shown,
            )
        )  # fmt: skip
    return views


def wanted_on(page: Page, steps: Steps) -> list[Material]:
    """The materials to be uploaded on this page."""
    return [m for m in steps.plan.wanted if m.id in page.materials]


def exempt_on(page: Page, steps: Steps) -> list[Material]:
    """The materials of this page that the state fetches."""
    return [m for m in steps.plan.exempt if m.id in page.materials]
