"""Divisions by their code, and addresses: a division and what is written below it. Whether a code exists is asked elsewhere."""

import re

from . import mistakes as m
from .definition import Kind, Level, Question, Text
from .mistakes import Wrong
from .texts import compact, line
from .verdicts import At, Verdict, judged, whole

CODE = re.compile(r"[1-9][0-9]{5}([0-9]{3}){0,2}")
LEVELS = tuple(Level)
DEEPER = {
    Level.CITY: m.DOWN_TO_CITY, Level.COUNTY: m.DOWN_TO_COUNTY, Level.TOWN: m.DOWN_TO_TOWN, Level.VILLAGE: m.DOWN_TO_VILLAGE,
}  # fmt: skip
#: Cities without counties, and 台湾, 香港, 澳门, which are named no deeper: they count as counties, the end of the list.
UNDIVIDED = frozenset({"441900", "442000", "460400", "620200", "710000", "810000", "820000"})
#: How a code is read, whatever lengths an address asks of its detail.
PLACE = Question(id="division", kind=Kind.DIVISION, label=Text(zh="地区", en="Place"))
#: The shortest detail: a house number below a division that is picked or must be, the whole address without one.
SHORTEST_BELOW, SHORTEST_ALONE = 2, 5


def level_of(code: str) -> Level:
    """How deep a code is: province 320000, city 320500, county 320507, town 320507104 (or …000), village 320507104203."""
    if len(code) == 6:
        if code in UNDIVIDED:
            return Level.COUNTY
        return Level.PROVINCE if code.endswith("0000") else Level.CITY if code.endswith("00") else Level.COUNTY
    return Level.TOWN if len(code) == 9 or code.endswith("000") else Level.VILLAGE


def wanted_level(question: Question, code: str, district: str) -> Level | None:
    """How deep must be picked at this code: towns and villages are known inside the installation's district only."""
    if question.here and CODE.fullmatch(district):
        return max(question.down_to or Level.PROVINCE, level_of(district), key=LEVELS.index)
    if question.down_to is None or (district and code.startswith(district)):
        return question.down_to
    return min(question.down_to, Level.COUNTY, key=LEVELS.index)


def _inside(code: str, district: str) -> bool:
    """Whether a code lies in the district, or may still lead there when more is picked."""
    return code.startswith(district) or district.startswith(code.rstrip("0"))


def division(question: Question, value: object, at: At) -> str:
    """A code of 6, 9 or 12 digits, as deep as the definition asks."""
    code = compact(PLACE, value)
    if not code:
        return code
    if not CODE.fullmatch(code):
        raise Wrong(m.DIVISION)
    if question.here and at.district and not _inside(code, at.district):
        raise Wrong(m.NOT_HERE)
    wanted = wanted_level(question, code, at.district)
    if wanted and LEVELS.index(level_of(code)) < LEVELS.index(wanted):
        raise Wrong(DEEPER[wanted])
    return code


def _detail(question: Question, value: object, least: int) -> str:
    text = line(question, value)
    least = max(least, question.min_length)
    if text and len(text) < least:
        raise Wrong(m.TOO_SHORT, min=least, count=len(text))
    return text


def address(question: Question, value: object, at: At) -> Verdict:
    """{"division", "detail"}; a plain text, as drafts once had it, is the detail."""
    if value is None or value == "":
        return Verdict()
    given = {"detail": value} if isinstance(value, str) else value
    if not isinstance(given, dict):
        return Verdict(wrong=Wrong(m.SHAPE))
    place = judged(division, question, given.get("division"), at)
    least = SHORTEST_BELOW if place.value or question.down_to or question.here else SHORTEST_ALONE
    detail = judged(lambda q, v, _: _detail(q, v, least), question, given.get("detail"), at)
    return whole({"division": place, "detail": detail})
