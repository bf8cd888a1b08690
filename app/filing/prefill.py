"""Where a proposed answer comes from: what the town already has of the party, what they filed or answered before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts import enterprises
from app.accounts.models import Person, Phone
from app.accounts.parties import Party
from app.catalogue.definition import Edition
from app.core.errors import N_
from app.core.i18n import Pair
from app.forms.answers import Proposal, proposals
from app.forms.definition import Form, Kind, Level, Question

from . import earlier, lookup_words, lookups
from .enquiries import sources_of
from .looks import Looks

#: The source of a proposal in words; a question's id as source means an earlier answer of this draft.
SOURCES = {
    "profile.name": N_("来自实名核对"),
    "profile.id_number": N_("来自实名核对"),
    "profile.division": N_("来自实名核对"),
    "profile.phone": N_("来自登录的手机号"),
    "enterprise.name": N_("来自企业登记"),
    "enterprise.credit_code": N_("来自企业登记"),
    "enterprise.representative": N_("来自企业登记"),
}
ABOVE = N_("照您前面填的")
_DIGITS = {Level.COUNTY: 6, Level.TOWN: 9}


def words(source: str) -> str | Pair:
    """The source of a proposal in words: a msgid, or both languages where it names a case."""
    if source.startswith(f"{earlier.SOURCE}:"):
        return earlier.words(source)
    if "@" in source:
        return lookup_words.source(source)
    return SOURCES.get(source, ABOVE)


def profile(session: Session, person_id: UUID) -> dict[str, str]:
    """What we know of a person and the phone they last used: {name of the proposal: value}. One query."""
    known = (
        select(col(Person.name), col(Person.id_number), col(Phone.number))
        .join(Phone, col(Phone.person_id) == col(Person.id))
        .where(col(Person.id) == person_id)
        .order_by(col(Phone.holder_checked_at).desc())
        .limit(1)
    )
    row = session.execute(known).first()
    return {} if row is None else {"profile.name": row[0], "profile.id_number": row[1], "profile.phone": row[2]}


def _asked(form: Form, only: Iterable[str] | None) -> dict[str, tuple[str, ...]]:
    """{question: its sources}: of these questions and of those that they are proposed from; of all without `only`."""
    questions = form.questions()
    asked: dict[str, tuple[str, ...]] = {}
    left = list(questions if only is None else only)
    while left:
        name = left.pop()
        if name in questions and name not in asked:
            asked[name] = sources_of(questions[name])
            left += asked[name]
    return asked


def known(
    session: Session, party: Party, draft_id: UUID, edition: Edition, looks: Looks | None = None,
    only: Iterable[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What may be proposed in a party's draft, by source name; a query for each kind of source that the questions name.

    `looks`: what the registers answered, when the caller has read it already. `only`: for these questions.
    `earlier.<question>` is what was answered in a case before, `earlier.<question>@` which case that was; likewise what the
    registers answered for this very draft, and on which day.
    """
    asked = _asked(edition.service.form, only)
    named = {source for sources in asked.values() for source in sources}
    found: dict[str, Any] = {}
    if any(source.startswith("profile.") for source in named):
        found |= profile(session, party.person_id)
    if party.enterprise_id is not None and any(source.startswith("enterprise.") for source in named):
        found |= enterprises.registered(session, party.enterprise_id)
    if earlier.SOURCE in named:
        wanted = [name for name, sources in asked.items() if earlier.SOURCE in sources]
        for name, before in earlier.answers(session, party, wanted).items():
            found |= {f"{earlier.SOURCE}.{name}": before.value, f"{earlier.SOURCE}.{name}@": before.of}
    if any(source.partition(".")[0] in lookups.REGISTERS for source in named):
        looks = looks or lookups.of_draft(session, party.person_id, draft_id)
        found |= looks.known(edition)
    return found


def offered(form: Form, answers: Mapping[str, Any], known: Mapping[str, Any], now: datetime) -> dict[str, Proposal]:
    """The proposals for a form; one from an earlier case names that case as its source, one from a register the day."""
    questions = form.questions()

    def named(name: str, proposal: Proposal) -> Proposal:
        proposal = replace(proposal, value=_as_deep_as_asked(questions[name], proposal.value))
        if proposal.source == earlier.SOURCE:
            return replace(proposal, source=f"{earlier.SOURCE}:{known[f'{earlier.SOURCE}.{name}@']}")
        looked = known.get(f"{proposal.source}@")
        return replace(proposal, source=f"{proposal.source}@{looked}") if looked else proposal

    return {name: named(name, proposal) for name, proposal in proposals(form, answers, known, now).items()}


def _as_deep_as_asked(question: Question, value: Any) -> Any:
    """A division no deeper than the question goes: its picker offers nothing below, and nobody needs to know more."""
    if question.kind is Kind.DIVISION and question.down_to in _DIGITS and isinstance(value, str):
        return value[: _DIGITS[question.down_to]]
    return value


def sources(
    form: Form, known: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], kept: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:  # fmt: skip
    """{question: source} of the answers that stand as they were proposed; an answer that was changed is the person's own."""
    same = {name: source for name, source in kept.items() if name in after and after[name] == before.get(name)}
    changed = {q.id for q in form.questions().values() if q.prefill and after.get(q.id) != before.get(q.id)}
    proposed = offered(form, {k: v for k, v in after.items() if k not in changed}, known, now)
    taken = {name: p.source for name, p in proposed.items() if name in changed and after.get(name) == p.value}
    return {**same, **taken}
