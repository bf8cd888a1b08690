"""The worker: housekeeping in small steps, now and then; ends cleanly when told to.

Run it once or many times: each step is one transaction that any number of workers may share.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from app import wiring
from app.accounts import enterprises_asked, expiry
from app.cases import recounting
from app.core import db, shared
from app.core.clock import utcnow
from app.documents import uploads
from app.filing import forgetting

log = logging.getLogger(__name__)
EVERY = 60.0
MOST = 100
Chore = Callable[[Session, datetime, int], int]
CHORES: tuple[Chore, ...] = (expiry.sweep, uploads.clean_expired, forgetting.forget_old_answers, recounting.sweep)


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


def main() -> None:
    """The process of `make worker`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    wiring.listen()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(stop)


if __name__ == "__main__":
    main()
