"""Over which channels a message goes to somebody, and when: kind, wishes, targets and the hour decide. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.core.clock import local

from .kinds import Group, Kind
from .models import Channel, SmsWhen
from .retries import POLICIES

#: Of these the law demands that the applicant be told, so one channel stays on: what to correct, once and completely
#: (行政许可法 art. 32), whether it was accepted (32), the answer with its reasons and remedies (38), the licence itself (44).
#: That a hint by push or SMS is owed beside the inbox is our own rule, not the law's.
DEMANDED = frozenset({Group.TURN, Group.RESULT})


class Wishes(NamedTuple):
    """How somebody wishes to be told (models.Preference, with its defaults filled in); staff have these."""

    sms: SmsWhen = SmsWhen.LATE
    lang: str = "zh"
    quiet_from: int = 22
    quiet_to: int = 7
    muted: frozenset[str] = frozenset()


class Target(NamedTuple):
    """Where a channel reaches somebody."""

    channel: Channel
    id: UUID
    host: str


class Planned(NamedTuple):
    """A delivery to be."""

    target: Target
    due_at: datetime
    give_up_at: datetime


def switch(group: str, channel: str) -> str:
    """The name of a switch of a group's channel in `muted`."""
    return f"{group}.{channel}"


def quiet(wishes: Wishes, moment: datetime) -> bool:
    """Whether a moment lies in somebody's quiet hours, by the clock in China."""
    start, end, hour = wishes.quiet_from, wishes.quiet_to, local(moment).hour
    return start <= hour < end if start <= end else hour >= start or hour < end


def rested(kind: Kind, wishes: Wishes, moment: datetime) -> datetime:
    """When something due at a moment may be sent: then, or when the quiet hours end; what is urgent waits for nothing."""
    if kind.urgent or not quiet(wishes, moment):
        return moment
    here = local(moment)
    end = here.replace(hour=wishes.quiet_to, minute=0, second=0, microsecond=0)
    return (end if end > here else end + timedelta(days=1)).astimezone(moment.tzinfo)


def waits(kind: Kind, wishes: Wishes) -> bool:
    """Whether an SMS waits for the message to be seen, and is not needed once it was."""
    return not kind.urgent and wishes.sms is not SmsWhen.AT_ONCE


def _wanted(kind: Kind, wishes: Wishes, channel: Channel) -> bool:
    if switch(kind.group, channel) in wishes.muted:
        return False
    return channel is Channel.PUSH or (kind.matters and wishes.sms is not SmsWhen.NEVER)


def _chosen(kind: Kind, wishes: Wishes, targets: Sequence[Target]) -> list[Target]:
    """The targets that the wishes leave; of what the law demands, never none while there is one."""
    wanted = [t for t in targets if _wanted(kind, wishes, t.channel)]
    if wanted or kind.group not in DEMANDED:
        return wanted
    phones = [t for t in targets if t.channel is Channel.SMS and kind.matters]
    return phones or [t for t in targets if t.channel is Channel.PUSH]


def plan(kind: Kind, wishes: Wishes, targets: Iterable[Target], now: datetime, late: timedelta) -> list[Planned]:
    """The deliveries of a new message; `late` is how long an SMS waits for it to be seen.

    At night a push waits for the morning, and the SMS that follows it gives it the same time to be seen then.
    """
    chosen, first = _chosen(kind, wishes, list(targets)), rested(kind, wishes, now)
    pushed = any(target.channel is Channel.PUSH for target in chosen)
    after = rested(kind, wishes, (first if pushed else now) + late)
    planned = []
    for target in chosen:
        due = after if target.channel is Channel.SMS and waits(kind, wishes) else first
        planned.append(Planned(target, due, due + POLICIES[target.channel].give_up))
    return planned
