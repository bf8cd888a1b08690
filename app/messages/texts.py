"""What each kind of message says: a title that names the actor, one line with the one thing to know (screens.md §7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.catalogue import editions
from app.core.errors import N_, NotFound
from app.core.i18n import Pair, gettext, pick
from app.core.words import WORDS


class Text(NamedTuple):
    """Title and line as msgids, an icon of the sprite, the tone of its gate ("" lake, "seal", "ok", "mute")."""

    title: str
    line: str
    icon: str
    tone: str = ""


class Said(NamedTuple):
    """A message in words."""

    title: str
    line: str
    icon: str
    tone: str


TEXTS: dict[str, Text] = {
    "case_filed": Text(N_("交好了：%(service)s"), N_("各部门开始办，有进展就告诉您。"), "apply", "ok"),
    "item_started": Text(N_("轮到%(department)s：%(item)s"), N_("前面的办好了，这一项开始办。"), "lanes"),
    "item_not_started": Text(N_("%(item)s不用再等"), N_("它要等的%(because)s没有办成，这一项不办了。"), "info", "mute"),
    "item_accepted": Text(N_("%(department)s已受理：%(item)s"), N_("开始计时，最晚 %(due)s 办好。"), "lanes"),
    "item_not_accepted": Text(N_("%(department)s没有受理：%(item)s"), N_("点开看理由，和您可以怎么办。"), "info", "mute"),
    "correction_asked": Text(
        N_("%(department)s请您补：%(item)s"), N_("请在%(reply_by)s补上，补齐后开始计时。"), "camera", "seal"
    ),
    "correction_answered": Text(N_("补交好了：%(item)s"), N_("%(department)s再看一遍。"), "apply", "ok"),
    "item_approved": Text(N_("%(department)s已同意：%(item)s"), N_("正在出结果，好了就告诉您。"), "checkc", "ok"),
    "item_denied": Text(N_("%(department)s没有同意：%(item)s"), N_("点开看依据、理由，和您可以怎么办。"), "info", "mute"),
    "item_finished": Text(N_("%(department)s已办结：%(item)s"), N_("点开看结果。"), "checkc", "ok"),
    "item_withdrawn": Text(N_("已撤回：%(item)s"), N_("%(department)s不再办这一项。"), "apply", "mute"),
    "dates_moved": Text(N_("%(department)s的日子改了：%(item)s"), N_("上班安排变了，最晚 %(due)s 办好。"), "cal"),
    "reply_moved": Text(N_("补正期限延后了：%(item)s"), N_("上班安排变了，请在%(reply_by)s补上。"), "cal"),
    "case_finished": Text(N_("全部办完：%(service)s"), N_("点开看每一项的结果。"), "checkc", "ok"),
    "case_withdrawn": Text(N_("已撤回：%(service)s"), N_("还要办的话，可以重新提交。"), "apply", "mute"),
}
UNKNOWN = Text(N_("有新进展：%(service)s"), N_("点开看详情。"), "lanes")


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


def say(kind: str, params: Mapping[str, Any], lang: str, now: datetime) -> Said:
    """A message in words."""
    text, names = TEXTS.get(kind, UNKNOWN), names_of(params)
    because = [_name(names_of(params, i).item, i, lang) for i in params.get("because", ())]
    values = {
        "service": _name(names.service, params.get("service"), lang),
        "item": _name(names.item, params.get("item"), lang),
        "department": _name(names.department, params.get("department"), lang),
        "because": (", " if lang == "en" else "、").join(because),
        "due": WORDS.date(datetime.fromisoformat(params["due"]), lang, now) if params.get("due") else "",
        "reply_by": WORDS.until(datetime.fromisoformat(params["reply_by"]), lang, now) if params.get("reply_by") else "",
    }
    return Said(gettext(text.title, lang) % values, gettext(text.line, lang) % values, text.icon, text.tone)
