"""What follows from the outcome of an attempt: the delivery's next state, when it is tried again, and why. Pure."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from .channels import Outcome, Parcel, Result
from .models import Channel, DeliveryState
from .reasons import Because


class Policy(NamedTuple):
    """How patiently a channel tries: seconds of the first pause and of the longest, and for how long in all."""

    base: float
    longest: float
    give_up: timedelta


#: A notification of yesterday helps nobody, and the inbox has it; an SMS of the evening may have to wait for the morning.
POLICIES = {
    Channel.PUSH: Policy(4, 15 * 60, timedelta(hours=24)),
    Channel.SMS: Policy(10, 10 * 60, timedelta(hours=12)),
}


class Entry(NamedTuple):
    """What the ledger gets to know of an attempt; `counted` is how many attempts it adds."""

    state: DeliveryState
    due_at: datetime
    because: str
    counted: int = 1
    accepted_at: datetime | None = None
    receipt: str | None = None
    ended_at: datetime | None = None


def pause(channel: Channel, attempts: int, retry_after: float | None, dice: Random) -> float:
    """Seconds until the next try after `attempts` earlier ones: full jitter, on top of what the other side asked for.

    On top, so that all who were asked to wait the same time do not come back in the same second.
    """
    policy = POLICIES[channel]
    most = min(policy.longest, policy.base * 2 ** min(attempts, 20))
    return max(0.0, retry_after or 0.0) + dice.uniform(0, most)


def entry(parcel: Parcel, outcome: Outcome, now: datetime, dice: Random) -> Entry:
    """The ledger's entry of one attempt. When the next try would be past the give-up time, the delivery ends here."""
    if outcome.result is Result.ACCEPTED:
        return Entry(DeliveryState.ACCEPTED, now, outcome.because[:40], 1, now, outcome.receipt and outcome.receipt[:100], now)
    if outcome.result is Result.NOT_NEEDED:
        return Entry(DeliveryState.NOT_NEEDED, now, outcome.because[:40], 0, ended_at=now)
    if outcome.result is Result.RETRY:
        again = _again(parcel, outcome, now, dice)
        if again is not None:
            return Entry(DeliveryState.QUEUED, again, (outcome.because or Because.ERROR)[:40])
    return Entry(DeliveryState.FAILED, now, (outcome.because or _plain(outcome.result))[:40], ended_at=now)


def _again(parcel: Parcel, outcome: Outcome, now: datetime, dice: Random) -> datetime | None:
    """When to try again; None when that is too late. A pause that no calendar holds is too late as well."""
    wait = pause(parcel.channel, parcel.attempts, outcome.retry_after, dice)
    if not wait < (parcel.give_up_at - now).total_seconds():
        return None
    return now + timedelta(seconds=wait)


def _plain(result: Result) -> Because:
    """The reason of a channel that gave none."""
    return {Result.GONE: Because.GONE, Result.RETRY: Because.ERROR}.get(result, Because.REFUSED)
