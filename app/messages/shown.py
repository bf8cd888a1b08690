"""A phone says that it has shown a push: an address that only it was told, good for this one delivery and nothing else."""

import base64
import hmac
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlmodel import col
from starlette.responses import Response

from app.core.crypto import keyring
from app.core.errors import NotFound
from app.core.unit import Opened, router

from .models import Delivery, DeliveryState

routes = router()
PATH = "/push/shown/"
_MAC = 16
d = Delivery
#: Shown is more than accepted: a worker that has yet to record its own outcome (WHERE claim = …) comes too late, and need not.
_SHOWN = (
    update(d)
    .where(col(d.id) == bindparam("delivery"), col(d.shown_at).is_(None))
    .values(
        state=DeliveryState.SHOWN, shown_at=bindparam("at"), accepted_at=func.coalesce(col(d.accepted_at), bindparam("at")),
        ended_at=func.coalesce(col(d.ended_at), bindparam("at")), claim=None, because="",
    )
)  # fmt: skip


def token(delivery_id: UUID) -> str:
    """What a push carries to say that it was shown: the delivery and our mark over it, 43 characters."""
    return base64.urlsafe_b64encode(delivery_id.bytes + _mark(delivery_id)).decode().rstrip("=")


def _mark(delivery_id: UUID) -> bytes:
    return bytes.fromhex(keyring().blind("push.shown", str(delivery_id)))[:_MAC]


def delivery_of(text: str) -> UUID | None:
    """The delivery that a token speaks of; None when the mark is not ours. Raises NotFound when it is no token at all."""
    try:
        raw = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except ValueError:
        raise NotFound from None
    if len(raw) != 16 + _MAC:
        raise NotFound
    delivery_id = UUID(bytes=raw[:16])
    return delivery_id if hmac.compare_digest(raw[16:], _mark(delivery_id)) else None


@routes.post(PATH + "{token}", status_code=204)
def shown(unit: Opened, token: str) -> Response:
    """204 for every token, ours or not, the first time and again: nothing is to be learned here."""
    delivery_id = delivery_of(token)
    if delivery_id is not None:
        values = {"delivery": delivery_id, "at": unit.now}
        unit.session.execute(_SHOWN, values, execution_options={"synchronize_session": False})
    return Response(status_code=204)
