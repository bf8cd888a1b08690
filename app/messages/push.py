"""Web push as a channel: who gets what is read for a whole batch at once; what a push service answers becomes an outcome."""

import json
import logging
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import Session, col

from app.accounts.models import Binding, SessionRow
from app.core.push_keys import push_keys
from app.outside.web_push import MOST_BYTES, Answer, Push, WebPush, encrypt

from .channels import Outcome, Parcel, Ready, Result
from .kinds import kind
from .models import Channel, Delivery, DeliveryState, Message, PushSubscription
from .payloads import payload, topic, urgency
from .planning import DEMANDED, Wishes, switch
from .preferences import wishes_of
from .reasons import Because

log = logging.getLogger(__name__)
p, s, m, b, d = PushSubscription, SessionRow, Message, Binding, Delivery
_SUBSCRIPTIONS = (
    select(col(p.id), col(p.person_id), col(p.staff_id), col(p.sealed), col(p.key_id), col(p.lang))
    .join(s, col(s.id) == col(p.session_id))
    .where(col(p.id).in_(bindparam("targets", expanding=True)), col(s.expires_at) > bindparam("now"))
)
_people: Any = bindparam("people", expanding=True)
_may_act = and_(
    col(b.person_id) == col(m.person_id), col(b.enterprise_id) == col(m.enterprise_id), col(b.ended_at).is_(None)
)  # fmt: skip
#: What people have not read, in all identities that they have now: a phone has one badge.
_UNREAD = (
    select(col(m.person_id), func.count())
    .outerjoin(b, _may_act)
    .where(
        col(m.person_id).in_(_people), col(m.read_at).is_(None), or_(col(m.enterprise_id).is_(None), col(b.id).is_not(None))
    )
    .group_by(col(m.person_id))
)  # fmt: skip
_UNREAD_STAFF = (
    select(col(m.staff_id), func.count())
    .where(col(m.staff_id).in_(_people), col(m.read_at).is_(None))
    .group_by(col(m.staff_id))
)
_ACTING = select(col(b.person_id), col(b.enterprise_id)).where(col(b.person_id).in_(_people), col(b.ended_at).is_(None))
_DROP = delete(p).where(
    col(p.id) == bindparam("target"), or_(col(p.person_id) == bindparam("who"), col(p.staff_id) == bindparam("who"))
)
_REST = (
    update(d)
    .where(col(d.target).in_(bindparam("targets", expanding=True)), col(d.state) == DeliveryState.QUEUED)
    .values(state=DeliveryState.FAILED, because=Because.GONE.value, ended_at=bindparam("at"))
)
_NO_SYNC = {"synchronize_session": False}
#: How push services say that a subscription was made with another key than the one that signed: it is of no use to us.
OTHER_KEY = ("VapidPkHashMismatch", "do not correspond to the credentials used to create the subscriptions")


class Browser(NamedTuple):
    """A subscription, opened."""

    id: UUID
    person_id: UUID | None
    staff_id: UUID | None
    endpoint: str
    p256dh: str
    auth: str
    key_id: str
    lang: str


class PushDoor:
    """See channels.Door."""

    channel = Channel.PUSH

    def __init__(self, client: WebPush | None = None) -> None:
        push_keys()  # made at the first start of a worker, if a phone has not asked for them before
        self._client = client
        self._complained: dict[str, float] = {}

    def prepare(self, session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Ready | tuple[Parcel, Outcome]]:
        """At most five queries for all. What was read, or whose reader is gone, is not pushed."""
        known, unread, acting = _browsers(session, parcels, now), _unread(session, parcels), _acting(session, parcels)
        wishes = wishes_of(session, {parcel.person_id for parcel in parcels if parcel.person_id})
        prepared: list[Ready | tuple[Parcel, Outcome]] = []
        for parcel in parcels:
            browser, wish = known.get(parcel.target), wishes.get(parcel.person_id, Wishes()) if parcel.person_id else Wishes()
            not_now = _why_not(parcel, browser, wish, acting, now)
            if not_now or browser is None:
                prepared.append((parcel, not_now or GONE))
            else:
                prepared.append(_packed(parcel, browser, unread[parcel.person_id or parcel.staff_id], now))
        return prepared

    async def send(self, ready: Ready) -> Outcome:
        """One attempt; see outcome()."""
        if self._client is None:  # made on the loop that uses it
            self._client = WebPush()
        push: Push = ready.load
        answer = await self._client.send(push)
        found = outcome(answer)
        if found.because == Because.VAPID_REFUSED:
            self._client.forget(push.endpoint)
            self._complain(ready.parcel.host, answer.status)
        return found

    def _complain(self, host: str, status: int) -> None:
        """Once an hour for a host: everything that is sent there is refused alike."""
        if time.monotonic() - self._complained.get(host, -math.inf) > 3600:
            self._complained[host] = time.monotonic()
            log.error("%s refuses our signature (%s): is it the clock, PUSH_CONTACT, the key?", host, status)

    def settle(self, session: Session, ended: Sequence[tuple[Parcel, Outcome]], now: datetime) -> None:
        """Drop subscriptions that are gone; what else is queued for them ends with them."""
        gone = {parcel.target: parcel for parcel, found in ended if found.result is Result.GONE}
        if not gone:
            return
        connection = session.connection()
        connection.execute(_DROP, [{"target": target, "who": one.person_id or one.staff_id} for target, one in gone.items()])
        left = set(connection.execute(select(col(p.id)).where(col(p.id).in_(gone))).scalars())  # somebody else's by now
        connection.execute(_REST, {"targets": [target for target in gone if target not in left], "at": now})

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.close()


def _browsers(session: Session, parcels: Sequence[Parcel], now: datetime) -> dict[UUID, Browser]:
    values = {"targets": list({parcel.target for parcel in parcels}), "now": now}
    found = {}
    for id_, person, staff, sealed, key_id, lang in session.execute(_SUBSCRIPTIONS, values):
        keys = json.loads(sealed)
        found[id_] = Browser(id_, person, staff, keys["endpoint"], keys["p256dh"], keys["auth"], key_id, lang)
    return found


def _counted(session: Session, statement: Any, people: Iterable[UUID | None]) -> dict[UUID, int]:
    wanted = [one for one in set(people) if one is not None]
    return {row[0]: row[1] for row in session.execute(statement, {"people": wanted})} if wanted else {}


def _unread(session: Session, parcels: Sequence[Parcel]) -> Counter[UUID | None]:
    mine = _counted(session, _UNREAD, (parcel.person_id for parcel in parcels))
    return Counter(mine | _counted(session, _UNREAD_STAFF, (parcel.staff_id for parcel in parcels)))


def _acting(session: Session, parcels: Sequence[Parcel]) -> set[tuple[UUID, UUID]]:
    """For whom these people may act now, if anything is about an enterprise."""
    people = [parcel.person_id for parcel in parcels if parcel.enterprise_id]
    return {(row[0], row[1]) for row in session.execute(_ACTING, {"people": people})} if people else set()


GONE = Outcome(Result.GONE, Because.GONE)


def _why_not(
    parcel: Parcel, browser: Browser | None, wishes: Wishes, acting: set[tuple[UUID, UUID]], now: datetime
) -> Outcome | None:
    """Why a parcel is not sent now. A browser that has moved to somebody else is gone for this reader."""
    known = kind(parcel.kind)
    if parcel.read_at is not None:
        return Outcome(Result.NOT_NEEDED, Because.READ)
    if browser is None or (browser.person_id, browser.staff_id) != (parcel.person_id, parcel.staff_id):
        return GONE
    if browser.key_id not in push_keys().known:
        return GONE
    if known.group not in DEMANDED and switch(known.group, Channel.PUSH) in wishes.muted:  # those are planned by the law
        return Outcome(Result.NOT_NEEDED, Because.UNWANTED)
    if parcel.enterprise_id and (parcel.person_id, parcel.enterprise_id) not in acting:
        return Outcome(Result.NOT_NEEDED, Because.ENDED)
    if parcel.give_up_at <= now:
        return Outcome(Result.REFUSED, Because.GAVE_UP)
    return None


def _packed(parcel: Parcel, browser: Browser, unread: int, now: datetime) -> Ready | tuple[Parcel, Outcome]:
    """A parcel with its push."""
    body = payload(parcel, browser.lang, unread)
    if len(body) > MOST_BYTES:
        return parcel, Outcome(Result.REFUSED, Because.TOO_LARGE)
    left = int((parcel.give_up_at - now).total_seconds())
    load = Push(
        browser.endpoint, browser.p256dh, browser.auth, browser.key_id, body, left, urgency(parcel), topic(parcel.message_id)
    )
    return Ready(parcel, load._replace(sealed=encrypt(load)))


#: Without an answer. Only what reached nothing lets the whole host rest.
FAULTS = {
    "timeout": Outcome(Result.RETRY, Because.TIMEOUT, host_down=True),
    "unreachable": Outcome(Result.RETRY, Because.UNREACHABLE, host_down=True),
    "private_address": Outcome(Result.REFUSED, Because.PRIVATE_ADDRESS),
    "bad_endpoint": Outcome(Result.REFUSED, Because.BAD_ENDPOINT),
}
#: By status (RFC 8030, and the services' own pages). A refused signature is our fault, not the subscription's: it stays, and so
#: does the host in use, since otherwise one subscription made with a foreign key could silence a push service for everybody.
STATUSES = {
    404: GONE,
    410: GONE,
    413: Outcome(Result.REFUSED, Because.TOO_LARGE),
    400: Outcome(Result.REFUSED, Because.BAD_REQUEST),
    401: Outcome(Result.REFUSED, Because.VAPID_REFUSED),
    403: Outcome(Result.REFUSED, Because.VAPID_REFUSED),
    406: Outcome(Result.RETRY, Because.BUSY),  # Windows: too many
    408: Outcome(Result.RETRY, Because.BUSY),
    429: Outcome(Result.RETRY, Because.BUSY),
}


def outcome(answer: Answer) -> Outcome:
    """What an answer means for a delivery."""
    if answer.fault:
        return FAULTS[answer.fault]
    status = answer.status
    if status < 300:
        return Outcome(Result.ACCEPTED, receipt=answer.location if 0 < len(answer.location) <= 100 else None)
    if status < 400:
        return Outcome(Result.REFUSED, Because.REDIRECT)
    if any(words in answer.reason for words in OTHER_KEY):
        return GONE
    found = Outcome(Result.RETRY, Because.SERVER_ERROR) if status >= 500 else STATUSES.get(status)
    if found is None:
        return Outcome(Result.REFUSED, f"{Because.REFUSED}_{status}")
    return replace(found, retry_after=answer.retry_after) if found.result is Result.RETRY else found
