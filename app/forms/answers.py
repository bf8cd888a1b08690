"""Answers against their form: what is kept, what is wrong, what may be proposed. The browser does the same in answers.js."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import kinds
from . import mistakes as m
from .conditions import holds, shown
from .definition import Form, Question
from .derived import today
from .mistakes import Mistake, Wrong

LONGEST_ID = 60


@dataclass(frozen=True)
class Checked:
    """`values`: the normalised answers of visible questions that passed; `warnings` refuse nothing."""

    values: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def check_answers(
    form: Form, answers: Mapping[str, Any], now: datetime, *, page_id: str | None = None, partial: bool = False
) -> Checked:
    """Check answers; what is hidden is dropped without a word, what the form does not know is a mistake.

    `page_id`: only the mistakes and warnings of that page, while values are of the whole form. `partial`: missing answers
    are no mistakes. Conditions see only answers that passed.
    """
    questions = form.questions()
    here = {q.id for page in form.pages if page_id in (None, page.id) for q in page.questions}
    found: list[Mistake] = [Mistake(str(name)[:LONGEST_ID], m.UNKNOWN) for name in answers if name not in questions]
    passed: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for question in questions.values():
        try:
            passed[question.id] = kinds.check(question, answers.get(question.id), today(now))
        except Wrong as error:
            wrong[question.id] = error
    values = shown(form, passed, now)
    for name in (name for name in values if name in here):
        if name in wrong:
            found.append(Mistake(name, wrong[name].text, wrong[name].params))
        elif values[name] is None and not questions[name].optional and not partial:
            found.append(Mistake(name, kinds.MISSING.get(questions[name].kind, m.EMPTY)))
    warnings = [(name, kinds.doubts(questions[name], value)) for name, value in values.items() if name in here]
    return Checked(
        {name: value for name, value in values.items() if value is not None},
        tuple(found),
        tuple(Mistake(name, text) for name, text in warnings if text),
    )


def _known(source: str, answers: Mapping[str, Any], profile: Mapping[str, str]) -> Any:
    if source == "profile.division":
        return profile.get("profile.id_number", "")[:6] or None
    return profile.get(source) if source.startswith("profile.") else answers.get(source)


def _proposal(question: Question, answers: Mapping[str, Any], profile: Mapping[str, str]) -> Any:
    return _known(question.prefill, answers, profile) if question.prefill else None


@dataclass(frozen=True)
class Proposal:
    """A value that we already know and the source it came from; the person may correct it."""

    value: Any
    source: str


def proposals(form: Form, answers: Mapping[str, Any], profile: Mapping[str, str], now: datetime) -> dict[str, Proposal]:
    """What may be filled in for visible questions without an answer.

    `profile`: profile.name, profile.id_number, profile.phone of the verified person; profile.division is read off the
    ID number.
    """
    found: dict[str, Proposal] = {}
    known = dict(answers)
    for question in form.questions().values():
        if known.get(question.id) is not None or not question.prefill:
            continue
        if question.prefill_if and not holds(question.prefill_if, shown(form, known, now), now, form.district):
            continue
        value = _proposal(question, known, profile)
        if value is not None:
            known[question.id] = value
            found[question.id] = Proposal(value, question.prefill)
    visible = shown(form, known, now)
    return {name: proposal for name, proposal in found.items() if name in visible}
