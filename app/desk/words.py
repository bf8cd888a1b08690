"""How clocks, states, channels and events read on the desk: msgids and the look that goes with them. Pure."""

from math import ceil, floor
from typing import NamedTuple

from app.cases.clocks import TINY, Clock, Light
from app.cases.states import ItemState
from app.core.errors import N_
from app.forms.definition import Text

S = ItemState


class Said(NamedTuple):
    """A clock or state ready for the page: msgid with params, glyph, colour class, class of its bar."""

    text: str
    params: dict[str, object]
    glyph: str
    colour: str
    bar: str


_ENDED: dict[ItemState, tuple[str, str, str]] = {
    S.FINISHED: (N_("已办结"), "g-done", "bamboo"),
    S.DENIED: (N_("不予许可"), "g-over", "t2"),
    S.NOT_ACCEPTED: (N_("不予受理"), "g-over", "t2"),
    S.WITHDRAWN: (N_("申请人撤回"), "g-over", "t2"),
}
_LOOKS = {
    Light.RUNNING: ("g-green", "bamboo", "ok"),
    Light.SOON: ("g-warn", "amber", "warn"),
    Light.OVER: ("g-over", "seal", "bad"),
    Light.OVER_LEGAL: ("g-over", "seal", "bad"),
    Light.CORRECTION: ("g-pause", "t2", "idle"),
    Light.WAITING: ("g-wait", "t2", "idle"),
}


def clock_words(clock: Clock, state: ItemState) -> Said:
    """剩 3.5 天, 剩 3 小时, 超期 0.5 天, 等补正, 已办结."""
    if state in _ENDED:
        text, glyph, colour = _ENDED[state]
        return Said(text, {}, glyph, colour, "ok" if state is S.FINISHED else "idle")
    look = _LOOKS[clock.light]
    if clock.light is Light.CORRECTION:
        return Said(N_("等补正"), {}, *look)
    if clock.light is Light.WAITING:
        return Said(N_("还没计时"), {}, *look)
    if clock.light in (Light.OVER, Light.OVER_LEGAL):
        text = N_("超期 %(n)s 天") if clock.light is Light.OVER else N_("超法定时限 %(n)s 天")
        return Said(text, {"n": plain(max(0.5, ceil(clock.days * 2 - TINY) / 2))}, *look)
    if clock.days >= 1:
        return Said(N_("剩 %(n)s 天"), {"n": plain(floor(clock.days * 2 + TINY) / 2)}, *look)
    if clock.hours >= 1:
        return Said(N_("剩 %(n)s 小时"), {"n": floor(clock.hours + TINY)}, *look)
    return Said(N_("剩不到 1 小时"), {}, *look)


def plain(amount: float) -> str:
    """3 rather than 3.0."""
    return f"{amount:g}"


#: How far another department is: class of its pip, glyph, words.
PIPS: dict[ItemState, tuple[str, str, str]] = {
    S.WAITING: ("wait", "g-wait", N_("等前一步")),
    S.FILED: ("run", "g-run", N_("待受理")),
    S.RESUBMITTED: ("run", "g-run", N_("已补正")),
    S.CORRECTION_ASKED: ("bad", "g-pause", N_("等补正")),
    S.ACCEPTED: ("run", "g-run", N_("在办")),
    S.APPROVED: ("ok", "g-done", N_("已同意")),
    S.FINISHED: ("ok", "g-done", N_("已办结")),
    S.DENIED: ("bad", "g-over", N_("不予许可")),
    S.NOT_ACCEPTED: ("bad", "g-over", N_("不予受理")),
    S.NOT_STARTED: ("wait", "g-wait", N_("没有启动")),
    S.WITHDRAWN: ("wait", "g-wait", N_("已撤回")),
}
#: The state of the item under review, and what its reviewer does next.
STATES: dict[ItemState, tuple[str, str]] = {
    S.FILED: (N_("待受理"), N_("受理")),
    S.RESUBMITTED: (N_("已补正，待受理"), N_("看补正")),
    S.CORRECTION_ASKED: (N_("等申请人补正"), N_("查看")),
    S.ACCEPTED: (N_("已受理，待决定"), N_("审查")),
    S.APPROVED: (N_("已同意，待办结"), N_("办结")),
    S.FINISHED: (N_("已办结"), N_("查看")),
    S.DENIED: (N_("不予许可"), N_("查看")),
    S.NOT_ACCEPTED: (N_("不予受理"), N_("查看")),
    S.WITHDRAWN: (N_("申请人撤回"), N_("查看")),
}
CHANNELS = {
    "online": N_("本人手机"),
    "phone": N_("本人手机"),
    "grid": N_("网格代办"),
    "hall": N_("服务大厅"),
    "api": N_("接口"),
}
EVENTS = {
    "case_filed": N_("申请人提交"),
    "item_started": N_("前一步办好，转到本部门"),
    "item_not_started": N_("前一步没办成，不再启动"),
    "item_accepted": N_("受理，开始计时"),
    "item_not_accepted": N_("不予受理"),
    "correction_asked": N_("请申请人补正"),
    "correction_answered": N_("申请人补正了"),
    "item_approved": N_("同意办理"),
    "item_denied": N_("不予许可"),
    "item_finished": N_("办结"),
    "item_withdrawn": N_("申请人撤回"),
    "acceptance_moved": N_("放假安排变了，受理期限重算"),
    "dates_moved": N_("放假安排变了，办结期限重算"),
    "reply_moved": N_("放假安排变了，补正期限延后"),
    "case_finished": N_("整件办完"),
    "case_withdrawn": N_("整件撤回"),
}
#: What was just done to the last item, told on the next page.
SENT = {
    "accept": N_("受理了，承诺期限开始计时。"),
    "correction": N_("补正发出去了，申请人补齐后回到待我审。"),
    "approve": N_("同意了，办结时把结果交给申请人。"),
    "deny": N_("不予的决定发出去了。"),
    "finish": N_("办结了，结果已经交给申请人。"),
    "claim": N_("领办了，这一件归您办。"),
    "release": N_("放回去了，同事可以领办。"),
}
#: 同意 is also what an applicant does to a declaration (Agreed): hence a pair of its own.
APPROVE = Text(zh="同意", en="Approve")
#: 承诺 and 法定 texts use working days; a correction may give the applicant this many.
CORRECTION_DAYS = (3, 5, 10, 15)
QUICK_REASONS = (
    N_("照片反光，字看不清"), N_("照片缺了一角"), N_("少了一页"), N_("不是本人的证件"), N_("和填写的信息对不上"),
    N_("证件过期了"),
)  # fmt: skip
QUICK_DENIALS = (N_("不符合办理条件"), N_("材料证明不了符合条件"), N_("不归本部门办"), N_("已经办过同一件事"))
