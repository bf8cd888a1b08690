"""Every kind of message with sample values, in both languages: as the inbox, a locked screen and an SMS show it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.cases import telling
from app.catalogue import editions
from app.core import workdays
from app.core.errors import N_
from app.core.words import WORDS
from app.messages import kinds, texts
from app.messages.kinds import Group, Kind
from app.messages.payloads import TITLES
from app.messages.texts import Said

LANGS = tuple(TITLES)
NUMBER = "261125000018"
#: Kinds that wait for their reader: marked in the inbox until they have acted.
YOUR_TURN = {"zh": "要您办：", "en": "Your turn: "}
WAITING = (telling.YOUR_TURN, "staff_item_back")


class Named(NamedTuple):
    """A group: what people call it; whether the law demands that they be told of it, and which."""

    name: str
    law: str = ""


GROUPS = {
    Group.TURN: Named(N_("要您办的"), N_("行政许可法第三十二条：要补什么，一次告知。")),
    Group.RESULT: Named(N_("有结果了"), N_("行政许可法第三十二、三十八、四十四条：决定和理由要送到。")),
    Group.PROGRESS: Named(N_("有进展了")),
    Group.STAFF_TURN: Named(N_("工作人员：轮到谁")),
    Group.STAFF_LIGHT: Named(N_("工作人员：亮灯")),
    Group.STAFF_DIGEST: Named(N_("工作人员：每天的数")),
}


class Side(NamedTuple):
    """One language of a kind; `sms` is empty for a kind that never goes by SMS, `parts` as how many SMS it counts.

    `when` and `turn`: the time and the mark beside it, in this language.
    """

    lang: str
    said: Said
    when: str
    turn: str
    push: str
    sms: str
    parts: int


class Shown(NamedTuple):
    """A kind as reviewers see it."""

    name: str
    kind: Kind
    sides: list[Side]


def sample(now: datetime) -> dict[str, Any]:
    """Values for every name that a text may have: of the first service that has several items."""
    service = next(edition.service for edition in editions.all_current() if len(edition.service.items) > 1)
    item, other = service.items[:2]
    due = workdays.due(now, 5).at
    return {
        "service": service.id, "item": item.id, "department": item.department, "because": [other.id],
        "due": due.isoformat(), "reply_by": (due + timedelta(days=7)).isoformat(), "n": 3, "channel": "sms",
        "alert": "channel_failing", "review": 12, "fresh": 3, "waiting": 4, "soon": 2, "over": 1, "finished": 5,
    }  # fmt: skip


def _side(name: str, kind: Kind, params: dict[str, Any], lang: str, now: datetime) -> Side:
    words = ""
    if kind.sms:
        template, values = texts.sms(name, params, NUMBER, lang, now)
        words = texts.sms_text(template, values, lang)
    said = texts.say(name, params, lang, now)
    turn = YOUR_TURN[lang] + said.act if name in WAITING else ""
    return Side(lang, said, WORDS.moment(now, lang, now), turn, texts.push_text(name, lang), words, texts.sms_parts(words))


def _shown(name: str, kind: Kind, params: dict[str, Any], now: datetime) -> Shown:
    return Shown(name, kind, [_side(name, kind, params, lang, now) for lang in LANGS])


def sections(now: datetime, chosen: Group | None = None) -> Iterator[tuple[Group, Named, list[Shown]]]:
    """Every group, or one, with its kinds in the order of the file."""
    params, known = sample(now), kinds.texts().kinds
    for group, named in GROUPS.items():
        if chosen in (None, group):
            yield group, named, [_shown(name, kind, params, now) for name, kind in known.items() if kind.group is group]
