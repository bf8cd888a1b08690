"""A worker without a channel: it claims and records as the real one does, and every delivery is accepted at once.

python -m tests.bench.idle_worker: says "up", begins with a line from standard input, ends with SIGTERM.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app import wiring
from app.messages.channels import Outcome, Parcel, Ready, Result
from app.messages.models import Channel
from app.messages.sending import Sender


class Nowhere:
    """No channel at all."""

    channel = Channel.PUSH
    accepted = Outcome(Result.ACCEPTED)

    def prepare(self, session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Ready | tuple[Parcel, Outcome]]:
        """Nothing is needed."""
        return [Ready(parcel, None) for parcel in parcels]

    async def send(self, ready: Ready) -> Outcome:
        """Nothing is sent."""
        return self.accepted

    def settle(self, session: Session, ended: Sequence[tuple[Parcel, Outcome]], now: datetime) -> None:
        """Nothing follows."""

    async def close(self) -> None:
        """Nothing is open."""


async def main() -> None:
    """Work until told to end."""
    sender = Sender([Nowhere()])
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sender.stop)
    await sender.run()


if __name__ == "__main__":
    wiring.listen()
    sys.stdout.write("up\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(main())
