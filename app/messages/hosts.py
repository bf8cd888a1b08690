"""Push services and gateways as the sender of one process sees them: how many attempts are under way, who is resting.

A host of which several attempts in a row reached nothing rests, each time longer; then one delivery is sent as a probe, and
any answer ends it. Others go on meanwhile, as each host has its own queue. Pure: `now` is a monotonic clock, `dice` the chance.
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from .channels import Ready

#: Attempts at a time per host: about what one HTTP/2 connection or a small pool carries well.
IN_FLIGHT = 32
#: How many of a host may be in hand, waiting or under way, before no more are claimed: enough to bridge the next claim.
IN_HAND = 8 * IN_FLIGHT
#: Attempts in a row that reached nothing, until a host rests; seconds of its first and its longest rest.
FEW, FIRST_REST, LONGEST_REST = 3, 5.0, 120.0


class Waiting(NamedTuple):
    """A delivery made ready, and the last moment at which its attempt may begin: it must not outlast its claim."""

    ready: Ready
    until: float


@dataclass
class Host:
    """One push service or gateway."""

    waiting: deque[Waiting] = field(default_factory=deque)
    in_flight: int = 0
    failures: int = 0
    rests: int = 0
    resting_until: float = 0.0

    @property
    def in_hand(self) -> int:
        """How many of it this process holds."""
        return self.in_flight + len(self.waiting)

    @property
    def is_suspect(self) -> bool:
        """Whether it rested last: until it answers, one attempt at a time is made."""
        return self.rests > 0

    def is_resting(self, now: float) -> bool:
        """Whether nothing is sent to it at the moment."""
        return now < self.resting_until

    def is_left_out(self, now: float) -> bool:
        """Whether no more of it are claimed: it rests, is being probed, or has enough in hand."""
        return self.is_resting(now) or self.in_hand >= (1 if self.is_suspect else IN_HAND)

    def is_free(self, now: float) -> bool:
        """Whether an attempt may begin now."""
        return not self.is_resting(now) and self.in_flight < (1 if self.is_suspect else IN_FLIGHT)

    def begun(self) -> None:
        """An attempt is under way."""
        self.in_flight += 1

    def ended(self, down: bool, now: float, dice: Random) -> None:
        """An attempt is over. One that began before a rest and fails during it makes the rest no longer."""
        self.in_flight -= 1
        if not down:
            self.failures, self.rests, self.resting_until = 0, 0, 0.0
        elif not self.is_resting(now):
            self.failures += 1
            if self.is_suspect or self.failures >= FEW:
                self.resting_until = now + rest(self.rests, dice)
                self.rests, self.failures = self.rests + 1, 0


def rest(earlier: int, dice: Random) -> float:
    """Seconds that a host rests after `earlier` rests without an answer between: doubling, up to half of it at random."""
    most = min(LONGEST_REST, FIRST_REST * 2 ** min(earlier, 20))
    return dice.uniform(most / 2, most)
