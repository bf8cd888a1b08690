"""行政区划 of the present, from the provinces down to the village: names, levels, what lies within; no query.

Provinces, cities and counties come from python-stdnum's table of GB/T 2260, which also holds the past (`[1983-2012]沧浪区`);
towns and villages from the table `division`, which administrators keep. Codes have 6, 9 or 12 digits; "0" is the country.
"""

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from sqlmodel import Session, col, select
from stdnum import numdb

from app.core.i18n import Pair, pick
from app.core.shared import Shared
from app.forms.definition import Level, Text

from .models import Division
from .romanised import romanised

COUNTRY = "0"
#: Rows of the table that are no places: the city level of a municipality, or of counties led by their province.
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政单位", "自治区直辖县级行政单位"}
#: The table gives these no end: 随州市 led by its province (421300 since 2000), 神农架林区 led by a prefecture (429021 now).
ENDED = {"429001", "422900", "422921"}
#: Written in traditional characters in the table.
SIMPLIFIED = {"232761": "加格达奇区", "232762": "松岭区", "232763": "新林区", "232764": "呼中区"}
PERIOD = re.compile(r"\[\d*-(?P<end>\d*)\]")
LEVELS = {9: Level.TOWN, 12: Level.VILLAGE}


class DivisionLine(NamedTuple):
    """A place to choose; `has_children`: something lies within it that can be chosen too."""

    code: str
    name: Pair
    level: Level
    has_children: bool


class _Place(NamedTuple):
    name: Text
    level: Level
    parent: str


def _today(names: str) -> str | None:
    """The name in force of "[-1991]东郊区,[1992-]东丽区"; None when there is none any more."""
    for name in names.split(","):
        period = PERIOD.match(name)
        if period is None or not period["end"]:
            return name[period.end() :] if period else name
    return None


def _names() -> dict[str, str]:
    """Every code of six digits in force, placeholders among them."""
    found: dict[str, str] = {}
    for _, province, _, _, below in numdb.get("cn/loc").prefixes:
        for _, rest, _, county, _ in below:
            code, name = province + rest, _today(county["county"])
            if name and code not in ENDED:
                found[code] = SIMPLIFIED.get(code, name)
    return found


@cache
def _national() -> dict[str, _Place]:
    names, places = _names(), {}
    for code, name in names.items():
        if name in PLACEHOLDERS:
            continue
        province, city = f"{code[:2]}0000", f"{code[:4]}00"
        if code == province:
            level, parent = Level.PROVINCE, COUNTRY
        elif code == city:
            level, parent = Level.CITY, province
        else:
            level, parent = Level.COUNTY, province if names[city] in PLACEHOLDERS else city
        places[code] = _Place(Text(zh=name, en=romanised(code, name)), level, parent)
    return places


@cache
def _national_children() -> dict[str, list[str]]:
    within: dict[str, list[str]] = defaultdict(list)
    for code, place in _national().items():
        within[place.parent].append(code)
    return within


class Administered(NamedTuple):
    """The towns and villages in memory: all by code (closed ones keep their names), and the open ones within each place."""

    places: dict[str, Division]
    within: dict[str, list[str]]


def _parent(code: str) -> str:
    return code[:9] if len(code) == 12 else code[:6]


def _read(session: Session) -> Administered:
    rows = session.exec(select(Division).order_by(col(Division.code))).all()
    within: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.active:
            within[_parent(row.code)].append(row.code)
    return Administered({row.code: row for row in rows}, dict(within))


administered = Shared("divisions", _read)


def _place(code: str) -> _Place | None:
    row = administered().places.get(code)
    if row is not None:
        return _Place(Text(zh=row.name_zh, en=row.name_en), LEVELS[len(code)], _parent(code))
    return _national().get(code)


def _within(code: str) -> list[str]:
    return administered().within.get(code, []) or _national_children().get(code, [])


def exists(code: str) -> bool:
    """Whether a code is known; that of a closed village still is."""
    return _place(code) is not None


def level(code: str) -> Level | None:
    """How deep a code names a place; None for an unknown one."""
    place = _place(code)
    return place.level if place else None


def chain(code: str) -> list[str]:
    """The codes from the province down to this one; empty for an unknown code."""
    place = _place(code)
    if place is None:
        return []
    return [code] if place.parent == COUNTRY else [*chain(place.parent), code]


def name(code: str, lang: str) -> str:
    """江苏省苏州市相城区渭塘镇凤凰泾村, or the smallest place first in English; an unknown code stands for itself."""
    names = [place.name for part in chain(code) if (place := _place(part))]
    if not names:
        return code
    return ", ".join(n.en for n in reversed(names)) if lang == "en" else "".join(n.zh for n in names)


def own_name(code: str, lang: str) -> str:
    """凤凰泾村 alone; an unknown code stands for itself."""
    place = _place(code)
    return pick(place.name, lang) if place else code


def line(code: str) -> DivisionLine | None:
    """One place as a choice; None for an unknown code."""
    place = _place(code)
    return DivisionLine(code, place.name, place.level, bool(_within(code))) if place else None


def children(code: str) -> list[DivisionLine]:
    """What can be chosen within a place, by code; "0" gives the provinces. Closed villages are left out."""
    return [found for part in _within(code) if (found := line(part))]
