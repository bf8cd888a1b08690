"""What the review page shows: every answer with its source, materials, what they lead to, and what is missing. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.definition import Edition, Item, Material
from app.catalogue.plans import PlannedPart
from app.core import workdays
from app.core.i18n import Pair
from app.documents.queries import DocumentRow
from app.forms.definition import Page, Question
from app.forms.mistakes import Mistake

from . import prefill
from .checking import check_answers
from .looks import Looks
from .steps import Steps, steps
from .submission import Gap, gaps


@dataclass(frozen=True)
class Line:
    """An answer on the review page; `source` is a msgid, both languages, or empty."""

    question: Question
    value: Any
    source: str | Pair
    mistake: Mistake | None


@dataclass(frozen=True)
class Topic:
    """One page's answers; `to_mend` counts its mistakes and missing pictures."""

    page: Page
    lines: tuple[Line, ...]
    materials: tuple[tuple[Material, int], ...]
    to_mend: int


@dataclass(frozen=True)
class Part:
    """A department's share: its items, needed or not, and the day by which the last of them is promised."""

    department: str
    items: tuple[PlannedPart, ...]
    due: datetime | None


@dataclass(frozen=True)
class Review:
    """The whole draft as it would be submitted now."""

    edition: Edition
    way: Steps
    values: dict[str, Any]
    topics: tuple[Topic, ...]
    parts: tuple[Part, ...]
    exempt: tuple[Material, ...]
    looks: Looks
    due: datetime
    legal_due: datetime | None
    gaps: dict[str, Gap]
    documents: tuple[DocumentRow, ...]
    to_mend: int

    @property
    def running(self) -> int:
        """How many departments will work."""
        return sum(1 for part in self.parts if part.due)

    @property
    def first_page(self) -> Page | None:
        """The first page with something to mend."""
        return next((topic.page for topic in self.topics if topic.to_mend), None)


def days_until(items: Mapping[str, Item], item: Item, days: Callable[[Item], int]) -> int:
    """Working days until an item is decided: its own after the longest of its needed predecessors."""
    before = [items[i] for i in (*item.after, *item.after_any) if i in items]
    return days(item) + max((days_until(items, one, days) for one in before), default=0)


def shares(parts: Iterable[PlannedPart], received: datetime) -> tuple[Part, ...]:
    """Items by department in the order of the service, each department with its last promised day."""
    by: dict[str, list[PlannedPart]] = {}
    for part in parts:
        by.setdefault(part.item.department, []).append(part)
    needed = {p.item.id: p.item for group in by.values() for p in group if p.needed}
    found = []
    for department, group in by.items():
        days = [days_until(needed, p.item, lambda i: i.promised_days) for p in group if p.needed]
        found.append(Part(department, tuple(group), workdays.due(received, max(days)).at if days else None))
    return tuple(found)


def _topic(page: Page, way: Steps, answers: Mapping[str, Any], sources: Mapping[str, str], wrong: Mapping[str, Mistake],
           missing: Mapping[str, Gap], pages: Mapping[str, int]) -> Topic:  # fmt: skip
    lines = tuple(
        Line(q, answers.get(q.id), prefill.words(sources[q.id]) if q.id in sources else "", wrong.get(q.id))
        for q in page.questions
        if q.id in way.shown
    )
    materials = tuple((m, pages.get(m.id, 0)) for m in way.plan.wanted if m.id in page.materials)
    to_mend = sum(1 for line in lines if line.mistake) + sum(1 for m, _ in materials if m.id in missing)
    return Topic(page, lines, materials, to_mend)


def review(
    edition: Edition, answers: Mapping[str, Any], sources: Mapping[str, str], documents: Sequence[DocumentRow], now: datetime,
    looks: Looks = Looks(),
) -> Review:  # fmt: skip
    """The draft as it would be submitted now. Documents of materials that are not wanted any more are left out.

    `looks`: what the registers answered for this draft.
    """
    checked = check_answers(edition.service.form, answers, now)
    way = steps(edition, checked.values, now, looks.held(edition))
    wanted = {m.id for m in way.plan.wanted}
    sent = tuple(d for d in documents if d.material in wanted)
    counted = Counter(d.material for d in sent)
    missing = gaps(edition, way.plan, {m: [d.page for d in sent if d.material == m] for m in counted})
    wrong = {m.asked: m for m in reversed(checked.mistakes)}
    on_pages = {name for page in way.pages for name in page.materials}
    topics = tuple(_topic(p, way, answers, sources, wrong, missing, counted) for p in way.pages)
    legal = way.plan.legal_days
    return Review(
        edition=edition, way=way, values=checked.values, topics=topics, parts=shares(way.plan.items, now),
        exempt=way.plan.exempt, due=workdays.due(now, way.plan.promised_days).at,
        legal_due=None if legal is None else workdays.due(now, legal).at, gaps=missing, documents=sent,
        looks=looks, to_mend=sum(t.to_mend for t in topics) + sum(1 for name in missing if name not in on_pages),
    )  # fmt: skip
