"""Over which channels a person is told beside the inbox, as the strip of channels shows it."""

from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from . import preferences
from .models import Channel, SmsWhen
from .planning import switch
from .preferences import SWITCHES

PUSHED = {switch(group, Channel.PUSH) for group in SWITCHES}


class Reach(NamedTuple):
    """`push`: wanted for anything at all (whether a browser takes it, only that browser knows); `number`: masked, or ""."""

    push: bool
    sms: SmsWhen
    number: str


def reach(session: Session, person_id: UUID) -> Reach:
    """What holds for a person now: two queries."""
    choice = preferences.chosen(session, person_id)
    return Reach(not choice.muted >= PUSHED, choice.sms, preferences.number_of(session, person_id))
