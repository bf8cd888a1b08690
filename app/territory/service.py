"""Verbs of the territory: towns, villages, service points, how a department is reached. Routes have checked every field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.core.errors import N_, AppError
from app.core.shared import Shared

from . import divisions, points
from .models import DepartmentContact, Division, PointKind, ServicePoint

#: The fields of a service point that are words.
POINT = ("name_zh", "name_en", "division", "address_zh", "address_en", "phone", "hours_zh", "hours_en")


class CodeTaken(AppError):
    """A code names one place for ever, also after that place was closed."""

    status = 422
    type = "code-taken"
    what = N_("这个编码已经是别的地方的了。")
    todo = N_("请核对编码；停用的编码也不能给别的地方用。")


class NotWithin(AppError):
    """A village lies in a town that we know, a town in the installation's district."""

    status = 422
    type = "not-within"
    what = N_("上一级还没有，或者不在您的辖区里。")
    todo = N_("镇是 9 位，前 6 位是区；村是 12 位，前 9 位是镇。")


def _touch(session: Session, row: Division | ServicePoint | DepartmentContact, of: Shared[Any], now: datetime) -> None:
    row.changed_at = now
    session.add(row)
    of.changed(session)


def add_division(session: Session, code: str, name_zh: str, name_en: str, now: datetime) -> bool:
    """A new town or village; False when it is there already under the same name. Raises CodeTaken, NotWithin."""
    found = session.get(Division, code)
    if found is not None:
        if (found.name_zh, found.name_en) == (name_zh, name_en):
            return False
        raise CodeTaken
    parent = code[:9] if len(code) == 12 else code[:6]
    if not divisions.exists(parent) or (len(code) == 12 and session.get(Division, parent) is None):
        raise NotWithin
    row = Division(code=code, name_zh=name_zh, name_en=name_en, changed_at=now)
    _touch(session, row, divisions.administered, now)
    return True


def change_division(session: Session, row: Division, values: Mapping[str, str], now: datetime) -> None:
    """Rename a place; its code stays."""
    row.name_zh, row.name_en = values["name_zh"], values["name_en"]
    row.version += 1
    _touch(session, row, divisions.administered, now)


def set_division_open(session: Session, row: Division, is_open: bool, now: datetime) -> bool:
    """Close a place, or open it again; False when it was so already. Its name is still known wherever its code stands."""
    if row.active == is_open:
        return False
    row.active = is_open
    row.version += 1
    _touch(session, row, divisions.administered, now)
    return True


def save_point(session: Session, row: ServicePoint, values: Mapping[str, str], now: datetime) -> None:
    """Write a service point's fields."""
    row.kind = PointKind(values["kind"])
    for name in POINT:
        setattr(row, name, values[name])
    row.version += 1
    _touch(session, row, points.points, now)


def add_point(session: Session, point_id: UUID, values: Mapping[str, str], now: datetime) -> bool:
    """A new service point; False when the same form added it already."""
    if session.get(ServicePoint, point_id) is not None:
        return False
    row = ServicePoint(
        id=point_id, kind=PointKind(values["kind"]), name_zh="", name_en="", division="", address_zh="", address_en="",
        phone="", hours_zh="", hours_en="", version=0, changed_at=now,
    )  # fmt: skip
    save_point(session, row, values, now)
    return True


def set_point_open(session: Session, row: ServicePoint, is_open: bool, now: datetime) -> bool:
    """Close a service point, or open it again; False when it was so already."""
    if row.active == is_open:
        return False
    row.active = is_open
    row.version += 1
    _touch(session, row, points.points, now)
    return True


def contact(session: Session, department_id: str, *, lock: bool = False) -> DepartmentContact | None:
    """How a department is reached; None before anybody said so."""
    found = select(DepartmentContact).where(DepartmentContact.department_id == department_id)
    return session.exec(found.with_for_update() if lock else found).first()


def save_contact(session: Session, department_id: str, values: Mapping[str, str], now: datetime) -> None:
    """Say how a department is reached."""
    row = contact(session, department_id, lock=True)
    if row is None:
        row = DepartmentContact(department_id=department_id, changed_at=now, version=0)
    for name in ("phone", "hours_zh", "hours_en", "leader"):
        setattr(row, name, values[name])
    row.version += 1
    _touch(session, row, points.points, now)


def contacts(session: Session) -> dict[str, DepartmentContact]:
    """How each department is reached, by its id: one query."""
    return {row.department_id: row for row in session.exec(select(DepartmentContact))}
