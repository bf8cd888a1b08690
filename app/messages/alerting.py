"""Alerts on faults of telling: one open row a subject, told once to whoever runs the installation, closed when it is over.

An alert is logged as an error, told to the administrators of the whole installation, shown at /desk/deliveries and listed by
`linban alerts`.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Role, Staff
from app.core import db
from app.core.errors import NotFound
from app.core.settings import settings

from . import service
from .models import Alert

log = logging.getLogger(__name__)


class Fault(StrEnum):
    """What an alert may be about; each has its words in texts.yaml."""

    EVENT_WITHOUT_MESSAGE = "event_without_message"
    DELIVERY_LATE = "delivery_late"
    CHANNEL_FAILING = "channel_failing"


class Found(NamedTuple):
    """A fault as it is now: how many it concerns, over which channel, the most frequent reason."""

    n: int
    channel: str = ""
    because: str = ""

    @property
    def detail(self) -> dict[str, Any]:
        """As the alert keeps it: numbers and codes, never a person."""
        return {name: value for name, value in self._asdict().items() if value}


def open_alerts(session: Session, fault: Fault | None = None) -> list[Alert]:
    """The open alerts, the oldest first."""
    found = select(Alert).where(col(Alert.closed_at).is_(None)).order_by(col(Alert.opened_at), col(Alert.id))
    return list(session.exec(found if fault is None else found.where(Alert.kind == fault.value)))


def keep(session: Session, fault: Fault, found: Mapping[str, Found], now: datetime, still: Collection[str] = ()) -> int:
    """Open an alert for each subject that has none, close those that are over; gives how many were opened here.

    `still`: subjects not bad enough to open an alert, nor good enough to close one. Of workers that find the same at once,
    one opens the alert, and it alone tells of it.
    """
    known = {row.subject: row for row in open_alerts(session, fault)}
    opened = [found[subject] for subject in sorted(found.keys() - known.keys()) if _open(session, fault, subject, found, now)]
    for subject, row in known.items():
        if subject in found:
            row.detail = found[subject].detail
        elif subject not in still:
            close(row, now)
        session.add(row)
    if opened:
        _tell(session, fault, opened, now)
    return len(opened)


def close(row: Alert, now: datetime) -> None:
    """The fault is over."""
    row.closed_at = now
    log.warning("alert over: %s, %s", row.kind, row.subject)


def settle(session: Session, alert_id: UUID, now: datetime) -> Alert:
    """An administrator has dealt with an event that nobody was told of; the other faults end by themselves: NotFound."""
    row = session.exec(select(Alert).where(Alert.id == alert_id).with_for_update()).first()
    if row is None or row.kind != Fault.EVENT_WITHOUT_MESSAGE:
        raise NotFound
    if row.closed_at is None:
        close(row, now)
        session.add(row)
    return row


def _open(session: Session, fault: Fault, subject: str, found: Mapping[str, Found], now: datetime) -> bool:
    detail = found[subject].detail
    if not db.added(session, Alert(kind=fault.value, subject=subject, detail=detail, opened_at=now)):
        return False
    log.error("alert: %s, %s %s", fault.value, subject, detail)
    return True


def _tell(session: Session, fault: Fault, opened: Iterable[Found], now: datetime) -> None:
    """One message to each administrator of the whole installation, however many subjects."""
    all_of = list(opened)
    params = {"alert": fault.value, "channel": all_of[0].channel, "n": sum(one.n for one in all_of)}
    found = select(Staff.id, Staff.jurisdiction).where(Staff.role == Role.ADMINISTRATOR, col(Staff.active))
    for staff_id, jurisdiction in session.exec(found.order_by(col(Staff.id))):
        if settings().division.startswith(jurisdiction):
            service.tell_staff(session, staff_id, "staff_alert", params, now)
