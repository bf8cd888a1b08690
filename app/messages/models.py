"""Table: messages, written in the transaction of the event that they tell of. Deliveries over other channels come later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.core.db import UtcDateTime
from app.core.ids import new_id


class Message(SQLModel, table=True):
    """消息: one thing told to one person about one case. `params` holds codes and dates, never personal data.

    `enterprise_id`: the case is this enterprise's; the person reads the message while acting for it.
    """

    __table_args__ = (
        Index("ix_message_person_id_read_at", "person_id", "read_at"),
        Index("ix_message_person_id_created_at", "person_id", "created_at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    case_id: UUID = Field(index=True)
    case_number: str = Field(max_length=12)
    kind: str = Field(max_length=40)
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    your_turn: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
