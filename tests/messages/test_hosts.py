"""A host that reaches nothing rests, longer each time, until one probe is answered."""

from itertools import pairwise

from app.messages.hosts import FEW, FIRST_REST, IN_FLIGHT, IN_HAND, LONGEST_REST, Host, rest
from tests.messages.queued import dice

DICE = dice(11)


def fail(host: Host, now: float, times: int = 1) -> None:
    for _ in range(times):
        host.begun()
        host.ended(True, now, DICE)


def test_a_few_failures_in_a_row_make_it_rest() -> None:
    host = Host()
    fail(host, 100, FEW - 1)
    assert not host.is_resting(100)
    fail(host, 100)
    assert host.is_resting(100)
    assert host.is_left_out(100)
    assert not host.is_free(100)
    assert FIRST_REST / 2 <= host.resting_until - 100 <= FIRST_REST


def test_an_answer_between_failures_keeps_it_up() -> None:
    host = Host()
    for _ in range(10):
        fail(host, 100, FEW - 1)
        host.begun()
        host.ended(False, 100, DICE)
    assert not host.is_resting(100)


def test_after_a_rest_one_probe_at_a_time() -> None:
    host = Host()
    fail(host, 100, FEW)
    now = host.resting_until
    assert host.is_free(now)
    host.begun()
    assert not host.is_free(now)
    assert host.is_left_out(now)


def test_one_answered_probe_ends_it() -> None:
    host = Host()
    fail(host, 100, FEW)
    host.begun()
    host.ended(False, host.resting_until, DICE)
    assert not host.is_suspect
    host.in_flight = IN_FLIGHT - 1
    assert host.is_free(host.resting_until)


def test_a_failed_probe_makes_the_next_rest_longer_up_to_a_bound() -> None:
    host, now, rests = Host(), 100.0, []
    fail(host, now, FEW)
    for _ in range(12):
        rests.append(host.resting_until - now)
        now = host.resting_until
        fail(host, now)
    assert all(FIRST_REST * 2**n / 2 <= length <= FIRST_REST * 2**n for n, length in enumerate(rests[:5]))
    assert max(rests) <= LONGEST_REST
    assert min(rests[6:]) >= LONGEST_REST / 2


def test_rests_of_several_workers_do_not_end_together() -> None:
    drawn = sorted(rest(3, dice(n)) for n in range(20))
    assert all(a != b for a, b in pairwise(drawn))


def test_what_was_under_way_when_the_rest_began_makes_it_no_longer() -> None:
    host = Host()
    for _ in range(IN_FLIGHT):
        host.begun()
    for _ in range(IN_FLIGHT):
        host.ended(True, 100, DICE)
    assert host.rests == 1
    assert host.resting_until <= 100 + FIRST_REST


def test_a_late_answer_of_an_earlier_attempt_ends_the_rest() -> None:
    host = Host()
    host.begun()
    fail(host, 100, FEW)
    host.ended(False, 101, DICE)
    assert not host.is_resting(101)


def test_enough_in_hand_is_enough() -> None:
    host = Host()
    host.in_flight = IN_HAND
    assert host.is_left_out(0)
