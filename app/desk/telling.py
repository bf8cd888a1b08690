"""Whose turn it is at the desk: an item that comes back tells who took it, in the transaction of the event."""

from sqlmodel import Session

from app.cases.service import Happened
from app.messages import service as messages

from . import alert_queries as queries
from . import alert_rules as rules

BACK = "correction_answered"


def tell(session: Session, happened: Happened) -> None:
    """Listen to the engine (tied in wiring.listen, after the applicant's: that settles whose turn it was).

    An item that nobody took, or whose claimer may not work on it any more, is news for the queue (alerts.tell_new).
    """
    case, event, item = happened.case, happened.event, happened.item
    if event.kind != BACK or item is None or item.claimed_by is None:
        return
    who = queries.colleague(session, item.claimed_by)
    if who is None or rules.claimer(item, [who]) is None:
        return
    params = {"service": case.service_id, "item": item.item_id, "department": item.department_id}
    messages.tell_staff(
        session, who.id, "staff_item_back", params, event.at, case_id=case.id, case_number=case.number, your_turn=True
    )
