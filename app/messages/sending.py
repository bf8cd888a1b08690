"""The sender: claims due deliveries, sends them with no session open, has their outcomes recorded; on one asyncio loop.

Database turns happen in a thread of its own, one after the other. Every host has its own queue, so that a slow or dead one
delays no other. What is in hand when a worker is killed comes up again when its claims run out.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TypeVar

from app.core import notify
from app.core.clock import utcnow

from . import batches
from .batches import Ended
from .channels import LEASE, TIMEOUT, Door, Outcome, Parcel, Ready, Result
from .claims import Back
from .hosts import Host, Waiting
from .reasons import Because

log = logging.getLogger(__name__)
T = TypeVar("T")
#: Deliveries per claim, and in hand at most, whatever the number of hosts.
BATCH, MOST = 256, 2_000


def _look() -> float:
    """Seconds between two looks that nobody called for: on PostgreSQL a notice comes with every commit."""
    return 2.0 if notify.listens() else 0.2


@dataclass(frozen=True)
class Times:
    """Seconds. `attempt` is the door's own limit, `spare` what an attempt may take beyond it before we end it ourselves.

    `gather`: how long outcomes and notices are gathered; `grace`: how long attempts under way may take when we shall stop.
    """

    lease: float = LEASE
    attempt: float = TIMEOUT
    spare: float = 1.0
    look: float = field(default_factory=_look)
    gather: float = 0.02
    again: float = 0.5
    grace: float = 7.0


class Sender:
    """Sends through `doors` until stopped; any number of them, in any number of processes, share the work."""

    def __init__(self, doors: Sequence[Door], times: Times | None = None, dice: Random | None = None) -> None:
        self.doors = {door.channel: door for door in doors}
        self.times = times or Times()
        self.dice = dice or Random()  # noqa: S311 - jitter, no secret
        self.hosts: defaultdict[str, Host] = defaultdict(Host)
        self._left_out: set[str] = set()
        self._ended: list[Ended] = []
        self._backs: list[Back] = []
        self._attempts: set[asyncio.Task[None]] = set()
        self._called, self._results = asyncio.Event(), asyncio.Event()
        self._stopping = False
        self._thread: ThreadPoolExecutor | None = None

    def stop(self) -> None:
        """Claim no more, finish what is under way, give the rest back; from the loop's own thread."""
        self._stopping = True
        self._called.set()

    async def run(self) -> None:
        """Work until stopped."""
        log.info("sending over: %s", ", ".join(self.doors) or "nothing")
        with ThreadPoolExecutor(1, "outbox") as self._thread:
            beside = [asyncio.create_task(self._keep_books())]
            if notify.listens():
                beside.append(asyncio.create_task(self._listen()))
            try:
                while not self._stopping:
                    if not await self._claim():
                        await self._wait_for_a_call()
                await self._finish()
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await self._write_what_is_left()
                for door in self.doors.values():
                    await door.close()

    async def _turn(self, work: Callable[..., T], *arguments: object) -> T:
        """A turn at the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    # -- claiming

    async def _claim(self) -> bool:
        """Take what is due; gives whether to look again at once."""
        now = time.monotonic()
        if self._in_hand() >= MOST:
            return False
        self._left_out = {name for name, host in self.hosts.items() if host.is_left_out(now)}
        until = now + self.times.lease - self.times.attempt - self.times.spare
        try:
            taken = await self._turn(batches.take, self.doors, self._left_out, BATCH, utcnow(), self.times.lease)
        except Exception:  # the database is away or busy; whatever it is, the sender goes on
            log.warning("nothing can be claimed at the moment", exc_info=True)
            await asyncio.sleep(self.times.again)
            return False
        for parcel, outcome in taken.ended:
            self._note(parcel, outcome)
        for back in taken.backs:
            self._hand_back(back)
        for ready in taken.ready:
            self.hosts[ready.parcel.host].waiting.append(Waiting(ready, until))
        for name in {ready.parcel.host for ready in taken.ready}:
            self._go_on(name)
        return taken.more

    def _in_hand(self) -> int:
        return sum(host.in_hand for host in self.hosts.values())

    async def _wait_for_a_call(self) -> None:
        """Until something is announced, a host has room again, or it is time to look anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.times.look):
                await self._called.wait()
            if not self._stopping:
                await asyncio.sleep(self.times.gather)
        self._called.clear()

    async def _listen(self) -> None:
        """Be called when deliveries are announced; should the connection be lost, another one is made."""
        while True:
            try:
                async with notify.hearing(notify.DELIVERY) as heard:
                    self._called.set()  # for what was announced while nobody listened
                    async for _ in heard:
                        self._called.set()
            except Exception as error:  # whatever it is, looking now and then goes on
                log.warning("notices are not heard at the moment (%s); looking every %s s", error, self.times.look)
            await asyncio.sleep(self.dice.uniform(1, 3))

    # -- sending

    def _go_on(self, name: str) -> None:
        """Begin what may begin at a host; what came too late, or came for a host that rests, goes back."""
        host, now = self.hosts[name], time.monotonic()
        while host.waiting and not self._stopping:
            if host.is_resting(now):
                self._give_back(host, host.resting_until - now)
                return
            if not host.is_free(now):
                return
            one = host.waiting.popleft()
            if now > one.until:
                self._return(one.ready.parcel, 0)
                continue
            host.begun()
            task = asyncio.create_task(self._attempt(host, one.ready))
            self._attempts.add(task)
            task.add_done_callback(self._attempts.discard)

    async def _attempt(self, host: Host, ready: Ready) -> None:
        """One attempt, whatever the door does."""
        parcel = ready.parcel
        try:
            async with asyncio.timeout(self.times.attempt + self.times.spare):
                outcome = await self.doors[parcel.channel].send(ready)
        except TimeoutError:
            outcome = Outcome(Result.RETRY, Because.TIMEOUT, host_down=True)
        except asyncio.CancelledError:
            self._return(parcel, 0)
            raise
        except Exception:
            log.exception("a delivery over %s failed in our own code", parcel.channel)
            outcome = Outcome(Result.RETRY, Because.ERROR)
        host.ended(outcome.host_down, time.monotonic(), self.dice)
        self._note(parcel, outcome)
        self._go_on(parcel.host)
        if parcel.host in self._left_out and not host.is_left_out(time.monotonic()):
            self._left_out.discard(parcel.host)
            self._called.set()

    # -- the ledger

    def _note(self, parcel: Parcel, outcome: Outcome) -> None:
        self._ended.append((parcel, outcome))
        self._results.set()

    def _hand_back(self, back: Back) -> None:
        self._backs.append(back)
        self._results.set()

    def _return(self, parcel: Parcel, wait: float) -> None:
        self._hand_back(Back(parcel, utcnow() + timedelta(seconds=wait)))

    def _give_back(self, host: Host, wait: float) -> None:
        """All that waits for a host, to be claimed again in `wait` seconds."""
        while host.waiting:
            self._return(host.waiting.popleft().ready.parcel, wait)

    async def _keep_books(self) -> None:
        while True:
            await self._results.wait()
            await asyncio.sleep(self.times.gather)
            self._results.clear()
            if not await self._write():
                await asyncio.sleep(self.times.again)

    async def _write(self) -> bool:
        """Have everything recorded that there is; when the database says "not now", it is kept for the next time."""
        ended, backs = self._ended, self._backs
        self._ended, self._backs = [], []
        try:
            await self._turn(batches.write, self.doors, ended, backs, utcnow(), self.dice)
        except Exception:
            log.warning("outcomes cannot be recorded at the moment", exc_info=True)
            self._ended, self._backs = ended + self._ended, backs + self._backs
            self._results.set()
            return False
        return True

    # -- the end

    async def _finish(self) -> None:
        """Give back what waits, let attempts under way end, and end those that take too long."""
        for host in self.hosts.values():
            self._give_back(host, 0)
        if self._attempts:
            await asyncio.wait(self._attempts, timeout=self.times.grace)
        late = list(self._attempts)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _write_what_is_left(self) -> None:
        for _ in range(2):
            if not (self._ended or self._backs) or await self._write():
                return
            await asyncio.sleep(self.times.again)
