"""Over which channels a person is told beside the inbox, as the strip of channels shows it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.models import Person, Phone
from app.core.words import WORDS

from .models import Channel, Preference, SmsWhen
from .planning import switch
from .preferences import SWITCHES, choice, newest_phone

_REACH = (
    select(Preference, select(col(Phone.number)).where(col(Phone.id) == newest_phone).scalar_subquery())
    .select_from(Person)
    .outerjoin(Preference, col(Preference.person_id) == col(Person.id))
    .where(col(Person.id) == bindparam("whom"))
)
PUSHED = {switch(group, Channel.PUSH) for group in SWITCHES}


class Reach(NamedTuple):
    """`push`: wanted for anything at all (whether a browser takes it, only that browser knows); `number`: masked, or ""."""

    push: bool
    sms: SmsWhen
    number: str


def reach(session: Session, person_id: UUID) -> Reach:
    """What holds for a person now: one query."""
    row, number = session.execute(_REACH, {"whom": person_id}).one()
    chosen = choice(row)
    return Reach(not chosen.muted >= PUSHED, chosen.sms, WORDS.mask(number) if number else "")
