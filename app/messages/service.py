"""Tell people and staff something, in the transaction of what happened; note what was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Update, bindparam, exists, func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.accounts.parties import Party, own
from app.core import notify
from app.core.errors import NotFound

from . import outbox
from .models import Message

_mine = own(col(Message.person_id), col(Message.enterprise_id))
_unread = update(Message).where(_mine, col(Message.read_at).is_(None)).values(read_at=bindparam("at"))
#: Nothing that these statements change is loaded in their session.
_NO_SYNC = {"synchronize_session": False}
_READ_CASE = _unread.where(col(Message.case_id) == bindparam("case"))
_READ_GROUP = _unread.where(func.coalesce(col(Message.case_id), col(Message.id)) == bindparam("group"))


def tell(
    session: Session,
    person_id: UUID,
    case_id: UUID | None,
    case_number: str,
    kind: str,
    params: Mapping[str, Any],
    your_turn: bool,
    now: datetime,
    *,
    read: bool = False,
    enterprise_id: UUID | None = None,
) -> Message:
    """Put one message into a person's inbox; `params` holds codes and dates, never personal data.

    `read`: what a person did themselves is there to look up, but is no news to them. `enterprise_id`: whose the case is.
    """
    message = Message(
        person_id=person_id, case_id=case_id, case_number=case_number, kind=kind, params=dict(params), your_turn=your_turn,
        created_at=now, read_at=now if read else None, enterprise_id=enterprise_id,
    )  # fmt: skip
    session.add(message)
    notify.announce(session, notify.MESSAGE, str(person_id))
    if not read:
        outbox.post(session, message, now)
    return message


def tell_staff(
    session: Session,
    staff_id: UUID,
    kind: str,
    params: Mapping[str, Any],
    now: datetime,
    *,
    case_id: UUID | None = None,
    case_number: str = "",
    your_turn: bool = False,
) -> Message:
    """Put one message into a member of staff's inbox at the desk, and onto their browsers that may be pushed to."""
    message = Message(
        staff_id=staff_id, case_id=case_id, case_number=case_number, kind=kind, params=dict(params), your_turn=your_turn,
        created_at=now,
    )  # fmt: skip
    session.add(message)
    notify.announce(session, notify.MESSAGE, str(staff_id))
    outbox.post(session, message, now)
    return message


def settle(session: Session, case_id: UUID, item_id: str) -> None:
    """It is nobody's turn any more in this item: the messages stay, their mark goes."""
    open_ones = select(Message).where(Message.case_id == case_id, col(Message.your_turn))
    for message in session.exec(open_ones):
        if message.params.get("item") == item_id:
            message.your_turn = False
            session.add(message)


def read(session: Session, party: Party, message_id: UUID, now: datetime) -> Message:
    """Mark a message read and give it; one of the same person's other identities stays as it is. Any other is NotFound."""
    mine = select(Message).where(Message.id == message_id, Message.person_id == party.person_id)
    message = session.exec(mine).one_or_none()
    if message is None:
        raise NotFound
    if message.read_at is None and message.enterprise_id == party.enterprise_id:
        message.read_at = now
        session.add(message)
        notify.announce(session, notify.MESSAGE, str(party.person_id))
    return message


def read_case(session: Session, party: Party, case_id: UUID, now: datetime) -> None:
    """Mark all that a party was told about a case read: its page was opened."""
    _mark(session, party, _READ_CASE, {"case": case_id, "at": now})


def read_group(session: Session, party: Party, group: UUID, now: datetime) -> None:
    """Mark a group of the inbox read: what is about one case, or the one message that is about none."""
    _mark(session, party, _READ_GROUP, {"group": group, "at": now})


def read_all(session: Session, party: Party, now: datetime) -> None:
    """Mark everything read that the party was told."""
    _mark(session, party, _unread, {"at": now})


def _mark(session: Session, party: Party, statement: Update, values: Mapping[str, Any]) -> None:
    """Mark messages read, and tell the person's open pages if that changed anything: one statement."""
    if notify.listens():
        marked = statement.returning(col(Message.id)).cte("marked")
        notice = notify.notice(notify.MESSAGE, str(party.person_id)).where(exists(columns(marked.c.id)))
        session.execute(notice, {**party.values, **values})
    else:
        session.execute(statement, {**party.values, **values}, execution_options=_NO_SYNC)
