"""Tell a person something about a case, in the transaction of what happened; note what was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.core.errors import NotFound

from .models import Message

_mine = col(Message.person_id)


def tell(
    session: Session,
    person_id: UUID,
    case_id: UUID,
    case_number: str,
    kind: str,
    params: Mapping[str, Any],
    your_turn: bool,
    now: datetime,
    *,
    read: bool = False,
) -> Message:
    """Put one message into a person's inbox; `params` holds codes and dates, never personal data.

    `read`: what a person did themselves is there to look up, but is no news to them.
    """
    message = Message(
        person_id=person_id, case_id=case_id, case_number=case_number, kind=kind, params=dict(params), your_turn=your_turn,
        created_at=now, read_at=now if read else None,
    )  # fmt: skip
    session.add(message)
    return message


def settle(session: Session, case_id: UUID, item_id: str) -> None:
    """It is nobody's turn any more in this item: the messages stay, their mark goes."""
    open_ones = select(Message).where(Message.case_id == case_id, col(Message.your_turn))
    for message in session.exec(open_ones):
        if message.params.get("item") == item_id:
            message.your_turn = False
            session.add(message)


def read(session: Session, person_id: UUID, message_id: UUID, now: datetime) -> str:
    """Mark a message read; gives the number of its case. Somebody else's is NotFound."""
    message = session.exec(select(Message).where(Message.id == message_id, Message.person_id == person_id)).first()
    if message is None:
        raise NotFound
    if message.read_at is None:
        message.read_at = now
        session.add(message)
    return message.case_number


def read_case(session: Session, person_id: UUID, case_id: UUID, now: datetime) -> None:
    """Mark all that a person was told about a case read: its page was opened."""
    unread = update(Message).where(_mine == person_id, col(Message.case_id) == case_id, col(Message.read_at).is_(None))
    session.execute(unread.values(read_at=now))


def read_all(session: Session, person_id: UUID, now: datetime) -> None:
    """Mark everything read."""
    session.execute(update(Message).where(_mine == person_id, col(Message.read_at).is_(None)).values(read_at=now))
