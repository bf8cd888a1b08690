"""Which channels and when: kind × wish × hour, read aloud; nights in China; what the law demands is never muted away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SHANGHAI, local
from app.messages import kinds
from app.messages.kinds import Group, Kind
from app.messages.models import Channel, SmsWhen
from app.messages.planning import DEMANDED, Target, Wishes, plan, quiet, rested, switch, waits

PHONE = Target(Channel.PUSH, UUID(int=1), "push.example")
TABLET = Target(Channel.PUSH, UUID(int=2), "push.example")
NUMBER = Target(Channel.SMS, UUID(int=3), "sms")
LATE = timedelta(minutes=20)
TURN, RESULT, PROGRESS = kinds.kind("correction_asked"), kinds.kind("item_denied"), kinds.kind("item_accepted")
URGENT = kinds.kind("test")
EVERY = {"turn": TURN, "result": RESULT, "progress": PROGRESS, "urgent": URGENT}
W = SmsWhen


def china(clock: str, day: int = 25) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=SHANGHAI).astimezone(UTC)


def planned(kind: Kind, wishes: Wishes, clock: str, *targets: Target) -> dict[str, str]:
    """{channel: day and hour in China}."""
    rows = plan(kind, wishes, targets or (PHONE, NUMBER), china(clock), LATE)
    return {row.target.channel.value: f"{local(row.due_at):%d %H:%M}" for row in rows}


@pytest.mark.parametrize(
    ("kind", "wishes", "clock", "due"),
    [
        # by day
        ("turn", Wishes(), "10:00", {"push": "25 10:00", "sms": "25 10:20"}),
        ("result", Wishes(), "10:00", {"push": "25 10:00", "sms": "25 10:20"}),
        ("progress", Wishes(), "10:00", {"push": "25 10:00"}),
        ("turn", Wishes(sms=W.AT_ONCE), "10:00", {"push": "25 10:00", "sms": "25 10:00"}),
        ("turn", Wishes(sms=W.NEVER), "10:00", {"push": "25 10:00"}),
        ("progress", Wishes(sms=W.AT_ONCE), "10:00", {"push": "25 10:00"}),
        # at night
        ("turn", Wishes(), "23:30", {"push": "26 07:00", "sms": "26 07:20"}),
        ("turn", Wishes(), "03:30", {"push": "25 07:00", "sms": "25 07:20"}),
        ("turn", Wishes(sms=W.AT_ONCE), "22:00", {"push": "26 07:00", "sms": "26 07:00"}),
        ("progress", Wishes(), "06:59", {"push": "25 07:00"}),
        ("turn", Wishes(), "07:00", {"push": "25 07:00", "sms": "25 07:20"}),
        # the evening's SMS that would ring at night
        ("turn", Wishes(), "21:50", {"push": "25 21:50", "sms": "26 07:00"}),
        ("turn", Wishes(), "21:39", {"push": "25 21:39", "sms": "25 21:59"}),
        # what is urgent waits for nothing
        ("urgent", Wishes(), "23:30", {"push": "25 23:30", "sms": "25 23:30"}),
        # other nights, and none
        ("turn", Wishes(quiet_from=13, quiet_to=14), "13:10", {"push": "25 14:00", "sms": "25 14:20"}),
        ("turn", Wishes(quiet_from=0, quiet_to=6), "23:30", {"push": "25 23:30", "sms": "25 23:50"}),
        ("turn", Wishes(quiet_from=0, quiet_to=0), "00:10", {"push": "25 00:10", "sms": "25 00:30"}),
        # muted
        ("progress", Wishes(muted=frozenset({"progress.push"})), "10:00", {}),
        ("turn", Wishes(muted=frozenset({"turn.push"})), "10:00", {"sms": "25 10:20"}),
        ("turn", Wishes(muted=frozenset({"turn.sms"})), "10:00", {"push": "25 10:00"}),
        ("result", Wishes(muted=frozenset({"turn.push", "turn.sms"})), "10:00", {"push": "25 10:00", "sms": "25 10:20"}),
        # all muted, of what the law demands: an SMS if it was not seen
        ("turn", Wishes(muted=frozenset({"turn.push", "turn.sms"})), "10:00", {"sms": "25 10:20"}),
        ("result", Wishes(sms=W.NEVER, muted=frozenset({"result.push"})), "10:00", {"sms": "25 10:20"}),
    ],
)  # fmt: skip
def test_a_message_is_due(kind: str, wishes: Wishes, clock: str, due: dict[str, str]) -> None:
    assert planned(EVERY[kind], wishes, clock) == due


def test_without_a_phone_that_shows_it_the_evenings_sms_does_not_wait_longer_than_the_night() -> None:
    assert planned(TURN, Wishes(), "23:30", NUMBER) == {"sms": "26 07:00"}
    assert planned(TURN, Wishes(sms=W.NEVER), "10:00", NUMBER) == {"sms": "25 10:20"}
    assert planned(PROGRESS, Wishes(), "10:00", NUMBER) == {}
    assert planned(TURN, Wishes(muted=frozenset({"turn.push"})), "10:00", PHONE) == {"push": "25 10:00"}


def test_every_browser_is_pushed_to() -> None:
    rows = plan(PROGRESS, Wishes(), [PHONE, TABLET], china("10:00"), LATE)
    assert [row.target for row in rows] == [PHONE, TABLET]


def test_an_sms_waits_to_be_seen_unless_it_was_wished_at_once_or_is_urgent() -> None:
    assert waits(TURN, Wishes())
    assert waits(TURN, Wishes(sms=W.NEVER))
    assert not waits(TURN, Wishes(sms=W.AT_ONCE))
    assert not waits(URGENT, Wishes())


MOMENTS = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
SWITCHES = st.sampled_from([switch(group, channel) for group in Group for channel in Channel])
HOURS = st.integers(0, 23)
WISHES = st.builds(
    Wishes, sms=st.sampled_from(SmsWhen), quiet_from=HOURS, quiet_to=HOURS, muted=st.frozensets(SWITCHES, max_size=6)
)  # fmt: skip
KINDS = st.sampled_from([kind for kind in kinds.texts().kinds.values() if not kind.group.staff])
TARGETS = st.lists(st.sampled_from([PHONE, TABLET, NUMBER]), unique=True)


@given(KINDS, WISHES, TARGETS, MOMENTS)
def test_nothing_but_urgent_rings_in_quiet_hours(kind: Kind, wishes: Wishes, targets: list[Target], now: datetime) -> None:
    for row in plan(kind, wishes, targets, now, LATE):
        assert kind.urgent or not quiet(wishes, row.due_at)
        assert now <= row.due_at <= now + timedelta(hours=24) + 2 * LATE
        assert row.due_at < row.give_up_at


@given(KINDS, WISHES, TARGETS, MOMENTS)
def test_what_the_law_demands_is_always_told_to_whoever_can_be_reached(
    kind: Kind, wishes: Wishes, targets: list[Target], now: datetime
) -> None:
    reached = [target for target in targets if kind.matters or target.channel is Channel.PUSH]
    if kind.group in DEMANDED and reached:
        assert plan(kind, wishes, targets, now, LATE)


@given(KINDS, WISHES, TARGETS, MOMENTS)
def test_no_target_is_planned_twice_and_no_sms_of_what_does_not_matter(
    kind: Kind, wishes: Wishes, targets: list[Target], now: datetime
) -> None:
    rows = [row.target for row in plan(kind, wishes, targets, now, LATE)]
    assert len(set(rows)) == len(rows)
    assert set(rows) <= set(targets)
    assert kind.matters or NUMBER not in rows


@given(HOURS, HOURS, MOMENTS)
def test_the_night_ends_at_its_hour_and_is_shorter_than_a_day(start: int, end: int, now: datetime) -> None:
    wishes = Wishes(quiet_from=start, quiet_to=end)
    after = rested(PROGRESS, wishes, now)
    if quiet(wishes, now):
        assert (local(after).hour, local(after).minute) == (end, 0)
        assert timedelta(0) < after - now <= timedelta(hours=(end - start) % 24)
    else:
        assert after == now


@given(HOURS, MOMENTS)
def test_equal_hours_are_no_night(hour: int, now: datetime) -> None:
    assert not quiet(Wishes(quiet_from=hour, quiet_to=hour), now)


@given(HOURS, HOURS)
def test_a_night_has_as_many_quiet_hours_as_it_is_long(start: int, end: int) -> None:
    hours = [quiet(Wishes(quiet_from=start, quiet_to=end), china(f"{hour}:30")) for hour in range(24)]
    assert sum(hours) == (end - start) % 24


def test_summer_changes_no_clock_in_china() -> None:
    for month in (1, 7):
        night = datetime(2026, month, 1, 14, 30, tzinfo=UTC)
        assert rested(PROGRESS, Wishes(), night) == datetime(2026, month, 1, 23, 0, tzinfo=UTC)
