"""What the operator's page of deliveries calls things."""

from app.core.errors import N_
from app.messages import reasons
from app.messages.alerting import Fault
from app.messages.models import Channel, DeliveryState
from app.messages.reasons import Because

from .deliveries_queries import TROUBLE

S = DeliveryState
#: State → glyph, colour, words. A push that is shown and an SMS that was delivered are one state, called by its channel.
STATES: dict[DeliveryState, tuple[str, str, str]] = {
    S.QUEUED: ("g-wait", "t2", N_("排队")),
    S.SENDING: ("g-run", "lake", N_("正在送")),
    S.ACCEPTED: ("g-done", "bamboo", N_("对方收下了")),
    S.SHOWN: ("g-done", "bamboo", N_("手机显示了")),
    S.FAILED: ("g-over", "seal", N_("没送成")),
    S.NOT_NEEDED: ("g-pause", "t2", N_("不用送")),
}
LATE = ("g-warn", "amber", N_("晚了"))
#: What the list may be of; the numbers' own filters lead to these too.
CHOICES = {
    TROUBLE: N_("没送成和晚了的"),
    **{state.value: words for state, (_, _, words) in STATES.items() if state is not S.SENDING},
    "all": N_("全部"),
}
FAULTS = {
    Fault.EVENT_WITHOUT_MESSAGE.value: N_("办件动了，没有告诉人"),
    Fault.DELIVERY_LATE.value: N_("5 分钟还没送出"),
    Fault.CHANNEL_FAILING.value: N_("送不出的超过两成"),
}

#: Reasons that speak to whom the message was for, said of them instead.
OF_THEM = {
    Because.READ: N_("收的人已经看过了"),
    Because.BUDGET_PERSON: N_("今天给这个人的短信发满了"),
    Because.ENDED: N_("这个人不再替这家企业办事"),
    Because.UNWANTED: N_("这个人选了不用这种方式"),
}


def reason(because: str) -> str:
    """The words of a ledger's code for an operator; one that a newer release wrote is shown as it is."""
    return OF_THEM.get(Because(because), reasons.words(because)) if because in set(Because) else reasons.words(because)


def face(channel: Channel, state: DeliveryState, late: bool) -> tuple[str, str, str]:
    """Glyph, colour and words of a delivery as it stands."""
    if late:
        return LATE
    return (*STATES[state][:2], shown(channel)) if state is S.SHOWN else STATES[state]


def shown(channel: Channel) -> str:
    """What it is called that a phone has it: a push says so itself, of an SMS the gateway's report does."""
    return N_("送到了手机") if channel is Channel.SMS else STATES[S.SHOWN][2]


def within(seconds: float | None) -> tuple[str, dict[str, object]]:
    """How soon 95 of 100 were taken: words and their values."""
    if seconds is None:
        return N_("还没有收下的"), {}
    if seconds < 60:
        return N_("95%% 在 %(n)s 秒内收下"), {"n": f"{seconds:.1f}"}
    return N_("95%% 在 %(n)s 分钟内收下"), {"n": round(seconds / 60)}
