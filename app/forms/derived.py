"""The named values that are derived from answers, never asked. Conditions may use these and no other arithmetic."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

#: Chinese time has had no summer time since 1991; days begin and end here.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def today(now: datetime) -> date:
    """The day on which something is filed."""
    return now.astimezone(CHINA).date() if now.tzinfo else now.replace(tzinfo=UTC).astimezone(CHINA).date()


def day(text: object) -> date | None:
    """A date as answers carry it (YYYY-MM-DD), else None."""
    if not isinstance(text, str) or len(text) != 10 or not text.replace("-", "").isascii():
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).date()
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


def _local(division: object, now: date, district: str) -> bool | None:
    return division.startswith(district) if isinstance(division, str) and division and district else None


def _days_since(text: object, now: date, district: str) -> float | None:
    then = day(text)
    return None if then is None else float((now - then).days)


class Derived(NamedTuple):
    """A derived value: the question it comes from, its type, and how."""

    source: str
    type: str
    value: Callable[[object, date, str], float | bool | None]


DERIVED: dict[str, Derived] = {
    "applicant.age": Derived("applicant.id_number", "double", _age),
    "applicant.local_hukou": Derived("applicant.hukou", "bool", _local),
    "baby.age_days": Derived("baby.birth_at", "double", _days_since),
}


def derived(answers: Mapping[str, Any], now: datetime, district: str) -> dict[str, float | bool]:
    """Every derived value whose question is answered: full years, days, or true/false."""
    on = today(now)
    found = {name: rule.value(answers.get(rule.source), on, district) for name, rule in DERIVED.items()}
    return {name: value for name, value in found.items() if value is not None}
