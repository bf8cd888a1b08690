"""What a text must hold beyond its shape: its message's names only, none on a locked screen; short and calm (screens.md §7)."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from string import Template

from app.catalogue.placed import Broken
from app.forms.definition import Text

from .wording import Kind, Texts

SPRITE = Path(__file__).parents[1] / "static/icons/sprite.svg"
NAME = re.compile(r"%\((\w+)\)s")
#: What a message of a case, of one item of it, and of staff may name.
OF_CASE = frozenset({"service"})
OF_ITEM = OF_CASE | {"item", "department", "because", "due", "reply_by"}
OF_DIGEST = frozenset({"review", "fresh", "waiting", "soon", "over", "finished"})
OF_STAFF = OF_ITEM | OF_DIGEST | {"n", "count", "items", "channel", "alert"}
OF_ALERT = frozenset({"channel", "n"})
DAYS = frozenset({"due", "reply_by"})
#: Characters of a text on a locked screen, by language; of an SMS with its values in it: one part in Chinese, two in English.
PUSH_MOST = {"zh": 30, "en": 60}
SMS_MOST = {"zh": 70, "en": 134}
#: Templates that no kind of message uses, with their own parameters; all others take those of a case.
ELSEWHERE = {"sign-in-code": frozenset({"code", "minutes"})}
OF_SMS = frozenset({"number", "day", "hotline"})
LONGEST = {"number": "2611 2500 0018", "hotline": "0512-65012345", "code": "123456", "minutes": "5"}
LAST_DAY = {"zh": "12月31日 17:00 前", "en": "by 31 December 17:00"}
SIGNED = {"zh": "【邻办】", "en": "[LinBan] "}
NEVER = {
    "zh": ("！", "!", "你", "尊敬", "系统异常", "非法", "请知悉", "温馨提示", "有误", "失败", "立即"),
    "en": ("!", "dear ", "please be informed", "invalid", "illegal", "asap"),
}


@cache
def icons() -> frozenset[str]:
    """The names of the sprite's icons."""
    return frozenset(re.findall(r'id="(?:i-)?([\w-]+)"', SPRITE.read_text()))


def sides(text: Text) -> tuple[tuple[str, str], tuple[str, str]]:
    """A text's languages."""
    return ("zh", text.zh), ("en", text.en)


def broken(texts: Texts) -> Iterator[Broken]:
    """Every rule that does not hold, with its place."""
    for name, text in texts.sms_templates.items():
        yield from _template(name, text)
    for name, text in texts.alerts.items():
        yield from _named(("alerts", name), text, OF_ALERT)
        yield from _calm(("alerts", name), text)
    yield from _kind(("unknown",), texts.unknown, frozenset())
    for name, kind in texts.kinds.items():
        yield from _kind(("kinds", name), kind, _names(name, kind))
        yield from _sms(("kinds", name), kind, texts)
        for other in kind.instead_of:
            if other == name or other not in texts.kinds or (texts.kinds[other].matters and not kind.matters):
                yield Broken(("kinds", name, "instead_of"), f"{other!r} is no other kind that this one could stand for")
        if name.startswith("staff_") != kind.group.staff:
            yield Broken(("kinds", name, "group"), "kinds of staff begin with staff_ and are in their groups, others are not")
    used = {kind.sms for kind in texts.kinds.values()} | set(ELSEWHERE)
    for name in texts.sms_templates:
        if name not in used:
            yield Broken(("sms_templates", name), f"no kind uses the template {name!r}")


def _names(name: str, kind: Kind) -> frozenset[str]:
    if kind.group.staff:
        return OF_STAFF
    return OF_CASE if name.startswith("case_") else OF_ITEM


def _kind(path: tuple[str, ...], kind: Kind, names: frozenset[str]) -> Iterator[Broken]:
    if kind.icon not in icons():
        yield Broken((*path, "icon"), f"no icon {kind.icon!r} in the sprite")
    for part, allowed in (("title", names), ("line", names), ("act", frozenset()), ("push", frozenset())):
        text = getattr(kind, part)
        yield from _named((*path, part), text, allowed)
        yield from _calm((*path, part), text)
    for lang, words in sides(kind.push):
        if "$" in words:
            yield Broken((*path, "push", lang), "nothing is filled in on a locked screen: take out the $")
        if len(words) > PUSH_MOST[lang]:
            yield Broken((*path, "push", lang), f"too long for a locked screen: {len(words)} of {PUSH_MOST[lang]} characters")


def _named(path: tuple[str, ...], text: Text, allowed: Iterable[str]) -> Iterator[Broken]:
    """Only known names, the same ones in both languages, and no other per cent sign."""
    for lang, words in sides(text):
        for name in sorted(set(NAME.findall(words)) - set(allowed)):
            yield Broken((*path, lang), f"unknown name %({name})s; here there is {', '.join(sorted(allowed)) or 'none'}")
        if "%" in NAME.sub("", words).replace("%%", ""):
            yield Broken((*path, lang), "a per cent sign must be written twice (%%), a name as %(name)s")
    if set(NAME.findall(text.zh)) != set(NAME.findall(text.en)):
        yield Broken(path, "Chinese and English name different things")


def _calm(path: tuple[str, ...], text: Text) -> Iterator[Broken]:
    for lang, words in sides(text):
        for word in NEVER[lang]:
            if word in words.lower():
                yield Broken((*path, lang), f"we never say {word.strip()!r} (docs/messages.md)")


def _template(name: str, text: Text) -> Iterator[Broken]:
    allowed, path = ELSEWHERE.get(name, OF_SMS), ("sms_templates", name)
    for lang, words in sides(text):
        template = Template(words)
        if not template.is_valid() or set(template.get_identifiers()) - allowed or "%" in words:
            yield Broken((*path, lang), f"only these are filled in: {', '.join(f'${one}' for one in sorted(allowed))}")
            continue
        if not words.startswith(SIGNED[lang]):
            yield Broken((*path, lang), f"must begin with {SIGNED[lang].strip()}, by which people know us")
        if (length := len(template.substitute(LONGEST, day=LAST_DAY[lang]))) > SMS_MOST[lang]:
            yield Broken((*path, lang), f"too long: {length} of {SMS_MOST[lang]} characters with its values")
    if set(Template(text.zh).get_identifiers()) != set(Template(text.en).get_identifiers()):
        yield Broken(path, "Chinese and English fill in different things")
    yield from _calm(path, text)


def _sms(path: tuple[str, ...], kind: Kind, texts: Texts) -> Iterator[Broken]:
    """A kind that matters has a template and only then; one with a day is for kinds that know a day."""
    if kind.matters != bool(kind.sms):
        yield Broken((*path, "matters"), "a kind that matters names its SMS template (sms), any other has none")
    if kind.matters and kind.group.staff:
        yield Broken((*path, "matters"), "staff get no SMS")
    if kind.sms and kind.sms not in texts.sms_templates:
        yield Broken((*path, "sms"), f"no SMS template {kind.sms!r}")
    elif kind.sms and "$day" in texts.sms_templates[kind.sms].zh and not DAYS & set(NAME.findall(kind.line.zh)):
        yield Broken((*path, "sms"), f"template {kind.sms!r} says a day, and this kind has none")
