"""What the worker's sender knows of a channel: it makes deliveries ready, sends them with no session open, says the outcome.

push.py and sms.py are the two channels; sending.py drives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlmodel import Session

from .models import Channel


class Result(StrEnum):
    """What became of an attempt. `gone`: this target will never answer again; `refused`: no later try can better it."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    GONE = "gone"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Outcome:
    """The end of one attempt; `because` is a code for the ledger, `retry_after` seconds that the other side asked for.

    `host_down`: nothing of this host was reached (no connection, no answer): the whole host rests a while.
    """

    result: Result
    because: str = ""
    receipt: str | None = None
    retry_after: float | None = None
    host_down: bool = False


class Parcel(NamedTuple):
    """A claimed delivery with what its message says."""

    id: UUID
    claim: UUID
    channel: Channel
    target: UUID
    host: str
    attempts: int
    give_up_at: datetime
    message_id: UUID
    person_id: UUID | None
    staff_id: UUID | None
    enterprise_id: UUID | None
    case_number: str
    kind: str
    params: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


class Ready(NamedTuple):
    """A parcel with all that its channel needs to send it without the database; `load` is the channel's own."""

    parcel: Parcel
    load: Any


class Door(Protocol):
    """A channel."""

    channel: Channel

    def prepare(self, session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Ready | tuple[Parcel, Outcome]]:
        """Read what sending needs, few queries for all; a parcel that need not or cannot be sent gets its outcome now."""

    async def send(self, ready: Ready) -> Outcome:
        """One attempt, no session open, never longer than TIMEOUT; raises nothing."""

    def settle(self, session: Session, ended: Sequence[tuple[Parcel, Outcome]], now: datetime) -> None:
        """In the transaction that records the outcomes: drop dead targets, spend budgets."""

    async def close(self) -> None:
        """Give connections back."""


#: Seconds that an attempt may take, and that a claim lasts: what a killed worker held is sent again within LEASE + one look.
TIMEOUT, LEASE = 10.0, 20.0
