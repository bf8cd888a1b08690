"""The inbox as its page shows it: groups with their lines in the reader's language. Built from rows; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.i18n import pick
from app.core.words import WORDS

from .groups import Group
from .queries import MessageRow
from .texts import Said, names_of, say


class Line(NamedTuple):
    """A message in words."""

    row: MessageRow
    said: Said
    when: str


class Section(NamedTuple):
    """A group with the messages that are shown of it. `title` is the service's; nothing for a message about no case."""

    group: Group
    title: str
    lines: list[Line]


def section(group: Group, rows: Sequence[MessageRow], lang: str, now: datetime) -> Section:
    """One group in words."""
    title = ""
    if group.case_number and rows:
        service = names_of(rows[0].params).service
        title = pick(service, lang) if service else str(rows[0].params.get("service", ""))
    shown = [Line(row, say(row.kind, row.params, lang, now), WORDS.moment(row.created_at, lang, now)) for row in rows]
    return Section(group, title, shown)


def sections(groups: Sequence[Group], rows: Mapping[UUID, Sequence[MessageRow]], lang: str, now: datetime) -> list[Section]:
    """All groups of a page in words, in their order."""
    return [section(group, rows.get(group.key, ()), lang, now) for group in groups]
