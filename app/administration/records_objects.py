"""What an act was done to, as the auditor reads it: names in place of ids and codes; what has no name stands as recorded."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlmodel import Session

from app.catalogue import editions
from app.core.errors import N_
from app.core.i18n import Pair, gettext, pick
from app.core.words import WORDS
from app.desk.landing import ROLES
from app.territory import divisions

from . import records_queries as queries
from . import town_routes
from .records_queries import ActLine

#: Fields by which an account or the town's settings were changed, by their labels on the administrators' pages.
FIELDS = {
    "name": N_("姓名"), "badge": N_("工号"), "role": N_("角色"), "department_id": N_("所在部门"), "jurisdiction": N_("辖区"),
    **{line.name: line.label for line in town_routes.LINES},
}  # fmt: skip
PARTS = {**{role.value: name for role, name in ROLES.items()}, **FIELDS}
#: What a day was made: open or closed.
DAYS = {"open": N_("上班"), "closed": N_("放假")}
MOVED = N_("%(n)s 件的期限变了")
_MOVED = re.compile(r"moved (\d+)")
#: A part as long as this was cut when it was recorded: its end may say something else than was done.
CUT = 80


@lru_cache(2)
def _items(_ids: tuple[str, ...]) -> dict[str, Pair]:
    return {item.id: item.short for edition in editions.all_current() for item in edition.service.items}


def items() -> Mapping[str, Pair]:
    """The short names of all items in force; no query."""
    return _items(editions.ids())


def item(name: str, lang: str) -> str:
    """The short name of an item; of one that the catalogue no longer has, its id."""
    found = items().get(name)
    return pick(found, lang) if found else name


class Names(NamedTuple):
    """Names of what a page of records is about, read at once."""

    usernames: Mapping[str, str]
    points: Mapping[str, Pair]
    lang: str

    @classmethod
    def of(cls, session: Session, rows: Collection[ActLine], lang: str) -> "Names":
        """For these records: at most two queries, however many they are."""

        def ids(kind: str) -> set[str]:
            return {row.object_id for row in rows if row.object_kind == kind}

        return cls(queries.usernames(session, ids("staff")), queries.points(session, ids("point")), lang)

    def what(self, row: ActLine) -> str:
        """The object of an act and the part of it: 2611 2000 0015 生育津贴, 11月26日 放假."""
        said = _KINDS.get(row.object_kind, _plain)(self, row.object_id)
        return " ".join(filter(None, (said, self._part(row))))

    def _part(self, row: ActLine) -> str:
        comma = ", " if self.lang == "en" else "、"
        names, moved = row.object_part, None
        if row.object_kind in ("town", "day"):
            names, _, last = names.rpartition("; ")
            moved = None if len(row.object_part) >= CUT else _MOVED.fullmatch(last)
            names = names or ("" if last.startswith("moved ") else last)
        said = [comma.join(self._word(row.object_kind, name) for name in names.split(",") if name)]
        if moved and moved[1] != "0":
            said.append(gettext(MOVED, self.lang) % {"n": moved[1]})
        return ("; " if self.lang == "en" else "，").join(filter(None, said))

    def _word(self, kind: str, name: str) -> str:
        if kind == "case":
            return item(name, self.lang)
        return gettext(DAYS.get(name, name) if kind == "day" else PARTS.get(name, name), self.lang)


def _plain(_names: Names, text: str) -> str:
    return text


def _unnamed(_names: Names, _text: str) -> str:
    """There is one only, or its id is a random number that says nothing; the table for spreadsheets has it."""
    return ""


def _day(names: Names, text: str) -> str:
    try:
        return WORDS.date(datetime.fromisoformat(f"{text}T12:00:00+08:00"), names.lang)
    except ValueError:
        return text


def _department(names: Names, text: str) -> str:
    found = editions.departments().get(text)
    return pick(found.short, names.lang) if found else text


def _point(names: Names, text: str) -> str:
    return pick(names.points[text], names.lang) if text in names.points else text


_KINDS: dict[str, Callable[[Names, str], str]] = {
    "case": lambda _, text: WORDS.fours(text),
    "staff": lambda names, text: names.usernames.get(text, text),
    "point": _point,
    "department": _department,
    "division": lambda names, text: divisions.own_name(text, names.lang),
    "code": lambda names, text: divisions.own_name(text, names.lang),
    "day": _day,
    "town": _unnamed,
    "session": _unnamed,
    "document": _unnamed,
}
