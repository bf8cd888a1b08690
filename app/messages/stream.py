"""An open inbox is told of every change: server-sent events with the number of unread messages and a version, nothing else.

Who asks is looked up when a stream opens, before each event, and with each beat: for all open streams in one read. Hints come
from LISTEN on PostgreSQL; on SQLite from a look every half second at what is new, since events come from other processes too.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
from sqlmodel import Session, col
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.accounts import officers, sessions
from app.accounts.officers import find_officer
from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident, find_phone
from app.core import db, notify
from app.core.clock import utcnow
from app.core.errors import RealNameNeeded, SignInNeeded
from app.core.guards import only_head
from app.core.unit import Opened, router
from app.core.watching import HEADERS, Stream, Watch, Watches

from .models import Message
from .queries import Standing, standing, standing_at_desk

routes = router()
#: Seconds between two looks on SQLite, and how long a request may take from marking a message read to its commit.
LOOK_EVERY, SETTLES = 0.5, timedelta(seconds=5)
#: Open inboxes of one person in one process.
MOST = 10
m = Message
_row: ColumnElement[int] = literal_column("message.rowid")
_NEWEST_ROW = select(func.max(_row)).select_from(m)
_SINCE = select(col(m.person_id), col(m.staff_id)).where(_row > bindparam("row")).distinct()
_READ_BY = [
    select(whom).where(whom.in_(bindparam("watched", expanding=True)), col(m.read_at) >= bindparam("since")).distinct()
    for whom in (col(m.person_id), col(m.staff_id))
]


class Ticket(NamedTuple):
    """Whose inbox a stream shows, and the session that may see it: a party's, or a member of staff's."""

    session_id: UUID
    party: Party | None = None
    staff_id: UUID | None = None

    @property
    def key(self) -> UUID:
        """The person by whom hints name it."""
        return self.party.person_id if self.party else self.staff_id  # type: ignore[return-value] # one of them is there


class Looked(NamedTuple):
    """How far a reader on SQLite has looked."""

    row: int
    at: datetime


def _data(now: Standing) -> dict[str, object]:
    return {"unread": now.unread, "version": now.version}


def ask(tickets: Collection[Ticket]) -> Mapping[Ticket, str]:
    """What each stream shows, for those whose session still stands where it stood: a few queries for any number of them."""
    of_parties = {t: t.party for t in tickets if t.party}
    of_staff = {t: t.staff_id for t in tickets if t.staff_id}
    shown: dict[Ticket, Standing] = {}
    with db.reading() as session:
        if of_parties:
            acting = sessions.parties(session, {t.session_id for t in of_parties}, utcnow())
            inboxes = standing(session, set(acting.values()))
            shown |= {t: inboxes.get(one, Standing()) for t, one in of_parties.items() if acting.get(t.session_id) == one}
        if of_staff:
            at_desk = officers.still(session, {t.session_id for t in of_staff}, utcnow())
            told = standing_at_desk(session, set(at_desk.values()))
            shown |= {t: told.get(one, Standing()) for t, one in of_staff.items() if at_desk.get(t.session_id) == one}
    return {ticket: json.dumps(_data(now)) for ticket, now in shown.items()}


def look(before: Looked | None, watched: Collection[UUID]) -> tuple[Looked, set[UUID]]:
    """Whom it concerns what was written or read since the last look. SQLite numbers rows in the order of their commits."""
    with db.reading() as session:
        seen = Looked(session.execute(_NEWEST_ROW).scalar() or 0, utcnow())
        if before is None:
            return seen, set()
        told = session.execute(_SINCE, {"row": before.row}) if seen.row != before.row else ()
        whom = {person or staff for person, staff in told}
        values = {"watched": list(watched), "since": before.at - SETTLES}
        return seen, whom.union(*(session.execute(read, values).scalars() for read in _READ_BY))


async def hints(watch: Watch[Ticket]) -> None:
    """Stir those who were told something, for as long as somebody listens."""
    if notify.listens():
        async with notify.hearing(notify.MESSAGE) as heard:
            watch.stir()
            async for key in heard:
                watch.stir(UUID(key))
    seen: Looked | None = None
    while not notify.listens():
        first = seen is None
        seen, whom = await watch.run(look, seen, list(watch.streams))
        if first or whom:  # the first look only says from where on; what came just before is asked for
            watch.stir(*whom)
        await asyncio.sleep(LOOK_EVERY)


watches = Watches(ask, hints, "news")


def _resident(request: Request) -> Ticket:
    with db.reading() as session:
        phone = find_phone(session, request, utcnow())
    if phone is None:
        raise SignInNeeded
    if phone.resident is None:
        raise RealNameNeeded
    return Ticket(phone.session_id, phone.resident.party)


def _officer(request: Request) -> Ticket:
    with db.reading() as session:
        officer = find_officer(session, request, utcnow())
    return Ticket(officer.session_id, None, officer.staff_id)


async def _open(request: Request, who: Callable[[Request], Ticket]) -> Response:
    """A stream; a script asks for it, so that who is not signed in gets a status and is led nowhere. Raises TooMany."""
    watch = watches.here()
    try:
        ticket = await watch.run(who, request)
    except (SignInNeeded, RealNameNeeded) as error:
        return Response(status_code=error.status, headers=HEADERS)
    if only_head(request):
        return Response(media_type=Stream.media_type, headers=HEADERS)
    return watch.stream(ticket.key, ticket, MOST)


@routes.get("/messages/stream")
async def stream(request: Request) -> Response:
    """How my inbox stands, while it is open."""
    return await _open(request, _resident)


@routes.get("/desk/messages/stream")
async def desk_stream(request: Request) -> Response:
    """How my inbox at the desk stands, while it is open; it counts as no use of the session."""
    return await _open(request, _officer)


def version_of(session: Session, who: Party | UUID) -> str:
    """The version of the inbox of a party, or of a member of staff, as its stream would say it."""
    found = standing(session, {who}).get(who) if isinstance(who, Party) else standing_at_desk(session, {who}).get(who)
    return (found or Standing()).version


@routes.get("/messages/news")
def news(unit: Opened, resident: CurrentResident) -> Response:
    """The same once, for where no stream comes through."""
    found = standing(unit.session, {resident.party}).get(resident.party, Standing())
    return JSONResponse(_data(found), headers=HEADERS)


@routes.get("/desk/messages/news")
def desk_news(unit: Opened) -> Response:
    """The same for a member of staff; like the stream it counts as no use of the session."""
    staff_id = find_officer(unit.session, unit.request, unit.now).staff_id
    found = standing_at_desk(unit.session, {staff_id}).get(staff_id, Standing())
    return JSONResponse(_data(found), headers=HEADERS)
