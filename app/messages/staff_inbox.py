"""The inbox of a member of staff: what they were told, newest first, and what of it they read. Nobody reads another's."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import Session, col

from app.accounts.models import Staff
from app.core import notify
from app.core.errors import NotFound

from .models import Message

m = Message
_MINE = col(m.staff_id) == bindparam("staff")
#: Unread messages, as a column of a select from Staff.
unread_column = (
    select(func.count()).where(col(m.staff_id) == col(Staff.id), col(m.read_at).is_(None)).correlate(Staff).scalar_subquery()
)


class StaffMessage(NamedTuple):
    """One line of the inbox."""

    id: UUID
    case_number: str
    kind: str
    params: dict[str, Any]
    your_turn: bool
    created_at: datetime
    read_at: datetime | None

    @property
    def item_id(self) -> str | None:
        """The one item that it is about, if it is about one."""
        return self.params.get("item") if self.case_number else None


_COLUMNS = (
    col(m.id), col(m.case_number), col(m.kind), col(m.params), col(m.your_turn), col(m.created_at), col(m.read_at)
)  # fmt: skip
_INBOX = select(*_COLUMNS).where(_MINE).order_by(col(m.created_at).desc(), col(m.id).desc()).limit(bindparam("many"))
_ONE = select(*_COLUMNS).where(_MINE, col(m.id) == bindparam("message"))
_AT = select(col(m.created_at)).where(_MINE, col(m.id) == bindparam("before")).scalar_subquery()
_OLDER = or_(col(m.created_at) < _AT, and_(col(m.created_at) == _AT, col(m.id) < bindparam("before")))
_READ = update(m).where(_MINE, col(m.read_at).is_(None)).values(read_at=bindparam("at"))
_NO_SYNC = {"synchronize_session": False}


def inbox(
    session: Session, staff_id: UUID, many: int, *, unread: bool = False, before: UUID | None = None
) -> list[StaffMessage]:
    """Somebody's messages, newest first; `before` is the last one of the page before (an unknown one: nothing)."""
    found = _INBOX.where(col(m.read_at).is_(None)) if unread else _INBOX
    values = {"staff": staff_id, "many": many}
    if before is not None:
        found, values = found.where(_OLDER), {**values, "before": before}
    return [StaffMessage(*row) for row in session.execute(found, values)]


def read(session: Session, staff_id: UUID, message_id: UUID, now: datetime) -> StaffMessage:
    """Mark a message read and give it; somebody else's is NotFound."""
    row = session.execute(_ONE, {"staff": staff_id, "message": message_id}).first()
    if row is None:
        raise NotFound
    found = StaffMessage(*row)
    if found.read_at is None:
        one = _READ.where(col(m.id) == bindparam("message"))
        session.execute(one, {"staff": staff_id, "message": message_id, "at": now}, execution_options=_NO_SYNC)
        notify.announce(session, notify.MESSAGE, str(staff_id))
    return found


def read_all(session: Session, staff_id: UUID, now: datetime) -> None:
    """Mark everything read that somebody was told."""
    session.execute(_READ, {"staff": staff_id, "at": now}, execution_options=_NO_SYNC)
    notify.announce(session, notify.MESSAGE, str(staff_id))
