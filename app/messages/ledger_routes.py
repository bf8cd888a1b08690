"""怎么告诉您的: what became of one of my messages over each channel."""

from uuid import UUID

from starlette.responses import Response

from app.accounts.sessions import CurrentResident
from app.core.unit import Opened, router
from app.core.web import page_of, render
from app.core.words import WORDS

from . import ledger
from .texts import say

routes = router()


@routes.get("/messages/{message_id}/deliveries")
def deliveries(unit: Opened, resident: CurrentResident, message_id: UUID) -> Response:
    """The ledger of a message. To look at it is not to read the message: an SMS that waits for that still goes out."""
    page = page_of(unit.request)
    page.user = WORDS.mask(resident.name)
    told = ledger.told(unit.session, resident.party, message_id)
    context = {
        "told": told, "said": say(told.kind, told.params, page.lang, unit.now),
        "lines": ledger.lines(told, page.lang, unit.now), "moving": told.moving(unit.now),
    }  # fmt: skip
    return render(unit.request, "messages/deliveries.html", context, page=page, fragment="messages/_deliveries.html")
