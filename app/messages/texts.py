"""What each kind of message says: a title that names the actor, one line with the one thing to know (screens.md §7)."""

from collections.abc import Mapping
from datetime import datetime
from string import Template
from typing import Any, NamedTuple

from app.catalogue import editions
from app.core.errors import NotFound
from app.core.i18n import Pair, pick
from app.core.town import town
from app.core.words import WORDS
from app.forms.definition import Text

from . import kinds
from .text_rules import OF_DIGEST


class Said(NamedTuple):
    """A message in words."""

    title: str
    line: str
    act: str
    icon: str
    tone: str


class Names(NamedTuple):
    """The names that a message needs, in both languages; codes stand in for what the catalogue has lost."""

    service: Pair | None
    item: Pair | None
    department: Pair | None


def names_of(params: Mapping[str, Any], item_id: str | None = None) -> Names:
    """Look codes up in the catalogue in memory."""
    wanted = item_id or params.get("item")
    try:
        service = editions.current(params.get("service", "")).service
    except NotFound:
        service = None
    item = next((i for i in service.items if i.id == wanted), None) if service else None
    department = editions.departments().get(params.get("department", ""))
    return Names(service.title if service else None, item.short if item else None, department.short if department else None)


def _name(pair: Pair | None, code: object, lang: str) -> str:
    return pick(pair, lang) if pair else str(code or "")


CHANNELS = {"push": Text(zh="手机通知", en="notifications"), "sms": Text(zh="短信", en="SMS")}


def _values(params: Mapping[str, Any], lang: str, now: datetime) -> dict[str, str]:
    """Everything that a text may name; what these params lack is empty, a number zero."""
    names = names_of(params)
    because = [_name(names_of(params, i).item, i, lang) for i in params.get("because", ())]
    values = {
        "service": _name(names.service, params.get("service"), lang),
        "item": _name(names.item, params.get("item"), lang),
        "department": _name(names.department, params.get("department"), lang),
        "because": (", " if lang == "en" else "、").join(because),
        "due": WORDS.date(datetime.fromisoformat(params["due"]), lang, now) if params.get("due") else "",
        "reply_by": WORDS.until(datetime.fromisoformat(params["reply_by"]), lang, now) if params.get("reply_by") else "",
    }
    return values | _numbers(params, values["item"], lang)


def _numbers(params: Mapping[str, Any], item: str, lang: str) -> dict[str, str]:
    """What staff messages name besides."""
    n, channel, alert = int(params.get("n", 0)), str(params.get("channel", "")), str(params.get("alert", ""))
    values = {name: str(params.get(name, 0)) for name in ("n", *OF_DIGEST)}
    values["channel"] = _name(CHANNELS.get(channel), channel, lang)
    known = kinds.texts().alerts.get(alert)
    values["alert"] = pick(known, lang) % values if known else alert
    if lang == "en":
        values["count"] = f"{n} item" if n == 1 else f"{n} items"
        values["items"] = f"{item} and {n - 1} more" if n > 1 else item
    else:
        values["count"] = f"{n} 件"
        values["items"] = f"{item}等 {n} 件" if n > 1 else item
    return values


def say(kind: str, params: Mapping[str, Any], lang: str, now: datetime) -> Said:
    """A message in words, as the inbox shows it."""
    text, values = kinds.kind(kind), _values(params, lang, now)
    title, line = pick(text.title, lang) % values, pick(text.line, lang) % values
    return Said(title, line, pick(text.act, lang), text.icon, text.tone)


def push_text(kind: str, lang: str) -> str:
    """What may lie on a locked screen: one sentence without names."""
    return pick(kinds.kind(kind).push, lang)


def sms(kind: str, params: Mapping[str, Any], case_number: str, lang: str, now: datetime) -> tuple[str, dict[str, str]]:
    """The gateway's template of a kind that matters, and just the parameters that it names: numbers and days."""
    template = kinds.kind(kind).sms
    values = _values(params, lang, now)
    known = {
        "number": WORDS.fours(case_number), "day": values["reply_by"] or values["due"], "hotline": town().hotline
    }  # fmt: skip
    words = kinds.texts().sms_templates.get(template)
    named = Template(words.zh).get_identifiers() if words else []
    return template, {name: known[name] for name in named}


def sms_text(template: str, values: Mapping[str, str], lang: str) -> str:
    """The words of a template with its values in it, as the gateway sends it."""
    return Template(pick(kinds.texts().sms_templates[template], lang)).substitute(values)


def sms_parts(words: str) -> int:
    """As how many SMS the networks count and bill it: one up to 70 characters, beyond that one for every 67 begun."""
    return 1 if len(words) <= 70 else -(-len(words) // 67)
