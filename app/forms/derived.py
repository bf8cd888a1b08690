"""The named values that are derived from answers, never asked. Conditions may use these and no other arithmetic."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from .definition import Kind

#: Chinese time has had no summer time since 1991; days begin and end here.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today(now: datetime) -> date:
    """The day on which something is filed."""
    return now.astimezone(CHINA).date() if now.tzinfo else now.replace(tzinfo=UTC).astimezone(CHINA).date()


def day(text: object) -> date | None:
    """A date as answers carry it (YYYY-MM-DD), else None."""
    if not isinstance(text, str) or not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def birth(id_number: object) -> date | None:
    """The birth date in an ID number (GB 11643), else None."""
    if not isinstance(id_number, str) or len(id_number) != 18:
        return None
    return day(f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}")


def _age(id_number: object, now: date, district: str) -> float | None:
    born = birth(id_number)
    return None if born is None else float(now.year - born.year - ((now.month, now.day) < (born.month, born.day)))


def _sex(id_number: object, now: date, district: str) -> str | None:
    if not isinstance(id_number, str) or birth(id_number) is None or id_number[16] not in "0123456789":
        return None
    return "male" if int(id_number[16]) % 2 else "female"


def _local(division: object, now: date, district: str) -> bool | None:
    return division.startswith(district) if isinstance(division, str) and division and district else None


def _days_since(text: object, now: date, district: str) -> float | None:
    then = day(text)
    return None if then is None else float((now - then).days)


def _months_ahead(text: object, now: date, district: str) -> float | None:
    then = day(f"{text}-01")
    return None if then is None else float((then.year - now.year) * 12 + then.month - now.month)


class Derived(NamedTuple):
    """A derived value: how its name ends, the end of the question's id that stands there instead, and how it comes about."""

    ending: str
    source: str
    kind: Kind
    type: str
    value: Callable[[object, date, str], float | bool | str | None]
    options: frozenset[str] = frozenset()


#: By the way in which documentation writes them: `<p>` is any prefix (applicant, mother, row), `<id>` a whole question's id.
DERIVED: dict[str, Derived] = {
    "<p>.age": Derived(".age", ".id_number", Kind.ID_NUMBER, "double", _age),
    "<p>.sex": Derived(".sex", ".id_number", Kind.ID_NUMBER, "string", _sex, frozenset({"male", "female"})),
    "<p>.local_hukou": Derived(".local_hukou", ".hukou", Kind.DIVISION, "bool", _local),
    "baby.age_days": Derived("baby.age_days", "baby.birth_at", Kind.DATE, "double", _days_since),
    "<id>_days": Derived("_days", "", Kind.DATE, "double", _days_since),
    "<id>_ahead": Derived("_ahead", "", Kind.MONTH, "double", _months_ahead),
}


@lru_cache(4096)
def rule_of(name: str) -> tuple[str, Derived] | None:
    """The question that a derived value of this name would come from, and its rule; None when no rule has such a name."""
    for rule in DERIVED.values():
        if name.endswith(rule.ending):
            return name.removesuffix(rule.ending) + rule.source, rule
    return None


def names_from(question_id: str, kind: Kind) -> Iterable[tuple[str, Derived]]:
    """The derived values that a question of this id and kind gives: {applicant.id_number: applicant.age, applicant.sex}."""
    for rule in DERIVED.values():
        if kind is rule.kind and question_id.endswith(rule.source):
            name = question_id.removesuffix(rule.source) + rule.ending
            if rule_of(name) == (question_id, rule):
                yield name, rule


def derived(names: Iterable[str], answers: Mapping[str, Any], on: date, district: str) -> dict[str, float | bool | str]:
    """Those of the named values that are derived and whose question is answered: full years, days, words, true or false."""
    found: dict[str, float | bool | str] = {}
    for name in names:
        if answers.get(name) is None and (rule := rule_of(name)):
            value = rule[1].value(answers.get(rule[0]), on, district)
            if value is not None:
                found[name] = value
    return found
