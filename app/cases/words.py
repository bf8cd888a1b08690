"""How a case speaks to its applicant: the words of each clock state and of each line of its timeline (screens.md §6.1, §7)."""

from collections.abc import Mapping
from typing import NamedTuple

from app.core.errors import N_
from app.core.i18n import gettext

from .clocks import Face, Measure, Span, Stage


class Look(NamedTuple):
    """A stage's kind (shape and colour, see components/case.html) and its one word."""

    kind: str
    status: str


LOOKS: dict[Stage, Look] = {
    Stage.WAITING: Look("wait", N_("排队")),
    Stage.SENT: Look("wait", N_("等受理")),
    Stage.CORRECTION: Look("pause", N_("等您补正")),
    Stage.RUNNING: Look("run", N_("办理中")),
    Stage.SOON: Look("warn", N_("快到期")),
    Stage.OVER: Look("over", N_("超期")),
    Stage.OVER_LEGAL: Look("over", N_("超法定时限")),
    Stage.APPROVED: Look("run", N_("已同意")),
    Stage.DONE: Look("done", N_("已办结")),
    Stage.DENIED: Look("ended", N_("没有同意")),
    Stage.NOT_ACCEPTED: Look("ended", N_("没有受理")),
    Stage.NOT_STARTED: Look("ended", N_("不办了")),
    Stage.NOT_NEEDED: Look("none", N_("不用办")),
    Stage.WITHDRAWN: Look("ended", N_("已撤回")),
}
_PLAIN: dict[Stage, str] = {
    Stage.WAITING: N_("排队，还没开始"),
    Stage.SENT: N_("材料已送到"),
    Stage.CORRECTION: N_("补齐后开始计时"),
}
_TOOK, _LATE = N_("用时 %(time)s"), N_("用时 %(time)s，超了承诺")
_USED, _LEFT = N_("已用 %(used)s，还剩 %(left)s"), N_("还剩 %(left)s")
_HOUR = N_("还剩不到 1 小时")
_OVER, _OVER_LEGAL, _JUST = N_("超期 %(time)s"), N_("超法定时限 %(time)s"), N_("刚过期限")
_RESULT = N_("用时 %(time)s，正在出结果")
_SAME_DAY, _PROMISED, _LEGAL = N_("承诺当天办"), N_("承诺 %(time)s"), N_("，法定 %(time)s")
_DAYS, _HOURS = N_("%(n)s 天"), N_("%(n)s 小时")

#: A line of the timeline; `department` and `item` are names.
TIMELINE: dict[str, str] = {
    "case_filed": N_("您提交了申请"),
    "item_started": N_("轮到%(department)s：%(item)s"),
    "item_not_started": N_("%(department)s：%(item)s不办了"),
    "item_accepted": N_("%(department)s：%(item)s已受理，开始计时"),
    "item_not_accepted": N_("%(department)s：%(item)s没有受理"),
    "correction_asked": N_("%(department)s：%(item)s请您补正"),
    "correction_answered": N_("您补交了：%(item)s"),
    "item_approved": N_("%(department)s：%(item)s已同意"),
    "item_denied": N_("%(department)s：%(item)s没有同意"),
    "item_finished": N_("%(department)s：%(item)s已办结"),
    "item_withdrawn": N_("您撤回了：%(item)s"),
    "acceptance_moved": N_("%(department)s：%(item)s的受理日子随放假安排变了"),
    "dates_moved": N_("%(department)s：%(item)s的办结日子随放假安排变了"),
    "reply_moved": N_("%(department)s：%(item)s的补正期限随放假安排延后了"),
    "case_finished": N_("全部办完"),
    "case_withdrawn": N_("办件已撤回"),
}
CHANNELS: dict[str, str] = {"online": N_("本人手机"), "phone": N_("本人手机"), "web": N_("本人手机"), "api": N_("本人手机")}


def span(amount: Span, lang: str) -> str:
    """3 天, 0.5 天, 4 小时; in English 3 days, 1 day."""
    text = gettext(_DAYS if amount.measure is Measure.DAYS else _HOURS, lang) % {"n": f"{amount.amount:g}"}
    return text[:-1] if lang == "en" and amount.amount == 1 else text


def clock(face: Face, lang: str) -> str:
    """What stands under a clock's bar at the left."""
    if face.stage in _PLAIN:
        return gettext(_PLAIN[face.stage], lang)
    if face.stage in (Stage.RUNNING, Stage.SOON):
        return _remaining(face, lang)
    if face.stage in (Stage.OVER, Stage.OVER_LEGAL):
        text = _OVER_LEGAL if face.stage is Stage.OVER_LEGAL else _OVER
        return gettext(text, lang) % {"time": span(face.left, lang)} if face.left and face.left.amount else gettext(_JUST, lang)
    if face.used is None:
        return ""
    text = _RESULT if face.stage is Stage.APPROVED else _LATE if face.late else _TOOK
    return gettext(text, lang) % {"time": span(face.used, lang)}


def _remaining(face: Face, lang: str) -> str:
    if face.left is None or not face.left.amount:
        return gettext(_HOUR, lang)
    whole = face.used is not None and face.left.measure is Measure.DAYS and face.left.amount >= 2
    values = {"left": span(face.left, lang), "used": span(face.used, lang) if face.used else ""}
    return gettext(_USED if whole else _LEFT, lang) % values


def promise(promised: int, legal: int | None, lang: str) -> str:
    """Promised and statutory time together (screens.md §13)."""
    own = (
        gettext(_PROMISED, lang) % {"time": span(Span(promised, Measure.DAYS), lang)} if promised else gettext(_SAME_DAY, lang)
    )
    return own + (gettext(_LEGAL, lang) % {"time": span(Span(legal, Measure.DAYS), lang)} if legal else "")


def event(kind: str, names: Mapping[str, str], lang: str) -> str:
    """A line of the timeline in words."""
    return gettext(TIMELINE.get(kind, kind), lang) % names


def listed(names: list[str], lang: str) -> str:
    """Names as a list in a sentence."""
    return (", " if lang == "en" else "、").join(names)
