"""Search in the inbox: words become codes by the catalogue and the texts in memory, codes a condition on the party's rows.

Messages hold codes, so nothing has to be put into words to be searched: a search costs one walk over the party's own rows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col

from app.catalogue import editions
from app.core.i18n import Pair

from . import kinds
from .models import Message

MOST_WORDS, LONGEST = 6, 60
_GAP = re.compile(r"(?<=\d)[\s-]+(?=\d)")
_VALUE = re.compile(r"%\(\w+\)s")
#: What stands between the words of a text.
MARKS = " ：:，,。.、；;"
#: Where a kind of code stands in a message's params.
CODES = ("service", "item", "department")


class Entry(NamedTuple):
    """Something that a message may say, in small letters, and the code for it; `where` is one of CODES, or "kind"."""

    text: str
    where: str
    code: str


def _both(pair: Pair, where: str, code: str) -> Iterator[Entry]:
    return (Entry(text.casefold(), where, code) for text in (pair.zh, pair.en))


def _entries() -> Iterator[Entry]:
    for service in (edition.service for edition in editions.all_current()):
        yield from _both(service.title, "service", service.id)
        for item in service.items:
            yield from _both(item.short, "item", item.id)
            yield from _both(item.name, "item", item.id)
    for code, department in editions.departments().items():
        yield from _both(department.short, "department", code)
        yield from _both(department.name, "department", code)
    for name, kind in kinds.texts().kinds.items():
        for pair in (kind.title, kind.line, kind.act):
            for entry in _both(pair, "kind", name):
                parts = (part.strip(MARKS) for part in _VALUE.split(entry.text))
                yield from (Entry(part, "kind", name) for part in parts if part)


@lru_cache(2)
def _vocabulary(_editions: tuple[str, ...]) -> tuple[Entry, ...]:
    return tuple(dict.fromkeys(_entries()))


def vocabulary() -> tuple[Entry, ...]:
    """All that messages may say, as the catalogue in force has it."""
    return _vocabulary(editions.ids())


def words(asked: str) -> list[str]:
    """What somebody looks for, word by word; a number in fours is one. What runs on (医保请您补) is cut at what we know."""
    found: list[str] = []
    for word in _GAP.sub("", asked[:LONGEST].casefold()).split()[:MOST_WORDS]:
        known = word.isdigit() or any(word in entry.text for entry in vocabulary())
        found += [word] if known else _cut(word)
    return found[: 2 * MOST_WORDS]


def _cut(word: str) -> list[str]:
    """A word at the longest thing in it that messages say; as it is when there is none."""
    word = word.strip(MARKS)
    said = max((e.text for e in vocabulary() if len(e.text) > 1 and e.text in word), key=len, default=word)
    before, _, after = word.partition(said) if said != word else ("", word, "")
    return [*(_cut(before) if before else ()), *([said] if said else ()), *(_cut(after) if after else ())]


def condition(word: str) -> ColumnElement[bool]:
    """What a message must hold to say this word; a number is looked for in case numbers too."""
    codes: dict[str, set[str]] = {}
    for entry in vocabulary():
        if word in entry.text:
            codes.setdefault(entry.where, set()).add(entry.code)
    ways = list(_ways(codes))
    if word.isdigit():
        ways.append(col(Message.case_number).contains(word, autoescape=True))
    return or_(false(), *ways)


def _ways(codes: dict[str, set[str]]) -> Iterator[ColumnElement[bool]]:
    for where, these in sorted(codes.items()):
        column = col(Message.kind) if where == "kind" else col(Message.params)[where].as_string()
        yield column.in_(sorted(these))


def conditions(asked: str) -> list[ColumnElement[bool]]:
    """One condition for each word: a message must meet all. Nothing asked: none."""
    return [condition(word) for word in words(asked)]
