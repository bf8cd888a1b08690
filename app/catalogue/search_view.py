"""What the page of results shows: hits by kind with what was looked for marked, counts, questions of others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.core.i18n import Pair, pick

from . import editions
from .definition import Edition, ServiceKind
from .guides import Guide, guide
from .search import Found, Hit
from .search_text import HAN, fold

#: The kinds in the order in which they are shown; questions of others come last.
KINDS = (ServiceKind.ONE_THING.value, ServiceKind.COMBINED.value, ServiceKind.STAGE.value, ServiceKind.SINGLE.value)
QUESTIONS = "questions"
SUGGESTED = 6
#: How much better than every one-thing something else must fit to stand before them.
MUCH_BETTER = 1.1


class Piece(NamedTuple):
    """A part of a text, and whether it is what was looked for."""

    text: str
    found: bool


class Because(NamedTuple):
    """The name that matched when the title did not: an item, another word, a life event, a department."""

    where: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Row:
    """One hit."""

    guide: Guide
    title: list[Piece]
    situation: list[Piece]
    because: Because | None


class Group(NamedTuple):
    """The hits of one kind."""

    kind: str
    rows: tuple[Row, ...]


class Asked(NamedTuple):
    """A question of others and the service whose guide answers it."""

    service: str
    pieces: list[Piece]


@dataclass(frozen=True)
class View:
    """The page: `counts` by kind (questions among them), `groups` and `questions` of the chosen kind or of all."""

    counts: dict[str, int]
    total: int
    groups: tuple[Group, ...]
    questions: tuple[Asked, ...]
    near: tuple[Row, ...]


def pieces(text: str, marks: Iterable[str]) -> list[Piece]:
    """A text in parts, with what was looked for apart from the rest."""
    folded, found = fold(text), [False] * len(text)
    for mark in marks:
        step = folded.find(mark) if mark else -1
        while step >= 0:
            found[step : step + len(mark)] = [True] * len(mark)
            step = folded.find(mark, step + 1)
    parts: list[Piece] = []
    for sign, held in zip(text, found, strict=True):
        if parts and parts[-1].found is held:
            parts[-1] = Piece(parts[-1].text + sign, held)
        else:
            parts.append(Piece(sign, held))
    return parts


def _because(hit: Hit, lang: str, shown: str) -> Because | None:
    if hit.by is None or any(len(mark) > 1 and mark in fold(shown) for mark in hit.marks):
        return None  # title or situation show it
    text = pick(hit.by.shown, lang)
    if fold(text) in fold(shown) or (lang == "en" and HAN.search(text)):
        return None
    return Because(hit.by.where.name.lower(), pieces(text, hit.marks))


def row(hit: Hit, lang: str) -> Row:
    """A hit as it is shown in a language."""
    service = hit.edition.service
    title, situation = pick(service.title, lang), pick(service.situation, lang)
    because = _because(hit, lang, f"{title} {situation}")
    shown = guide(hit.edition, editions.departments())
    return Row(shown, pieces(title, hit.marks), pieces(situation, hit.marks), because)


def _in_order(groups: dict[str, list[Hit]]) -> list[str]:
    """One-things first, unless something else fits much better."""
    best = {kind: max(hit.score for hit in hits) for kind, hits in groups.items()}
    kinds = [kind for kind in KINDS if kind in groups]
    top = max(best.values(), default=0.0)
    return sorted(kinds, key=lambda kind: (best[kind] * MUCH_BETTER < top, KINDS.index(kind)))


def _asked(lines: Iterable[tuple[Edition, Pair]], marks: Iterable[str], lang: str) -> tuple[Asked, ...]:
    return tuple(Asked(edition.service.id, pieces(pick(text, lang), marks)) for edition, text in lines)


def view(found: Found, lang: str, kind: str = "") -> View:
    """The page of what was found, of one kind if it is asked for and there."""
    by_kind: dict[str, list[Hit]] = {}
    for hit in found.hits:
        by_kind.setdefault(hit.edition.service.kind.value, []).append(hit)
    kinds = _in_order(by_kind)
    counts = {name: len(by_kind[name]) for name in kinds}
    if found.questions:
        counts[QUESTIONS] = len(found.questions)
    wanted = [kind] if kind in counts else [*kinds, QUESTIONS]
    return View(
        counts=counts,
        total=sum(counts.values()),
        groups=tuple(Group(name, tuple(row(hit, lang) for hit in by_kind[name])) for name in kinds if name in wanted),
        questions=_asked(((e, q.shown) for e, q in found.questions), found.marks, lang) if QUESTIONS in wanted else (),
        near=tuple(row(hit, lang) for hit in found.near),
    )


def suggestions(found: Found, lang: str) -> tuple[Row, ...]:
    """The first few hits in the order of the page, for the list under the box."""
    ordered = [one for group in view(found, lang).groups for one in group.rows]
    return tuple(ordered[:SUGGESTED])


def ordered(found: Found) -> list[str]:
    """The services that were found, in the order of the page."""
    return [one.guide.service.id for group in view(found, "zh").groups for one in group.rows]
