"""The documents of one item, by material: what came, what was wanted and is missing, what the registers answered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.catalogue.definition import Material, Service
from app.catalogue.plans import Plan
from app.documents.queries import DocumentRow
from app.filing import lookup_words
from app.filing.looks import Looks
from app.filing.lookup_words import Fetched
from app.forms.definition import Text


class Sheet(NamedTuple):
    """One picture: a page of a document; `anchor` names it on the page, `target` is what a correction can ask for again."""

    document: UUID
    number: int
    of: int
    material: str
    page: int
    name: Text
    size: int
    media_type: str
    filename: str
    revision: int
    first: bool

    @property
    def anchor(self) -> str:
        """An id unique on the review page."""
        return f"sheet-{self.document}-{self.number}"

    @property
    def target(self) -> str:
        """How a correction names this page."""
        return f"m:{self.material}:{self.page}"

    @property
    def kilobytes(self) -> int:
        """Size as received, in kB, at least 1."""
        return max(1, round(self.size / 1000))


@dataclass(frozen=True)
class Papers:
    """`sheets` are the pictures in force; `missing` was wanted and did not come.

    `fetched` was not handed in, with what a register said; of `disputed` the applicant says that it does not fit.
    """

    sheets: tuple[Sheet, ...]
    older: tuple[Sheet, ...]
    missing: tuple[Material, ...]
    fetched: tuple[Fetched, ...]
    disputed: tuple[Fetched, ...]
    wanted: int


def sort(
    service: Service, plan: Plan, seen: set[str], rows: Sequence[DocumentRow], looks: Looks = Looks(), lang: str = "zh"
) -> Papers:
    """Order an item's documents: the newest revision of each page counts, what it replaced stays reachable."""
    newest: dict[tuple[str, int], DocumentRow] = {}
    for row in sorted(rows, key=lambda r: r.revision):
        newest[row.material, row.page] = row
    force = {row.id for row in newest.values()}
    order = {m.id: k for k, m in enumerate(service.materials)}
    rows = sorted((r for r in rows if r.material in order), key=lambda r: (order[r.material], r.page, -r.revision))
    wanted = tuple(m for m in plan.wanted if m.id in seen)
    had = {row.material for row in newest.values()}
    return Papers(
        sheets=tuple(s for row in rows if row.id in force for s in _sheets(service, row)),
        older=tuple(s for row in rows if row.id not in force for s in _sheets(service, row)),
        missing=tuple(m for m in wanted if m.id not in had),
        fetched=tuple(lookup_words.fetched((m for m in plan.exempt if m.id in seen), looks, lang, whole=True)),
        disputed=tuple(lookup_words.disputed(wanted, looks, lang, whole=True)),
        wanted=len(wanted),
    )


def _sheets(service: Service, row: DocumentRow) -> list[Sheet]:
    material = service.material(row.material)
    name = material.page_names[row.page - 1] if 0 < row.page <= len(material.page_names) else material.name
    return [
        Sheet(
            row.id, number, row.renditions, row.material, row.page, name, row.size, row.media_type, row.filename,
            row.revision, number == 1,
        )
        for number in range(1, row.renditions + 1)
    ]  # fmt: skip
