"""Each event of a case becomes a message to its applicant, and to its filer if that is somebody else: same transaction.

What happens to an enterprise's case is told to who filed it, for as long as they act for it; after them, to all who do.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.accounts import enterprises
from app.messages import service as messages

from .models import Case
from .service import Happened
from .states import Actor

#: What is carried over from an event into its message: codes and dates.
CARRIED = ("reply_by", "because", "late")
YOUR_TURN = "correction_asked"
#: What changes nothing about whose turn it is; and what concerns the department alone.
SAME_TURN = (YOUR_TURN, "dates_moved", "reply_moved")
QUIET = ("acceptance_moved",)


def _told(session: Session, case: Case) -> set[UUID]:
    if case.enterprise_id is None:
        return {case.applicant_id, case.filer_id}
    agents = enterprises.agents(session, case.enterprise_id)
    return {case.filer_id} if case.filer_id in agents else agents


def tell(session: Session, happened: Happened) -> None:
    """Listen to the engine (tied in wiring.listen)."""
    case, event, item = happened.case, happened.event, happened.item
    if event.kind in QUIET:
        return
    if item is not None and event.kind not in SAME_TURN:
        messages.settle(session, case.id, item.item_id)
    params: dict[str, Any] = {"service": case.service_id}
    if item is not None:
        params |= {"item": item.item_id, "department": item.department_id}
        if item.promised_due is not None:
            params["due"] = item.promised_due.isoformat()
    params |= {key: event.data[key] for key in CARRIED if key in event.data}
    for person in _told(session, case):
        own = event.actor == Actor.APPLICANT and event.actor_id == person
        messages.tell(
            session, person, case.id, case.number, event.kind, params, event.kind == YOUR_TURN, event.at,
            read=own, enterprise_id=case.enterprise_id,
        )  # fmt: skip
