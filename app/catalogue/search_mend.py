"""Characters typed wrongly but with the right sound (孩子落沪 for 孩子落户): the likeliest spelling among known pairs.

Pinyin keyboards make such slips by far the most often. Every position may keep its character or take one of the same
sound; each pair that stands in some name is worth two, each change costs one, so a change must make sense of two characters.
"""

from typing import NamedTuple

from .search_index import Index
from .search_text import HAN, blurred, sounds

KNOWN, CHANGED, MISHEARD = 2.0, 1.0, 1.3
MOST = 24


class _Way(NamedTuple):
    score: float
    text: str


def _cost(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return CHANGED if set(sounds(typed)) & set(sounds(meant)) else MISHEARD


def _choices(index: Index, text: str) -> list[set[str]]:
    choices = [{sign} for sign in text]
    for i in range(len(text) - 1):
        first, second = text[i], text[i + 1]
        if not (HAN.match(first) and HAN.match(second)) or index.known(first + second):
            continue
        for one in {blurred(s) for s in sounds(first)}:
            for two in {blurred(s) for s in sounds(second)}:
                for pair in index.pairs.get((one, two), ()):
                    choices[i].add(pair[0])
                    choices[i + 1].add(pair[1])
    return choices


def mend(index: Index, text: str) -> str:
    """The text with what stands nowhere replaced by what sounds the same and does; the text itself if nothing fits."""
    if not 2 <= len(text) <= MOST:
        return text
    choices = _choices(index, text)
    if all(len(some) == 1 for some in choices):
        return text
    ways = {sign: _Way(-_cost(text[0], sign), sign) for sign in choices[0]}
    for typed, some in zip(text[1:], choices[1:], strict=True):
        ways = {
            sign: max(
                _Way(way.score + (KNOWN if index.known(last + sign) else 0.0) - _cost(typed, sign), way.text + sign)
                for last, way in ways.items()
            )
            for sign in some
        }
    best = max(ways.values(), key=lambda way: (way.score, way.text == text))
    return best.text
