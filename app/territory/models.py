"""Tables: towns and villages, service points, where a department can be reached."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.core.db import EncryptedText, Stored, UtcDateTime, one_of
from app.core.ids import new_id


class Division(SQLModel, table=True):
    """A town (9 digits) or a village or community (12 digits). A used code is never deleted: a closed one keeps its name."""

    code: str = Field(primary_key=True, max_length=12)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=120)
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UtcDateTime)


class PointKind(StrEnum):
    """大厅, 村社区站, 银行网点, 园区站."""

    HALL = "hall"
    VILLAGE = "village"
    BANK = "bank"
    PARK = "park"


class ServicePoint(SQLModel, table=True):
    """办事点: where a person is helped or collects papers."""

    __tablename__ = "service_point"
    __table_args__ = (one_of("kind", PointKind),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: PointKind = Field(sa_type=Stored(PointKind))
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=120)
    division: str = Field(max_length=12)
    address_zh: str = Field(max_length=120)
    address_en: str = Field(max_length=240)
    phone: str = Field(max_length=20)
    hours_zh: str = Field(max_length=120)
    hours_en: str = Field(max_length=240)
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UtcDateTime)


class DepartmentContact(SQLModel, table=True):
    """Where a department can be reached and who leads it; its names come from the catalogue (table `department`)."""

    __tablename__ = "department_contact"
    department_id: str = Field(primary_key=True, foreign_key="department.id", max_length=40)
    phone: str = Field(default="", max_length=20)
    hours_zh: str = Field(default="", max_length=120)
    hours_en: str = Field(default="", max_length=240)
    leader: str = Field(default="", sa_type=EncryptedText("department_contact.leader"))
    version: int = 1
    changed_at: datetime = Field(sa_type=UtcDateTime)
