"""One item as its department reviews it: only its own questions and documents, other departments' states, the timeline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.accounts.models import Enterprise, Person, Staff
from app.accounts.officers import Officer
from app.cases import clocks
from app.cases.models import Case, CaseEvent, CaseItem, CaseRevision, Correction
from app.cases.states import ItemState
from app.catalogue.definition import Item, Service
from app.catalogue.editions import edition
from app.catalogue.plans import plan
from app.core.errors import NotFound
from app.core.workdays import hours
from app.documents.queries import DocumentRow, of_case
from app.filing import lookups
from app.filing.display import answer
from app.filing.looks import Looks
from app.filing.models import Receipt
from app.filing.receipts import salted
from app.forms.definition import Question

from . import checks, papers
from .filters import REACHED
from .papers import Papers
from .queries import Line, Sibling, neighbours, siblings, within


class Answered(NamedTuple):
    """A question of this item and its answer in words."""

    question: Question
    words: str


class Subject(NamedTuple):
    """An item that the officer may see, with its case, applicant and claimer.

    Of an enterprise's case `applicant` and `id_number` are who filed it; the applicant is `enterprise`.
    """

    item: CaseItem
    case: Case
    applicant: str
    id_number: str
    claimer: str | None
    enterprise: str | None
    credit_code: str | None


@dataclass(frozen=True)
class Review:
    """Everything that the review page shows."""

    subject: Subject
    service: Service
    definition: Item
    clock: clocks.Clock
    answers: list[Answered]
    papers: Papers
    checks: list[checks.Check]
    others: list[Sibling]
    events: list[CaseEvent]
    correction: Correction | None
    result: DocumentRow | None
    before: Line | None
    after: Line | None
    may_correct: bool


def find(session: Session, officer: Officer, number: str, item_id: str) -> Subject:
    """An item that has reached the officer's department, within their jurisdiction; raises NotFound."""
    found = (
        columns(
            CaseItem, Case, col(Person.name), col(Person.id_number), col(Staff.name), col(Enterprise.name),
            col(Enterprise.credit_code),
        )
        .join(Case, col(Case.id) == col(CaseItem.case_id))
        .join(Person, col(Person.id) == col(Case.applicant_id))
        .outerjoin(Staff, col(Staff.id) == col(CaseItem.claimed_by))
        .outerjoin(Enterprise, col(Enterprise.id) == col(Case.enterprise_id))
        .where(
            col(Case.number) == number, col(CaseItem.item_id) == item_id, within(officer), col(CaseItem.state).in_(REACHED)
        )
    )  # fmt: skip
    row = session.execute(found).first()
    if row is None:
        raise NotFound
    return Subject(*row)


def clock_of(item: CaseItem | Line, now: datetime) -> clocks.Clock:
    """The clock of an item: acceptance, then the promise."""
    started = item.accepted_at or item.ready_at
    clock = clocks.clock(item.state, started, item.act_by, item.legal_due, item.finished_at, now)
    most = item.promised_days if item.accepted_at else clocks.ACCEPTANCE_DAYS
    if most and clock.days > most and clock.light in (clocks.Light.RUNNING, clocks.Light.SOON):
        return replace(clock, hours=most * hours().a_day)  # the rest of the day it began on is given, not counted
    return clock


def open_review(session: Session, officer: Officer, subject: Subject, lang: str, now: datetime) -> Review:
    """Read all that the page shows; the caller has recorded the look."""
    item, case = subject.item, subject.case
    pinned = edition(session, case.service_id, case.edition)
    service = pinned.service
    answers = _answers(session, case)
    seen_questions, seen_materials = service.seen_by({item.item_id})
    rows = of_case(session, case.id, seen_materials)
    held_by = {m.held_by for m in service.materials if m.held_by and m.id in seen_materials}
    looks = lookups.of_draft(session, case.filer_id, case.draft_id, held_by) if held_by else Looks()
    planned = plan(pinned, answers, case.filed_at, looks.held(pinned))
    sorted_papers = papers.sort(service, planned, seen_materials, rows, looks, lang)
    questions = [q for q in service.form.questions().values() if q.id in seen_questions]
    events = list(session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.sequence))))
    facts = [
        checks.real_name(), checks.agency(case.agency_at, lang) if case.enterprise_id else None,
        *checks.id_numbers(questions, answers, subject.id_number), checks.materials(sorted_papers),
        checks.registers(sorted_papers),
        checks.receipt(_as_received(session, case, answers)), checks.history(events),
    ]  # fmt: skip
    up, down = neighbours(session, officer, item.act_by or now, item.id)
    correction = session.exec(select(Correction).where(Correction.case_item_id == item.id)).first()
    return Review(
        subject=subject, service=service, definition=service.item(item.item_id), clock=clock_of(item, now),
        answers=[Answered(q, w) for q in questions if (w := answer(q, answers.get(q.id), lang, whole=True))],
        papers=sorted_papers, checks=[f for f in facts if f],
        others=[s for s in siblings(session, [case.id])[case.id] if s.item_id != item.item_id],
        events=[e for e in reversed(events) if e.item_id in (None, item.item_id)], correction=correction,
        result=_result(session, item), before=up, after=down,
        may_correct=item.state is ItemState.FILED and correction is None,
    )  # fmt: skip


def _answers(session: Session, case: Case, revision: int | None = None) -> dict[str, Any]:
    found = select(CaseRevision.answers).where(
        CaseRevision.case_id == case.id, CaseRevision.revision == (revision or case.revision)
    )
    answers: dict[str, Any] = json.loads(session.exec(found).one())
    return answers


def _as_received(session: Session, case: Case, answers: dict[str, Any]) -> bool | None:
    """Whether the first answers are those of the signed receipt; None without a receipt."""
    receipt = session.get(Receipt, case.id)
    if receipt is None:
        return None
    first = answers if case.revision == 1 else _answers(session, case, 1)
    return bool(receipt.body.get("answers_sha256") == salted(receipt.salt, first))


def _result(session: Session, item: CaseItem) -> DocumentRow | None:
    if item.result_document_id is None:
        return None
    rows: Sequence[DocumentRow] = of_case(session, item.case_id, None)
    return next((row for row in rows if row.id == item.result_document_id), None)
