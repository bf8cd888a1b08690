"""What became of a message over each channel, in the words of whom it was for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.models import SessionRow
from app.accounts.parties import Party, own
from app.core.errors import N_, NotFound
from app.core.i18n import gettext
from app.core.words import WORDS

from . import reasons
from .kinds import kind
from .models import Channel, Delivery, DeliveryState, Message, PushSubscription

#: How long somebody who has just sent themselves a message looks at this page.
WATCHED = timedelta(minutes=3)
_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.ACCEPTED)
m, d, p, s = Message, Delivery, PushSubscription, SessionRow


class Entry(NamedTuple):
    """A delivery as it stands; `device` is empty when its browser has signed out since."""

    channel: Channel
    state: DeliveryState
    due_at: datetime
    attempts: int
    accepted_at: datetime | None
    shown_at: datetime | None
    because: str
    device: str


class Told(NamedTuple):
    """A message and its deliveries."""

    id: UUID
    case_number: str
    kind: str
    params: dict[str, Any]
    created_at: datetime
    read_at: datetime | None
    entries: list[Entry]

    def moving(self, now: datetime) -> bool:
        """Whether something may happen any moment, so that looking again is worth it: soon after it was sent, not later."""
        soon = any(one.state in _UNDER_WAY or (one.state is DeliveryState.QUEUED and one.due_at <= now) for one in self.entries)
        return soon and now - self.created_at < WATCHED


class Line(NamedTuple):
    """A line of the ledger: over what, where (a device), what became of it, and the glyph that says how well."""

    channel: str
    where: str
    said: str
    glyph: str


_TOLD = (
    select(
        col(m.id), col(m.case_number), col(m.kind), col(m.params), col(m.created_at), col(m.read_at),
        col(d.channel), col(d.state), col(d.due_at), col(d.attempts), col(d.accepted_at), col(d.shown_at), col(d.because),
        col(s.device),
    )
    .outerjoin(d, col(d.message_id) == col(m.id))
    .outerjoin(p, col(p.id) == col(d.target))
    .outerjoin(s, col(s.id) == col(p.session_id))
    .where(col(m.id) == bindparam("message"), own(col(m.person_id), col(m.enterprise_id)))
    .order_by(col(d.queued_at), col(d.id))
)  # fmt: skip
NAMES = {Channel.PUSH: N_("手机通知"), Channel.SMS: N_("短信")}
DONE, WAITING, FAILED, NOT = "g-done", "g-wait", "g-warn", "g-pause"


def told(session: Session, party: Party, message_id: UUID) -> Told:
    """A message of the party's with all its deliveries: one query. Somebody else's is NotFound."""
    rows: Sequence[Any] = session.execute(_TOLD, {**party.values, "message": message_id}).all()
    if not rows:
        raise NotFound
    entries = [Entry._make((*row[6:13], row[13] or "")) for row in rows if row[6] is not None]
    return Told._make((*rows[0][:6], entries))


def lines(found: Told, lang: str, now: datetime) -> list[Line]:
    """The ledger of a message: the inbox, each browser, the phone; what was not used says why."""
    said = [_inbox(found, lang, now)]
    for channel in Channel:
        entries = [one for one in found.entries if one.channel is channel]
        said += [_line(one, lang, now) for one in entries] or [_unused(channel, found, lang)]
    return said


def _say(text: str, lang: str, **values: str) -> str:
    return gettext(text, lang) % values if values else gettext(text, lang)


def _inbox(found: Told, lang: str, now: datetime) -> Line:
    name = _say(N_("站内"), lang)
    if found.read_at is None:
        return Line(name, "", _say(N_("在“消息”里，还没看"), lang), WAITING)
    if found.read_at == found.created_at:
        return Line(name, "", _say(N_("您自己办的，记在“消息”里"), lang), DONE)
    return Line(name, "", _say(N_("%(when)s 已读"), lang, when=WORDS.moment(found.read_at, lang, now)), DONE)


def _unused(channel: Channel, found: Told, lang: str) -> Line:
    if found.read_at == found.created_at:
        why = N_("不用发")
    elif channel is Channel.SMS and not kind(found.kind).matters:
        why = N_("没有发：只有要紧的才发短信")
    elif channel is Channel.SMS:
        why = N_("没有发：您选了不要")
    else:
        why = N_("没有发：没有手机开着通知，或您选了不要")
    return Line(_say(NAMES[channel], lang), "", _say(why, lang), NOT)


def _line(one: Entry, lang: str, now: datetime) -> Line:
    text, moment, glyph = _became(one, now)
    when = WORDS.moment(moment, lang, now) if moment else ""
    said = _say(text, lang, when=when, because=_say(reasons.words(one.because), lang))
    where = one.device or (_say(N_("已退出登录的手机"), lang) if one.channel is Channel.PUSH else "")
    return Line(_say(NAMES[one.channel], lang), where, said, glyph)


def _became(one: Entry, now: datetime) -> tuple[str, datetime | None, str]:
    """The words of a state, the moment in them, and its glyph."""
    push = one.channel is Channel.PUSH
    match one.state:
        case DeliveryState.SHOWN:
            return (N_("%(when)s 已显示") if push else N_("%(when)s 已送到")), one.shown_at, DONE
        case DeliveryState.ACCEPTED:
            sent = N_("%(when)s 已发出，手机还没显示") if push else N_("%(when)s 已发出")
            return sent, one.accepted_at, WAITING if push else DONE
        case DeliveryState.NOT_NEEDED:
            return N_("没有发：%(because)s"), None, NOT
        case DeliveryState.FAILED:
            return N_("没发出去：%(because)s"), None, FAILED
        case DeliveryState.SENDING:
            return N_("正在发"), None, WAITING
    if one.attempts:
        return N_("还没发出去，在接着试：%(because)s"), None, WAITING
    if one.due_at <= now:
        return N_("马上就发"), None, WAITING
    return (N_("%(when)s 发，这之前看过就不发") if push else N_("%(when)s 还没看到就发")), one.due_at, WAITING
