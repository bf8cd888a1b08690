"""What follows from an outcome: the table of states, the pauses and their ends."""

from datetime import timedelta

import pytest

from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages.channels import Outcome, Parcel, Result
from app.messages.models import Channel, DeliveryState
from app.messages.retries import POLICIES, entry, pause
from tests.messages.queued import dice

NOW = utcnow()


def parcel(attempts: int = 0, channel: Channel = Channel.PUSH, left: timedelta = timedelta(hours=24)) -> Parcel:
    return Parcel(
        id=new_id(), claim=new_id(), channel=channel, target=new_id(), host="h", attempts=attempts, give_up_at=NOW + left,
        message_id=new_id(), person_id=new_id(), staff_id=None, enterprise_id=None, case_number="", kind="case_filed",
        params={}, created_at=NOW, read_at=None,
    )  # fmt: skip


@pytest.mark.parametrize(("outcome", "state", "because", "counted"), [
    (Outcome(Result.ACCEPTED, receipt="r1"), DeliveryState.ACCEPTED, "", 1),
    (Outcome(Result.GONE), DeliveryState.FAILED, "gone", 1),
    (Outcome(Result.REFUSED, "too_large"), DeliveryState.FAILED, "too_large", 1),
    (Outcome(Result.REFUSED), DeliveryState.FAILED, "refused", 1),
    (Outcome(Result.NOT_NEEDED, "read"), DeliveryState.NOT_NEEDED, "read", 0),
    (Outcome(Result.RETRY, "server_error"), DeliveryState.QUEUED, "server_error", 1),
    (Outcome(Result.RETRY), DeliveryState.QUEUED, "error", 1),
])  # fmt: skip
def test_the_table_of_outcomes(outcome: Outcome, state: DeliveryState, because: str, counted: int) -> None:
    told = entry(parcel(), outcome, NOW, dice())
    assert (told.state, told.because, told.counted) == (state, because, counted)
    assert told.receipt == outcome.receipt
    assert (told.accepted_at is not None) == (state is DeliveryState.ACCEPTED)
    assert (told.ended_at is None) == (state is DeliveryState.QUEUED)
    assert told.due_at >= NOW


@pytest.mark.parametrize("channel", Channel)
def test_pauses_grow_to_a_bound_and_are_spread_over_their_whole_length(channel: Channel) -> None:
    chance, policy = dice(7), POLICIES[channel]
    for attempts in range(30):
        most = min(policy.longest, policy.base * 2**attempts)
        drawn = [pause(channel, attempts, None, chance) for _ in range(300)]
        assert 0 <= min(drawn) < most * 0.1
        assert most * 0.9 < max(drawn) <= most


def test_nobody_comes_back_before_retry_after_nor_all_at_once() -> None:
    drawn = [pause(Channel.PUSH, 0, 90, dice(n)) for n in range(100)]
    assert min(drawn) >= 90
    assert max(drawn) - min(drawn) > 2


@pytest.mark.parametrize("asked", [float("nan"), -5.0, 0.0])
def test_what_is_no_time_to_wait_asks_for_nothing(asked: float) -> None:
    assert 0 <= pause(Channel.PUSH, 0, asked, dice(3)) <= POLICIES[Channel.PUSH].base


@pytest.mark.parametrize("asked", [3600.0, 1e12, float("inf")])
def test_a_try_past_the_give_up_time_is_none_and_the_last_reason_stays(asked: float) -> None:
    told = entry(parcel(left=timedelta(minutes=30)), Outcome(Result.RETRY, "busy", retry_after=asked), NOW, dice())
    assert (told.state, told.because, told.ended_at) == (DeliveryState.FAILED, "busy", NOW)


def test_a_try_is_never_put_past_the_give_up_time() -> None:
    chance = dice(5)
    for attempts in range(12):
        one = parcel(attempts, left=timedelta(seconds=60))
        told = entry(one, Outcome(Result.RETRY, "timeout", host_down=True), NOW, chance)
        assert told.state is DeliveryState.FAILED or told.due_at < one.give_up_at


def test_what_a_vendor_says_fits_into_the_ledger() -> None:
    told = entry(parcel(), Outcome(Result.ACCEPTED, "b" * 99, "r" * 999), NOW, dice())
    assert (len(told.because), len(told.receipt or "")) == (40, 100)
