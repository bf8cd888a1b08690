"""The worker: sends what is to be told, and beside it does housekeeping in small steps; ends cleanly when told to.

Run it once or many times: deliveries and steps are shared, each step is one transaction.
"""

import asyncio
import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from app import wiring
from app.accounts import enterprises_asked, expiry
from app.cases import reconciling as untold_events
from app.cases import recounting
from app.core import db, logs, shared
from app.core.clock import utcnow
from app.desk import alerts
from app.documents import uploads
from app.filing import forgetting
from app.messages import claims, told
from app.messages import reconciling as late_deliveries
from app.messages.channels import Door
from app.messages.push import PushDoor
from app.messages.sending import Sender
from app.messages.sms import SmsDoor
from app.outside import clients

log = logging.getLogger(__name__)
EVERY = 60.0
MOST = 100
#: Seconds that a thread may keep the interpreter while another wants it. With Python's own 5 ms the thread at the database,
#: which lets go of it at every row, waits so long for its turns that the loop runs out of work.
SWITCH = 0.0005
Chore = Callable[[Session, datetime, int], int]
CHORES: tuple[Chore, ...] = (
    expiry.sweep, uploads.clean_expired, forgetting.forget_old_answers, recounting.sweep, alerts.tell_digests,
    alerts.tell_new, alerts.tell_lights, told.sweep, claims.expire, late_deliveries.watch, untold_events.watch,
)  # fmt: skip


def once(chores: Sequence[Chore], stop: Callable[[], bool] = lambda: False) -> int:
    """Do every chore until nothing is left of it or we shall stop; gives how many rows went. One failing stops no other."""
    gone = 0
    for chore in chores:
        try:
            while not stop():
                with db.writing() as session:
                    step = chore(session, utcnow(), MOST)
                gone += step
                if step < MOST:
                    break
        except Exception:
            log.exception("%s.%s failed", chore.__module__, chore.__name__)
    return gone


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Work until stopped."""
    while not stop.is_set():
        shared.refresh()
        gone = once(CHORES, stop.is_set)
        if gone:
            log.info("housekeeping: %s rows", gone)
        try:
            enterprises_asked.ask_again(utcnow())
        except Exception:
            log.exception("asking the register of enterprises failed")
        stop.wait(every)


def doors() -> list[Door]:
    """The channels of this installation."""
    return [PushDoor(), SmsDoor()]


async def work(sender: Sender, every: float = EVERY) -> None:
    """Send until told to stop, with housekeeping in a thread beside it.

    The thread is given as long to end its step as attempts are to be answered; then the process leaves it: what was not
    committed is rolled back.
    """
    stop, loop = threading.Event(), asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        sender.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    chores = threading.Thread(target=run, args=(stop, every), name="chores", daemon=True)
    chores.start()
    try:
        await sender.run()
    finally:
        stop.set()
        chores.join(1.0)


def main() -> None:
    """The process of `make worker`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logs.set_up()
    wiring.listen()
    clients.check_secret()
    sender = Sender(doors())
    gc.freeze()  # what is loaded stays: the collector need not look at it again and again
    sys.setswitchinterval(SWITCH)
    asyncio.run(work(sender))


if __name__ == "__main__":
    main()
