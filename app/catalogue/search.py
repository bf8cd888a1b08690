"""Finding a service by what people call it: names, everyday words, pinyin, initials, slips of the finger, both languages.

Nothing of a query is kept: it is compared and forgotten. What looks like somebody's number is not compared at all.
"""

from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from . import editions, search_match
from .definition import Edition, ServiceKind
from .search_index import Index, Name, Question, Where
from .search_match import Fit, Fits
from .search_mend import mend
from .search_text import HAN, english, matter, private, squeeze

LONGEST = 60
#: Below this a hit is only near; below this share of the best it is left out.
ENOUGH, BESIDE = 250.0, 0.5
#: What a one-thing counts for more: it brings everything at once.
AT_ONCE = 60.0
MOST_QUESTIONS, MOST_NEAR, MOST_HITS = 5, 3, 60


@dataclass(frozen=True)
class Hit:
    """A service that was found. `by`: the name that says why, when its title does not. `marks`: the parts that matched."""

    edition: Edition
    score: float
    by: Name | None
    marks: frozenset[str]


@dataclass(frozen=True)
class Found:
    """What a search found, best first. `mended` is what was looked for instead of the query. `near` when nothing fits well."""

    query: str
    mended: str | None
    hits: tuple[Hit, ...]
    near: tuple[Hit, ...]
    questions: tuple[tuple[Edition, Question], ...]
    marks: frozenset[str]


@lru_cache(2)
def _index(_edition_ids: tuple[str, ...]) -> Index:
    return Index(editions.all_current(), editions.departments(), editions.events()).warm()


def index() -> Index:
    """The index of the editions in force; made at the first search of a process (tenths of a second for 2,000 services)."""
    return _index(editions.ids())


def _fits(known: Index, query: str, share: float = 1.0) -> Fits:
    fits = Fits()
    bare = matter(query)
    for text in dict.fromkeys((query, bare)):
        search_match.by_letters(known, text, fits, share)
    if HAN.search(bare):
        search_match.by_pairs(known, bare, fits, share)
    if any(sign.isascii() and sign.isalpha() for sign in bare):
        search_match.by_sound(known, bare, fits)
        if words := english(bare):
            search_match.by_words(known, words, fits)
    return fits


def _best(fits: Fits) -> float:
    return max((fit.score for fit in fits.values()), default=0.0)


def _other_spelling(known: Index, query: str) -> str:
    """The query as it was probably meant."""
    if HAN.search(query):
        return mend(known, query)
    return " ".join(search_match.mended(known, query.split()))


def _with_slips(known: Index, query: str, fits: Fits) -> tuple[Fits, str | None]:
    """Better fits by another spelling, then by likeness; what was looked for instead."""
    other = _other_spelling(known, matter(query))
    if other != matter(query):
        meant = _fits(known, other, 0.95)
        if _best(meant) > max(ENOUGH, _best(fits)):
            return meant, query.replace(matter(query), other)
    if _best(fits) < ENOUGH * 2:
        if any(sign.isascii() and sign.isalpha() for sign in query):
            search_match.by_sound(known, matter(query), fits, lenient=True)
        search_match.nearly(known, matter(query), fits)
    return fits, None


def _by(known: Index, service: int, fit: Fit) -> Name | None:
    """The service's name that a hit owes itself to, unless that is its title."""
    mine = [name for name in known.names[fit.term] if name.service == service] if fit.term is not None else []
    return mine[0] if mine and mine[0].where is not Where.TITLE else None


def _more(known: Index, service: int) -> float:
    return AT_ONCE if known.editions[service].service.kind is ServiceKind.ONE_THING else 0.0


def _hits(known: Index, fits: Fits) -> list[Hit]:
    """The best fits, best first."""
    scored = ((fit.score + _more(known, service), -service, fit) for service, fit in fits.items())
    best = nlargest(MOST_HITS, scored, key=lambda one: one[:2])
    return [Hit(known.editions[-at], score, _by(known, -at, fit), fit.marks) for score, at, fit in best]


def _questions(known: Index, query: str, marks: frozenset[str]) -> list[tuple[Edition, Question]]:
    """Questions that hold the query, or most of what was found of it."""
    needles = sorted({mark for mark in (query, *marks) if len(mark) > 1}, key=len, reverse=True)
    lines = dict.fromkeys(line for needle in needles for line, _ in known.asked.having(needle))
    return [(known.editions[known.questions[line].service], known.questions[line]) for line in lines]


def search(query: str, known: Index | None = None, *, only: bool = False) -> Found:
    """What fits a query. `only`: its own letters, no other spelling. Takes milliseconds for thousands of services."""
    known = known or index()
    text = squeeze(query[:LONGEST])
    if not text or private(query):
        return Found("", None, (), (), (), frozenset())
    fits, mended = _fits(known, text), None
    if not only and _best(fits) < Where.ITEM * 0.7:
        fits, mended = _with_slips(known, text, fits)
    hits = _hits(known, fits)
    least = max(ENOUGH, BESIDE * max((one.score for one in hits), default=0.0))
    good = tuple(one for one in hits if one.score >= least)
    marks = frozenset(mark for one in good for mark in one.marks)
    asked = _questions(known, matter(mended or text), marks)[:MOST_QUESTIONS] if good else []
    near = () if good else tuple(hits[:MOST_NEAR])
    return Found(text, mended, good, near, tuple(asked), marks)
