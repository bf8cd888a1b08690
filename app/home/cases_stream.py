"""An open case page is told of every change: server-sent events with the case's version, nothing else.

One reader for all open pages (core/watching.py) looks at the versions of their cases once a second. Who may watch is asked
when a stream opens, before each event, and with each beat.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.accounts import sessions
from app.accounts.parties import Party
from app.accounts.sessions import find_phone
from app.cases import queries
from app.cases.models import Case
from app.cases.numbers import is_number
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound, SignInNeeded
from app.core.guards import only_head
from app.core.unit import router
from app.core.watching import HEADERS, Stream, Watch, Watches

routes = router()
LOOK_EVERY = 1.0
#: Open pages of one case at a time, in one process: what a family has, and no way to use up our connections.
MOST_WATCHING = 20

_VERSIONS = select(col(Case.id), col(Case.version)).where(col(Case.id).in_(bindparam("cases", expanding=True)))


class Ticket(NamedTuple):
    """A case on an open page, and the session and party to whom it is shown."""

    session_id: UUID
    party: Party
    case_id: UUID
    number: str


def ask(tickets: Collection[Ticket]) -> Mapping[Ticket, str]:
    """The versions of cases, for those to whom they still may be shown."""
    found: dict[Ticket, str] = {}
    with db.reading() as session:
        acting = sessions.parties(session, {ticket.session_id for ticket in tickets}, utcnow())
        for ticket in tickets:
            if acting.get(ticket.session_id) == ticket.party:
                try:
                    found[ticket] = str(queries.own(session, ticket.party, ticket.number).version)
                except NotFound:
                    continue
    return found


def versions(cases: Collection[UUID]) -> dict[UUID, str]:
    """The versions of cases now: one short read."""
    with db.reading() as session:
        return {row[0]: str(row[1]) for row in session.execute(_VERSIONS, {"cases": list(cases)})}


async def hints(watch: Watch[Ticket]) -> None:
    """Stir the pages on which an older version is shown, for as long as somebody watches."""
    while True:
        for case_id, version in (await watch.run(versions, list(watch.streams))).items():
            if any(stream.told not in (None, version) for stream in watch.streams.get(case_id, ())):
                watch.stir(case_id)
        await asyncio.sleep(LOOK_EVERY)


watches = Watches(ask, hints, "version")


def _ticket(request: Request, number: str) -> Ticket:
    """Raises SignInNeeded, or NotFound for a case that is not the party's."""
    with db.reading() as session:
        phone = find_phone(session, request, utcnow())
        if phone is None or phone.resident is None:
            raise SignInNeeded
        party = phone.resident.party
        return Ticket(phone.session_id, party, queries.own(session, party, number).id, number)


@routes.get("/cases/{number}/stream")
async def stream(request: Request, number: str) -> Response:
    """Versions of a case of mine while its page is open."""
    if not is_number(number) or " " in number:
        raise NotFound
    watch = watches.here()
    ticket = await watch.run(_ticket, request, number)
    if only_head(request):
        return Response(media_type=Stream.media_type, headers=HEADERS)
    return watch.stream(ticket.case_id, ticket, MOST_WATCHING)
