"""Each event of a case becomes a message to its applicant, and to its filer if that is somebody else: same transaction."""

from typing import Any

from sqlmodel import Session

from app.messages import service as messages

from .service import Happened
from .states import Actor

#: What is carried over from an event into its message: codes and dates.
CARRIED = ("reply_by", "because", "late")
YOUR_TURN = "correction_asked"


def tell(session: Session, happened: Happened) -> None:
    """Listen to the engine (tied in wiring.listen)."""
    case, event, item = happened.case, happened.event, happened.item
    if item is not None and event.kind != YOUR_TURN:
        messages.settle(session, case.id, item.item_id)
    params: dict[str, Any] = {"service": case.service_id}
    if item is not None:
        params |= {"item": item.item_id, "department": item.department_id}
        if item.promised_due is not None:
            params["due"] = item.promised_due.isoformat()
    params |= {key: event.data[key] for key in CARRIED if key in event.data}
    for person in {case.applicant_id, case.filer_id}:
        own = event.actor == Actor.APPLICANT and event.actor_id == person
        messages.tell(
            session, person, case.id, case.number, event.kind, params, event.kind == YOUR_TURN, event.at, read=own
        )  # fmt: skip
