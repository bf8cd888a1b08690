"""Table: published editions, kept for as long as a draft or case is pinned to one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.core.db import UtcDateTime


class EditionRow(SQLModel, table=True):
    """版本: an immutable version of a service by the hash of its meaning; only its typos may be corrected in place."""

    __tablename__ = "edition"
    service_id: str = Field(primary_key=True, max_length=60)
    id: str = Field(primary_key=True, max_length=64)
    definition: dict[str, Any] = Field(sa_type=JSON)
    published_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    close_reason_zh: str | None = Field(default=None, max_length=200)
    close_reason_en: str | None = Field(default=None, max_length=400)
