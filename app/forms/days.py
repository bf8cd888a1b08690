"""Dates and months, within bounds relative to the filing day."""

import re
from datetime import date, timedelta

from . import mistakes as m
from .definition import Question
from .derived import day
from .mistakes import Wrong
from .texts import line
from .verdicts import At


def one_day(question: Question, value: object, at: At) -> str:
    """YYYY-MM-DD."""
    text = line(question, value)
    found = day(text)
    if text and found is None:
        raise Wrong(m.DATE_SHAPE)
    if found is not None:
        if question.latest_days is not None and found > (latest := at.on + timedelta(question.latest_days)):
            raise Wrong(m.DATE_LATE, latest=latest.isoformat())
        if question.earliest_days is not None and found < (earliest := at.on + timedelta(question.earliest_days)):
            raise Wrong(m.DATE_EARLY, earliest=earliest.isoformat())
    return text


def _months_from(on: date, months: int) -> str:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def month(question: Question, value: object, at: At) -> str:
    """YYYY-MM."""
    text = line(question, value)
    if not text:
        return text
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise Wrong(m.MONTH_SHAPE)
    if question.latest_months is not None and text > (latest := _months_from(at.on, question.latest_months)):
        raise Wrong(m.MONTH_LATE, latest=latest)
    if question.earliest_months is not None and text < (earliest := _months_from(at.on, question.earliest_months)):
        raise Wrong(m.MONTH_EARLY, earliest=earliest)
    return text
