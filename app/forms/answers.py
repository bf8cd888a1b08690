"""Answers against their form: what is kept, what is wrong, what may be proposed. The browser does the same in answers.js."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import kinds
from . import mistakes as m
from .amounts import cents
from .conditions import broken, holds, reveal, shown
from .definition import Form, Kind, Question
from .derived import today
from .mistakes import Mistake
from .verdicts import At, Verdict

LONGEST_ID = 60


#: Whose name a typed signature must be.
SIGNER = "applicant.name"


@dataclass(frozen=True)
class Checked:
    """`values`: the normalised answers of visible questions that passed; `warnings` refuse nothing.

    Of an answer with parts the parts that passed are kept; the rows of a group keep their places.
    """

    values: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def _sayable(name: object) -> str:
    """The name of what was sent, short and without halves of surrogate pairs, so that it can be sent back."""
    return str(name)[:LONGEST_ID].encode(errors="replace").decode()


def _answers_only(value: Any) -> Any:
    """Rows without the columns that are not answered."""
    if isinstance(value, list):
        return [{k: v for k, v in row.items() if v is not None} if isinstance(row, dict) else row for row in value]
    return value


def check_answers(
    form: Form, answers: Mapping[str, Any], now: datetime, *, page_id: str | None = None, partial: bool = False
) -> Checked:
    """Check answers; what is hidden is dropped without a word, what the form does not know is a mistake.

    `page_id`: only the mistakes and warnings of that page, while values are of the whole form. `partial`: missing answers
    are no mistakes. Conditions see only answers that passed.
    """
    questions = form.questions()
    here = {q.id for page in form.pages if page_id in (None, page.id) for q in page.questions}
    at = At(today(now), form.district)
    verdicts = {q.id: kinds.judge(q, answers.get(q.id), at) for q in questions.values()}
    values = shown(form, {name: verdict.value for name, verdict in verdicts.items()}, now)
    found: list[Mistake] = [Mistake(_sayable(name), m.UNKNOWN) for name in answers if name not in questions]
    warnings: list[Mistake] = []
    for name in (name for name in values if name in here):
        found += _mistakes(form, questions[name], verdicts[name], values, now, partial=partial)
        warnings += [Mistake(name + place, text) for place, text in kinds.doubts(questions[name], values[name])]
    kept = {name: _answers_only(value) for name, value in values.items() if value is not None}
    return Checked(kept, tuple(found), tuple(warnings))


def _mistakes(
    form: Form, question: Question, verdict: Verdict, values: Mapping[str, Any], now: datetime, *, partial: bool
) -> list[Mistake]:
    """What is wrong with one visible question; the rules across questions speak only where nothing else is wrong."""
    value = values[question.id]
    wrong = kinds.wrongs(question, verdict, value, partial=partial)
    found = [Mistake(question.id + place, one.text, one.params) for place, one in wrong]
    return found or [*_totals(question, values), *_signed(question, values), *_across(form, question, values, now)]


def _signed(question: Question, values: Mapping[str, Any]) -> Iterator[Mistake]:
    """A typed signature is the applicant's own name, where the form asks for it."""
    value, name = values[question.id], values.get(SIGNER)
    if question.kind is Kind.SIGNATURE and value and name and value.get("name", name) != name:
        yield Mistake(f"{question.id}:name", m.SIGN_NAME)


def _totals(group: Question, values: Mapping[str, Any]) -> Iterator[Mistake]:
    """The sum of a column, to the cent, against the answer that it must equal; only when all of them are there."""
    rows, wanted = values[group.id], values.get(group.total_equals) if group.total_equals else None
    if group.kind is not Kind.GROUP or not rows or wanted is None:
        return
    needed = {column.id for column in group.questions if not column.optional or column.id == group.total_of}
    if any(value is None and name in needed for row in rows for name, value in row.items()):
        return
    amounts = [row[group.total_of] for row in rows if group.total_of in row]
    total = 0.0
    for amount in amounts:  # in order and without compensation, as the browser adds
        total += amount
    if not abs(total - wanted) < 0.005:
        yield Mistake(group.id, m.TOTAL, {"total": cents(total), "wanted": cents(wanted)})


def _across(form: Form, question: Question, values: Mapping[str, Any], now: datetime) -> Iterator[Mistake]:
    for rule in form.checks:
        if rule.at == question.id and broken(rule.must, values, now, form.district):
            yield Mistake(question.id, m.SAID, {"say": rule.say})


@dataclass(frozen=True)
class Proposal:
    """A value that we already know and the source it came from; the person may correct it."""

    value: Any
    source: str


def _from(source: str, question: Question, answers: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    if source == "earlier":
        return known.get(f"earlier.{question.id}")
    if source == "profile.division" and source not in known:
        return str(known.get("profile.id_number", ""))[:6] or None
    return answers[source] if source in answers else known.get(source)


def _proposal(question: Question, answers: Mapping[str, Any], known: Mapping[str, Any], at: At) -> Proposal | None:
    """The first source that has a value which may stand as an answer."""
    sources = (question.prefill,) if isinstance(question.prefill, str) else question.prefill or ()
    for source in sources:
        verdict = kinds.judge(question, _from(source, question, answers, known), at)
        if verdict.value is not None and not any(True for _ in verdict.flaws()):
            return Proposal(verdict.value, source)
    return None


def proposals(form: Form, answers: Mapping[str, Any], known: Mapping[str, Any], now: datetime) -> dict[str, Proposal]:
    """What may be filled in for visible questions without an answer.

    `known`: by source name what is known of the person, the enterprise, the registers that answered; `earlier.<question id>`
    for the same question in an earlier case. profile.division is read off the ID number unless it is given.
    """
    found: dict[str, Proposal] = {}
    at = At(today(now), form.district)
    seen: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for question in form.questions().values():
        value = answers.get(question.id)
        if not reveal(form, question, value, seen, now):
            continue
        if value is None and question.prefill and _may(form, question, seen, now):
            proposal = _proposal(question, given, known, at)
            if proposal is not None:
                found[question.id], value = proposal, proposal.value
                reveal(form, question, value, seen, now)
        given[question.id] = value
    return found


def _may(form: Form, question: Question, seen: Mapping[str, Any], now: datetime) -> bool:
    return question.prefill_if is None or holds(question.prefill_if, seen, now, form.district)
