"""Browsers that may be pushed to: taken in, checked, moved to whoever uses them now, dropped."""

import base64
import json
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import Session, col

from app.core import db
from app.core.crypto import keyring
from app.core.errors import BadInput, Busy
from app.core.push_keys import push_keys
from app.core.settings import settings
from app.outside import push_endpoints as endpoints

from .models import Delivery, DeliveryState, PushSubscription

#: Browsers per person; the one that was seen longest ago makes room.
MOST = 10
POINT, SECRET = 65, 16
p, d = PushSubscription, Delivery
_SAME = select(col(p.id), col(p.person_id), col(p.staff_id)).where(
    or_(col(p.id) == bindparam("one"), col(p.endpoint_index) == bindparam("where"))
)
_THERE = select(col(p.id)).where(col(p.id) == bindparam("one"), col(p.session_id) == bindparam("session"))
_NO_SYNC = {"synchronize_session": False}


class Keys(BaseModel):
    """What the browser encrypts with, base64url: its public point, and a secret."""

    model_config = ConfigDict(extra="forbid", strict=True)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)


class SubscriptionBody(BaseModel):
    """A push subscription as the browser has it; `key_id` names our key that it was made with (GET /push/key)."""

    model_config = ConfigDict(extra="forbid", strict=True)
    endpoint: Annotated[str, Field(max_length=endpoints.MOST)]
    keys: Keys
    key_id: str = Field(max_length=8)
    lang: Literal["zh", "en"]


class Owner(NamedTuple):
    """Whose browser it is, by the session in which it was said: of a person, or of a member of staff."""

    session_id: UUID
    person_id: UUID | None = None
    staff_id: UUID | None = None


def checked(body: SubscriptionBody) -> endpoints.Endpoint:
    """Where a subscription leads. Raises BadInput that names the field: a browser could say anything."""
    try:
        where = endpoints.check(body.endpoint, settings().push_hosts, loopback=settings().push_test_ca is not None)
    except endpoints.BadEndpoint:
        raise BadInput("endpoint") from None
    point, secret = _bytes(body.keys.p256dh), _bytes(body.keys.auth)
    if len(point) != POINT or len(secret) != SECRET:
        raise BadInput("keys")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadInput("keys") from None
    if body.key_id not in push_keys().known:
        raise BadInput("key_id")
    return where


def _bytes(text: str) -> bytes:
    """What base64url stands for, with or without padding; nothing when it is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def put(session: Session, owner: Owner, subscription_id: UUID, body: SubscriptionBody, now: datetime) -> None:
    """Take a browser in, or in again. Same id or same endpoint: it is that browser, and belongs to whoever uses it now.

    What is queued for it goes on if its owner is the same; what was for somebody else ends (push.py).
    """
    where = checked(body)
    index = keyring().blind("push_endpoint", where.url)
    same: list[Any] = list(session.execute(_SAME, {"one": subscription_id, "where": index}))
    for id_, person, staff in same:
        if id_ != subscription_id and (person, staff) == (owner.person_id, owner.staff_id):
            _go_on(session, id_, subscription_id)
    session.execute(delete(p).where(col(p.id).in_([row[0] for row in same])), execution_options=_NO_SYNC)
    sealed = {"endpoint": where.url, "p256dh": body.keys.p256dh, "auth": body.keys.auth}
    row = PushSubscription(
        id=subscription_id, session_id=owner.session_id, person_id=owner.person_id, staff_id=owner.staff_id,
        endpoint_index=index, sealed=json.dumps(sealed), host=where.host, key_id=body.key_id, lang=body.lang,
        created_at=now, seen_at=now,
    )  # fmt: skip
    if not db.added(session, row):  # two pages of one browser said it in the same moment
        raise Busy
    _make_room(session, owner)


def _go_on(session: Session, before: UUID, after: UUID) -> None:
    """Send to a browser's new id what is queued for its old one."""
    waiting = (col(d.target) == before, col(d.state).in_((DeliveryState.QUEUED, DeliveryState.SENDING)))
    session.execute(update(d).where(*waiting).values(target=after), execution_options=_NO_SYNC)


def _make_room(session: Session, owner: Owner) -> None:
    mine = col(p.person_id) == owner.person_id if owner.person_id else col(p.staff_id) == owner.staff_id
    kept = select(col(p.id)).where(mine).order_by(col(p.seen_at).desc(), col(p.id).desc()).limit(MOST)
    session.execute(delete(p).where(mine, col(p.id).not_in(list(session.execute(kept).scalars()))), execution_options=_NO_SYNC)


def drop(session: Session, owner: Owner, subscription_id: UUID) -> None:
    """Forget a browser of one's own; another's stays, and nobody learns whether it is there."""
    mine = col(p.person_id) == owner.person_id if owner.person_id else col(p.staff_id) == owner.staff_id
    session.execute(delete(p).where(col(p.id) == subscription_id, mine), execution_options=_NO_SYNC)


def is_there(session: Session, owner: Owner, subscription_id: UUID) -> bool:
    """Whether a browser is taken in for this very session."""
    return session.execute(_THERE, {"one": subscription_id, "session": owner.session_id}).first() is not None
