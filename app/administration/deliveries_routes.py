"""送达: whether messages reach people, for the administrators of the whole installation. Nobody is named here."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from app.accounts.officers import CurrentAdministrator, Officer
from app.core.errors import AppError, TooMany
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, redirect
from app.messages import alerting, resending
from app.messages.alerting import Fault
from app.messages.ledger import NAMES
from app.messages.texts import say

from . import deliveries_queries as queries
from . import deliveries_words as words
from .deliveries_queries import PAGE, Filters
from .frame import need_whole, show

routes = router()
ONE = "/desk/deliveries/{delivery_id}"
Choice = Annotated[str, Query(max_length=60)]
#: What every page of these says things with.
WORDS = {
    "names": NAMES, "states": words.STATES, "face": words.face, "shown_as": words.shown, "reason": words.reason,
    "faults": words.FAULTS, "within": words.within,
}  # fmt: skip


@routes.get("/desk/deliveries")
def overview(
    unit: Opened, officer: CurrentAdministrator, channel: Choice = "", state: Choice = "", number: Choice = "",
    after: Choice = "", done: Choice = "",
) -> Response:  # fmt: skip
    """Alerts, the last day by channel, hosts that are down, and what failed or is late."""
    need_whole(officer)
    filters, session, now = Filters.parse(channel, state, number, after), unit.session, unit.now
    rows = queries.lines(session, filters, now)
    lang = page_of(unit.request).lang
    context = {
        **WORDS, "filters": filters, "numbers": queries.numbers(session, now), "down": queries.down(session, now),
        "alerts": queries.alerts(session, now), "settled_by_hand": Fault.EVENT_WITHOUT_MESSAGE.value, "rows": rows[:PAGE],
        "said": {row.id: say(row.kind, row.params, lang, now).title for row in rows},
        "next_page": filters.url(after=rows[PAGE - 1].id) if len(rows) > PAGE else None, "choices": words.CHOICES,
    }  # fmt: skip
    return show(unit, officer, "administration/deliveries.html", context, done=done)


def _one(unit: Unit, officer: Officer, delivery_id: UUID, done: str = "", error: AppError | None = None) -> Response:
    need_whole(officer)
    rows = queries.ledger(unit.session, delivery_id)
    first = rows[0]
    context = {
        **WORDS, "one": first, "rows": rows, "said": say(first.kind, first.params, page_of(unit.request).lang, unit.now),
        "may": resending.may(first.state, first.because, first.read_at),
    }  # fmt: skip
    return show(unit, officer, "administration/delivery.html", context, error=error, done=done)


@routes.get(ONE)
def delivery(unit: Opened, officer: CurrentAdministrator, delivery_id: UUID, done: Choice = "") -> Response:
    """The ledger of one delivery, and of the others of its message."""
    return _one(unit, officer, delivery_id, done)


@routes.post(ONE + "/sending")
def send_again(unit: Opened, officer: CurrentAdministrator, delivery_id: UUID) -> Response:
    """Send once more what failed, while its message was not read."""
    need_whole(officer)
    try:
        queued = resending.again(unit.session, delivery_id, unit.now)
    except (resending.NothingToSend, TooMany) as error:
        return _one(unit, officer, delivery_id, error=error)
    return redirect(f"/desk/deliveries/{queued}?done=queued")


@routes.post("/desk/deliveries/alerts/{alert_id}/closing")
def close_alert(unit: Opened, officer: CurrentAdministrator, alert_id: UUID) -> Response:
    """An administrator has told who was not told, some other way."""
    need_whole(officer)
    alerting.settle(unit.session, alert_id, unit.now)
    return redirect("/desk/deliveries?done=settled")
