"""Tables that belong to no feature: what is kept in every process's memory, the town's settings, days of the calendar."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from .db import UtcDateTime


class SharedSet(SQLModel, table=True):
    """How often a set of rows that every process keeps in memory was changed (see core/shared.py)."""

    __tablename__ = "shared_set"
    name: str = Field(primary_key=True, max_length=20)
    version: int = 0


class TownRow(SQLModel, table=True):
    """What an administrator set for the town: one row (id 1); before there is one, the environment's settings hold."""

    __tablename__ = "town"
    id: int = Field(default=1, primary_key=True)
    name_zh: str = Field(max_length=30)
    name_en: str = Field(max_length=60)
    seal: str = Field(max_length=40)
    hotline: str = Field(max_length=20)
    opens: str = Field(max_length=5)
    lunch: str = Field(max_length=5)
    back: str = Field(max_length=5)
    closes: str = Field(max_length=5)
    notice_zh: str = Field(default="", max_length=200)
    notice_en: str = Field(default="", max_length=400)
    version: int = 1
    changed_at: datetime = Field(sa_type=UtcDateTime)


class CalendarDay(SQLModel, table=True):
    """A day on which offices are open or closed against the national calendar, why, and by whose notice."""

    __tablename__ = "calendar_day"
    day: date = Field(primary_key=True)
    open: bool
    reason_zh: str = Field(max_length=100)
    reason_en: str = Field(default="", max_length=200)
    source: str = Field(max_length=200)
    changed_at: datetime = Field(sa_type=UtcDateTime)
