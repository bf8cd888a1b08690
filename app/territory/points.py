"""办事点 and the departments' telephones as everybody sees them: from memory, no query."""

from typing import NamedTuple

from sqlmodel import Session, col, select

from app.accounts.models import Department
from app.core.shared import Shared
from app.forms.definition import Text

from .models import DepartmentContact, PointKind, ServicePoint


class Point(NamedTuple):
    """An open service point."""

    kind: PointKind
    name: Text
    division: str
    address: Text
    phone: str
    hours: Text


class Desk(NamedTuple):
    """A department that can be called."""

    name: Text
    phone: str
    hours: Text | None


class Places(NamedTuple):
    """All open points in the order of their kinds, and the departments with a telephone."""

    points: tuple[Point, ...]
    desks: tuple[Desk, ...]


def _read(session: Session) -> Places:
    rows = session.exec(select(ServicePoint).where(ServicePoint.active)).all()
    order = list(PointKind)
    rows = sorted(rows, key=lambda row: (order.index(row.kind), row.division, row.name_zh))
    return Places(tuple(_point(row) for row in rows), tuple(_desks(session)))


def _point(row: ServicePoint) -> Point:
    return Point(
        row.kind, Text(zh=row.name_zh, en=row.name_en), row.division, Text(zh=row.address_zh, en=row.address_en), row.phone,
        Text(zh=row.hours_zh, en=row.hours_en),
    )  # fmt: skip


def _desks(session: Session) -> list[Desk]:
    found = select(DepartmentContact, Department).join(Department, col(Department.id) == col(DepartmentContact.department_id))
    reached = found.where(DepartmentContact.phone != "").order_by(col(Department.short_zh))
    return [_desk(contact, department) for contact, department in session.exec(reached)]


def _desk(contact: DepartmentContact, department: Department) -> Desk:
    hours = Text(zh=contact.hours_zh, en=contact.hours_en or contact.hours_zh) if contact.hours_zh else None
    return Desk(Text(zh=department.name_zh, en=department.name_en), contact.phone, hours)


points = Shared("points", _read)
