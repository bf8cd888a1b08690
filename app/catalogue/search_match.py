"""How well a query fits each service: by the letters of its names, by their sound, by pairs of characters, by English words."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from math import log
from typing import NamedTuple

from rapidfuzz import fuzz, process

from .search_index import Index, Lines, Where
from .search_text import HAN, loose, sounds

#: Typed letters may leave a syllable anywhere for the next one's beginning: xsheng, xinshe, xs are all 新生.
_ON = r"(?:[a-z,]* [^\n],(?:[a-z]+,)*)?"
_NEXT = r"[a-z,]* [^\n],(?:[a-z]+,)*"
_RUNS = re.compile(r"[a-z]+|[^a-z]")
MOST_PAIRS, MOST_PART = 16, 12
#: Places beyond which a pair is common; what it is worth then; the least share of a query that makes a fit.
COMMON, SOMEWHERE, LEAST = 300, 0.7, 0.1
ALMOST = 72  # rapidfuzz: one character in four, or two neighbours in six, are wrong
ALMOST_WORD, ALMOST_TYPED = 78, 85


class Fit(NamedTuple):
    """How well a service fits, the name by which it does (None: by its sentences), and what to mark in texts."""

    score: float
    term: int | None
    marks: frozenset[str]


class Fits(dict[int, Fit]):
    """The best fit of each service."""

    def add(self, service: int, score: float, term: int | None, marks: Iterable[str]) -> None:
        """Keep a fit if it is better than what is known, and its marks in any case."""
        known, new = self.get(service), frozenset(mark for mark in marks if mark)
        if known is None or score > known.score:
            self[service] = Fit(score, term, new | (known.marks if known else frozenset()))
        elif new - known.marks:
            self[service] = known._replace(marks=known.marks | new)


def _credit(index: Index, fits: Fits, term: int, quality: float, marks: Iterable[str]) -> None:
    for name in index.names[term]:
        fits.add(name.service, name.where * quality, term, marks)


def _parts(query: str) -> Iterator[str]:
    for size in range(min(len(query), MOST_PART), 1, -1):
        for start in range(len(query) - size + 1):
            yield query[start : start + size]


def _within_word(text: str, offset: int) -> bool:
    """Whether a place is inside an English word: er is not looked for in elder."""
    around = text[offset - 1 : offset + 1] if offset else ""
    return around.isascii() and around.isalnum()


def by_letters(index: Index, query: str, fits: Fits, share: float = 1.0) -> None:
    """Names that are the query, begin with it, hold it, or stand within it."""
    for term, offset in index.lines.having(query):
        text = index.terms[term]
        if _within_word(text, offset):
            continue
        if text == query:
            quality = 1.0
        elif len(query) == 1:
            quality = 0.45
        else:
            quality = (0.86 if offset == 0 else 0.78) + 0.1 * len(query) / len(text)
        _credit(index, fits, term, quality * share, [query])
    for part in _parts(query):
        if part != query and (term := index.numbers.get(part, -1)) >= 0:
            _credit(index, fits, term, (0.5 + 0.4 * len(part) / len(query)) * share, [part])


def _pattern(query: str, *, lenient: bool) -> re.Pattern[str]:
    """The query over `Index.spelt`: Chinese stands for itself, letters for the beginnings of syllables, one after another."""
    parts: list[str] = []
    for run in _RUNS.findall(query.replace(" ", "")):
        if run[0].isascii() and run.isalpha():
            letters = re.findall(r"[a-z]\??", loose(run)) if lenient else list(run)
            typed = "".join((_ON if n else "") + letter for n, letter in enumerate(letters) if letter)
            parts.append((_NEXT if parts else ",") + typed)
        else:
            parts.append((r"[a-z,]* " if parts else "") + re.escape(run.upper()) + ",")
    return re.compile("".join(parts))


def _beginnings(sign: str) -> tuple[str, ...]:
    """What may be typed for a character before the next one: a whole syllable, or its first letter (zh, ch, sh too)."""
    heads = {head for sound in sounds(sign) for head in (sound[:1], sound[:2] if sound[1:2] == "h" else "")}
    return (*sounds(sign), *(head for head in heads if head))


def _typed_so(query: str, text: str) -> bool:
    """Whether the query spells a text: shebao is 社保 and not 参保 (shenbao); only the last syllable may be cut short."""
    if len(text) == 1:
        return query == text or any(sound.startswith(query) for sound in sounds(text))
    sign = text[0]
    if query[:1] == sign and _typed_so(query[1:], text[1:]):
        return True
    return any(query.startswith(head) and _typed_so(query[len(head) :], text[1:]) for head in _beginnings(sign))


def by_sound(index: Index, query: str, fits: Fits, *, lenient: bool = False) -> None:
    """Names that sound as it is typed: whole pinyin, initials, or a mixture of these and Chinese."""
    letters = query.replace(" ", "")
    typed = len(letters)
    if typed < 2:
        return
    right = cache(partial(_typed_so, letters))
    for span in index.sounding(_pattern(query, lenient=lenient)):
        text, length = index.terms[span.term], span.end - span.start
        if not lenient and not right(text[span.start : span.end]):
            continue
        quality = 0.72 + (0.1 if span.start == 0 else 0) + 0.1 * length / len(text)
        if length == 1:
            quality -= 0.2
        elif length * 2 > typed:  # initials, mostly: they fit much by chance
            quality -= 0.1 if length > 2 else 0.25
        _credit(index, fits, span.term, quality * (0.9 if lenient else 1), [text[span.start : span.end]])


def _services(index: Index, lines: Lines, pair: str) -> Iterator[tuple[int, float]]:
    """(service, weight) of every place where two characters stand side by side."""
    if lines is index.lines:
        for term, _ in lines.having(pair):
            for name in index.names[term]:
                yield name.service, name.where / Where.TITLE
    elif lines is index.sentences:
        for line, _ in lines.having(pair):
            yield index.sentence_of[line], 0.6
    else:
        for line, _ in lines.having(pair):
            yield index.questions[line].service, 0.4


def _holders(index: Index, pair: str) -> dict[int, float]:
    """The services in whose names or sentences a pair stands, by the best place."""
    holders: dict[int, float] = {}
    for lines in (index.lines, index.sentences, index.asked):
        for service, weight in _services(index, lines, pair):
            if weight > holders.get(service, 0.0):
                holders[service] = weight
    return holders


def by_pairs(index: Index, query: str, fits: Fits, share: float = 1.0) -> None:
    """Services in whose names and sentences pairs of neighbouring characters stand, rare ones counting more.

    A pair that stands nearly everywhere (登记, 办理) only adds to what rarer ones have found.
    """
    pairs = [query[i : i + 2] for i in range(len(query) - 1) if HAN.match(query[i]) and HAN.match(query[i + 1])][:MOST_PAIRS]
    often = {pair: index.neighbours[pair] for pair in dict.fromkeys(pairs)}
    total = 0.0
    scores: dict[int, float] = {}
    for pair in sorted(often, key=lambda pair: often[pair]):
        common = often[pair] > COMMON and scores
        holders = {one: SOMEWHERE for one in scores if pair in index.whole[one]} if common else _holders(index, pair)
        rarity = log(1 + len(index.editions) / (1 + (often[pair] if common else len(holders)))) + 0.3
        total += rarity
        for service, weight in holders.items():
            scores[service] = scores.get(service, 0.0) + rarity * weight
    for service, score in scores.items():
        if score > LEAST * total:
            held = [pair for pair in pairs if pair in index.whole[service]]
            fits.add(service, 700 * share * score / total, None, _joined(query, held))


def _joined(query: str, pairs: Iterable[str]) -> list[str]:
    """The parts of the query that neighbouring pairs make together, the longest only."""
    held = set(pairs)
    found, current = [], ""
    for i in range(len(query) - 1):
        if query[i : i + 2] in held:
            current = current + query[i + 1] if current else query[i : i + 2]
        elif current:
            found.append(current)
            current = ""
    return [*found, current] if current else found


def by_words(index: Index, words: list[str], fits: Fits) -> None:
    """Services in whose English names the words stand, or begin so; the more of them the better."""
    best: dict[int, dict[str, tuple[float, int]]] = {}
    for word in words:
        for term, offset in index.lines.having(word):
            text = index.terms[term]
            if _within_word(text, offset):
                continue
            behind = text[offset + len(word) : offset + len(word) + 1]
            whole = not (behind.isascii() and behind.isalnum())
            if not whole and len(word) < 3:
                continue
            for name in index.names[term]:
                score = name.where * ((0.85 if whole else 0.7) + 0.1 * len(word) / len(text))
                mine = best.setdefault(name.service, {})
                if score > mine.get(word, (0.0, 0))[0]:
                    mine[word] = (score, term)
    for service, scores in best.items():
        share = sum(score for score, _ in scores.values()) / len(words)
        fits.add(service, share, max(scores.values())[1], scores)


def nearly(index: Index, query: str, fits: Fits, share: float = 0.62) -> None:
    """Names that are spelt almost like the query: a character wrong, missing or too much; pinyin with a slip."""
    chinese = HAN.search(query) is not None
    for _, likeness, term in process.extract(query, index.terms, scorer=fuzz.ratio, score_cutoff=ALMOST, limit=20):
        _credit(index, fits, term, share * likeness / 100, [index.terms[term]])
    typed = query.replace(" ", "")
    if not chinese and len(typed) > 5:
        scorer = fuzz.partial_ratio
        for _, likeness, at in process.extract(typed, index.spellings, scorer=scorer, score_cutoff=ALMOST_TYPED, limit=20):
            if len(index.spellings[at]) * 2 < len(typed):
                continue
            term = index.spelt_terms[at]
            _credit(index, fits, term, share * likeness / 100, [index.terms[term]])


def mended(index: Index, words: list[str]) -> list[str]:
    """English words of the names in place of those that stand nowhere."""
    found = []
    for word in words:
        near = None
        if len(word) > 3 and not any(True for _ in index.lines.having(word)):
            near = process.extractOne(word, index.words, scorer=fuzz.ratio, score_cutoff=ALMOST_WORD)
        found.append(near[0] if near else word)
    return found
