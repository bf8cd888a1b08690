"""The sender's turns at the database, each a few statements for many deliveries; run in a thread, never on the loop."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from app.core import db

from . import claims
from .channels import Door, Outcome, Parcel, Ready, Result
from .claims import Back
from .models import Channel
from .preferences import resting
from .reasons import Because
from .retries import entry

log = logging.getLogger(__name__)
Doors = Mapping[Channel, Door]
Ended = tuple[Parcel, Outcome]


class Taken(NamedTuple):
    """What a turn brought: deliveries to be sent, outcomes that need no sending, what must wait, whether there may be more."""

    ready: list[Ready]
    ended: list[Ended]
    backs: list[Back]
    more: bool


NOTHING = Taken([], [], [], more=False)


def take(doors: Doors, left_out: Collection[str], most: int, now: datetime, lease: float) -> Taken:
    """Claim what is due and make it ready, except for whom it is night. Nothing is written when nothing is due."""
    with db.reading() as session:
        if not claims.any_due(session, doors.keys(), left_out, now):
            return NOTHING
    with db.writing() as session:
        parcels = claims.claim(session, doors.keys(), left_out, most, now, lease)
    ready: list[Ready] = []
    ended: list[Ended] = []
    with db.reading() as session:
        asleep = resting(session, parcels, now)
    backs = [Back(parcel, asleep[parcel.id]) for parcel in parcels if parcel.id in asleep]
    for channel, door in doors.items():
        mine = [parcel for parcel in parcels if parcel.channel is channel and parcel.id not in asleep]
        for one in _prepare(door, mine, now) if mine else ():
            if isinstance(one, Ready):
                ready.append(one)
            else:
                ended.append(one)
    return Taken(ready, ended, backs, len(parcels) == most)


def _prepare(door: Door, parcels: Sequence[Parcel], now: datetime) -> list[Ready | Ended]:
    """What a door makes of its parcels; one that it stumbles over keeps no other from going."""
    try:
        with db.reading() as session:
            return list(door.prepare(session, parcels, now))
    except Exception:
        if len(parcels) > 1:
            return [one for parcel in parcels for one in _prepare(door, [parcel], now)]
        log.exception("a delivery over %s cannot be made ready", door.channel)
        return [(parcels[0], Outcome(Result.RETRY, Because.ERROR))]


def write(doors: Doors, ended: Sequence[Ended], backs: Sequence[Back], now: datetime, dice: Random) -> None:
    """Record outcomes and give back what was not tried. Raises what says "not now"; what can never be written is left out.

    Left out, it comes up again when its claim runs out.
    """
    try:
        _write(doors, ended, backs, now, dice)
    except DBAPIError as error:
        if isinstance(error, OperationalError) or len(ended) + len(backs) <= 1:
            raise
        for one in ended:
            _write_alone(doors, one, now, dice)
        _write(doors, (), backs, now, dice)


def _write_alone(doors: Doors, one: Ended, now: datetime, dice: Random) -> None:
    try:
        _write(doors, (one,), (), now, dice)
    except OperationalError:
        raise
    except DBAPIError:
        log.exception("an outcome cannot be recorded")


def _write(doors: Doors, ended: Sequence[Ended], backs: Sequence[Back], now: datetime, dice: Random) -> None:
    with db.writing() as session:
        claims.record(session, [(parcel, entry(parcel, outcome, now, dice)) for parcel, outcome in ended])
        claims.give_back(session, backs)
        for channel, door in doors.items():
            mine = [one for one in ended if one[0].channel is channel]
            if mine:
                _settle(session, door, mine, now)


def _settle(session: Session, door: Door, ended: Sequence[Ended], now: datetime) -> None:
    """Let a door draw its conclusions; should it stumble, what became of the deliveries is recorded all the same."""
    try:
        with session.begin_nested():
            door.settle(session, ended, now)
    except OperationalError:
        raise
    except Exception:
        log.exception("%s could not draw its conclusions", door.channel)
