"""Over which channels a message goes to a person, and when: kind, wishes, targets and the hour decide. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from .kinds import Kind
from .models import Channel, SmsWhen


class Wishes(NamedTuple):
    """How somebody wishes to be told (models.Preference, with its defaults filled in)."""

    push: bool = True
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


def plan(kind: Kind, wishes: Wishes, targets: Iterable[Target], now: datetime, late: timedelta) -> list[Planned]:
    """The deliveries of a new message; `late` is how long an SMS waits for it to be seen."""
    planned = []
    for target in targets:
        if target.channel is Channel.PUSH and wishes.push:
            planned.append(Planned(target, now, now + timedelta(hours=24)))
        elif target.channel is Channel.SMS and kind.matters and wishes.sms is not SmsWhen.NEVER:
            due = now if wishes.sms is SmsWhen.AT_ONCE else now + late
            planned.append(Planned(target, due, due + timedelta(hours=6)))
    return planned
