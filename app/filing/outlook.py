"""会办哪些事: what the answers so far lead to, item by item: needed or not and why, papers, days, order. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.catalogue.definition import Edition, Item, Material, Source
from app.catalogue.plans import Plan, plan
from app.core import workdays
from app.documents.queries import DocumentRow
from app.forms.definition import Page, Question

from .checking import check_answers
from .deciding import Deciding, Verdict
from .review import days_until
from .steps import REVIEW


class Need(StrEnum):
    """Whether an item or a paper is needed: yes, no, or known only when more is answered."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Way(StrEnum):
    """How a paper comes: photographed, found by a register, fetched between departments, made from the answers, or made by an
    item of the same case."""

    PHOTO = "photo"
    FOUND = "found"
    FETCHED = "fetched"
    MADE = "made"
    WITHIN = "within"


@dataclass(frozen=True)
class Because:
    """A question that decides, its answer (None when there is none yet), and the page on which it is asked."""

    question: Question
    value: Any
    page: Page


@dataclass(frozen=True)
class Paper:
    """A material of an item; `sent`: how many pictures of it have come."""

    material: Material
    need: Need
    way: Way
    sent: int


@dataclass(frozen=True)
class Part:
    """An item: whether it is needed and by which answers, what it waits for, its papers, the last day promised for it."""

    item: Item
    need: Need
    because: tuple[Because, ...]
    after: tuple[Item, ...]
    after_any: tuple[Item, ...]
    papers: tuple[Paper, ...]
    due: datetime | None


@dataclass(frozen=True)
class Outlook:
    """All items in the order of the service; `papers` are those of every item. Days as if it were filed now."""

    parts: tuple[Part, ...]
    papers: tuple[Paper, ...]
    due: datetime | None
    legal_due: datetime | None

    def count(self, need: Need) -> int:
        """How many items are needed, are not, or are open."""
        return sum(part.need is need for part in self.parts)


def _passed(edition: Edition, page_id: str) -> frozenset[str]:
    """The questions of the pages up to the one on which a draft was left."""
    pages = edition.service.form.pages
    last = next((n for n, page in enumerate(pages, 1) if page.id == page_id), len(pages) if page_id == REVIEW else 0)
    return frozenset(q.id for page in pages[:last] for q in page.questions)


def _need(verdict: Verdict, planned: bool) -> Need:
    if verdict.outcome is None:
        return Need.OPEN
    return Need.YES if planned else Need.NO


def _way(material: Material, planned: Plan, held: frozenset[str]) -> Way:
    if material.from_item:
        return Way.WITHIN
    if material.source is Source.SYSTEM:
        return Way.MADE
    if material.id in held:
        return Way.FOUND
    return Way.FETCHED if any(m.id == material.id for m in planned.exempt) else Way.PHOTO


def outlook(
    edition: Edition, answers: Mapping[str, Any], left_at: str, documents: Sequence[DocumentRow], held: frozenset[str],
    now: datetime,
) -> Outlook:  # fmt: skip
    """What a draft's answers lead to; `left_at`: the page it was left at, `held`: materials that registers answered with."""
    form = edition.service.form
    values = check_answers(form, answers, now, partial=True).values
    deciding = Deciding(form, values, _passed(edition, left_at), now)
    planned = plan(edition, values, now, held)
    needed = {p.item.id: p.item for p in planned.items if p.needed}
    by_id = {item.id: item for item in edition.service.items}
    sent = Counter(d.material for d in documents)
    pages = {q.id: page for page in form.pages for q in page.questions}
    questions = form.questions()

    def because(verdict: Verdict) -> tuple[Because, ...]:
        return tuple(Because(questions[q], values.get(q), pages[q]) for q in pages if q in verdict.by)

    def paper(material: Material) -> Paper:
        verdict = deciding.of(material.needed_if)
        asked = any(m.id == material.id for m in (*planned.wanted, *planned.exempt))
        return Paper(material, _need(verdict, asked), _way(material, planned, held), sent[material.id])

    papers = [paper(m) for m in edition.service.materials]

    def part(item: Item, is_needed: bool) -> Part:
        verdict = deciding.of(item.needed_if)
        days = days_until(needed, item, lambda one: one.promised_days) if is_needed else None
        return Part(
            item=item, need=_need(verdict, is_needed), because=because(verdict),
            after=tuple(by_id[i] for i in item.after if i in needed),
            after_any=tuple(by_id[i] for i in item.after_any if i in needed),
            papers=tuple(p for p in papers if item.id in p.material.items and p.need is not Need.NO),
            due=workdays.due(now, days).at if days is not None else None,
        )  # fmt: skip

    legal = planned.legal_days
    return Outlook(
        parts=tuple(part(p.item, p.needed) for p in planned.items),
        papers=tuple(p for p in papers if not p.material.items and p.need is not Need.NO),
        due=workdays.due(now, planned.promised_days).at if needed else None,
        legal_due=workdays.due(now, legal).at if legal is not None else None,
    )
