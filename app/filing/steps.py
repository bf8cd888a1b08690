"""Which pages a person walks through: those with a visible question or a material to be uploaded, then the review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.definition import Edition
from app.catalogue.plans import Plan, plan
from app.forms.conditions import shown
from app.forms.definition import Page

REVIEW = "review"


@dataclass(frozen=True)
class Steps:
    """The way through a form as it stands with these answers; the review page is its last step.

    `seen`: the answers of the questions that are shown, None where there is none.
    """

    pages: tuple[Page, ...]
    seen: dict[str, Any]
    plan: Plan

    @property
    def shown(self) -> frozenset[str]:
        """The questions that are shown."""
        return frozenset(self.seen)

    @property
    def count(self) -> int:
        """Steps in all, the review included."""
        return len(self.pages) + 1

    def number(self, page_id: str) -> int:
        """The step of a page, from 1; a page that is skipped counts as the one before it."""
        return next((n for n, page in enumerate(self.pages, 1) if page.id == page_id), self.count)

    def after(self, page_id: str, order: tuple[Page, ...]) -> Page | None:
        """The next page to be shown after one that may itself be skipped; None means the review."""
        later = _later(page_id, order)
        return next((p for p in self.pages if p.id in later), None)

    def before(self, page_id: str, order: tuple[Page, ...]) -> Page | None:
        """The page before; None at the first. Before the review comes the last page."""
        later = {page_id} | _later(page_id, order)
        earlier = [p for p in self.pages if page_id == REVIEW or p.id not in later]
        return earlier[-1] if earlier else None


def _later(page_id: str, order: tuple[Page, ...]) -> set[str]:
    ids = [p.id for p in order]
    return set(ids[ids.index(page_id) + 1 :]) if page_id in ids else set()


def steps(edition: Edition, answers: Mapping[str, Any], now: datetime, held: frozenset[str] = frozenset()) -> Steps:
    """The way through an edition's form with the answers so far; `held`: the materials that a register has answered with."""
    form = edition.service.form
    seen = shown(form, answers, now)
    planned = plan(edition, answers, now, held, seen)
    wanted = {m.id for m in planned.wanted}
    pages = tuple(p for p in form.pages if any(q.id in seen for q in p.questions) or wanted & set(p.materials))
    return Steps(pages, seen, planned)
