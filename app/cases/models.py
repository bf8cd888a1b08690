"""Tables of the case engine. What queues and statistics need stands in plain columns; personal data is encrypted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import EncryptedText, Stored, UtcDateTime, one_of
from app.core.ids import new_id

from .states import CaseState, ItemState


class Case(SQLModel, table=True):
    """办件: one submission. `version` grows with every write: the key of caches and of optimistic replies.

    `enterprise_id`: the applicant is this enterprise, and `applicant_id` only says who filed for it; `agency_at` is when its
    register last confirmed that they may. Whose a case is, is decided in ownership.py alone.
    `event_count` and `event_head` are the length and the newest digest of its chain of events.
    """

    __tablename__ = "case_file"
    __table_args__ = (UniqueConstraint("filer_id", "draft_id"), one_of("state", CaseState))
    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=12, unique=True)
    service_id: str = Field(max_length=60)
    edition: str = Field(max_length=64)
    applicant_id: UUID = Field(foreign_key="person.id", index=True)
    filer_id: UUID = Field(foreign_key="person.id")
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id", index=True)
    agency_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    draft_id: UUID
    division: str = Field(max_length=12)
    channel: str = Field(max_length=20)
    state: CaseState = Field(sa_type=Stored(CaseState))
    revision: int = 1
    version: int = 1
    event_count: int = 0
    event_head: str = Field(default="0" * 64, max_length=64)
    filed_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseRevision(SQLModel, table=True):
    """The answers as they stood: revision 1 is the filing, later ones are correction replies. One encrypted blob each."""

    __tablename__ = "case_revision"
    case_id: UUID = Field(primary_key=True, foreign_key="case_file.id")
    revision: int = Field(primary_key=True)
    answers: str = Field(sa_type=EncryptedText("case_revision.answers"))
    created_at: datetime = Field(sa_type=UtcDateTime)


class CaseItem(SQLModel, table=True):
    """子办件: one item of a case on its way through one department.

    `act_by` is until when the next step is due (acceptance, correction reply, promised decision); from `warn_at` on it is
    due soon. Both are plain columns so that queues sort and count without working-day arithmetic.
    """

    __tablename__ = "case_item"
    __table_args__ = (
        UniqueConstraint("case_id", "item_id"),
        one_of("state", ItemState),
        Index("ix_case_item_queue", "department_id", "state", "act_by"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    item_id: str = Field(max_length=60)
    position: int
    after: list[str] = Field(default_factory=list, sa_type=JSON)
    after_any: list[str] = Field(default_factory=list, sa_type=JSON)
    promised_days: int
    legal_days: int | None = None
    department_id: str = Field(foreign_key="department.id", max_length=40)
    division: str = Field(max_length=12)
    channel: str = Field(max_length=20)
    state: ItemState = Field(sa_type=Stored(ItemState))
    version: int = 1
    filed_at: datetime = Field(sa_type=UtcDateTime)
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    promised_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    legal_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    act_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    warn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    provisional: bool = False
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended_days: float = 0
    claimed_by: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ground: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, sa_type=EncryptedText("case_item.reason"))
    result_document_id: UUID | None = None


class Correction(SQLModel, table=True):
    """补正: the department's one request. `targets` name questions and pages of materials, each with an optional mark."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    case_item_id: UUID = Field(foreign_key="case_item.id", unique=True)
    targets: list[dict[str, Any]] = Field(sa_type=JSON)
    words: str = Field(sa_type=EncryptedText("correction.words"))
    asked_by: UUID = Field(foreign_key="staff.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    reply_by: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseEvent(SQLModel, table=True):
    """What happened, append-only, without personal data, chained per case by SHA-256."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    sequence: int
    kind: str = Field(max_length=40)
    item_id: str | None = Field(default=None, max_length=60)
    actor: str = Field(max_length=20)
    actor_id: UUID | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class CaseCounter(SQLModel, table=True):
    """How many cases a day has had, for their numbers."""

    __tablename__ = "case_counter"
    day: str = Field(primary_key=True, max_length=6)
    last: int = 0


class Reply(SQLModel, table=True):
    """An applicant's action that was carried out, by its Idempotency-Key: the same key again gets the same answer."""

    __tablename__ = "case_reply"
    case_id: UUID = Field(primary_key=True, foreign_key="case_file.id")
    key: str = Field(primary_key=True, max_length=80)
    action: str = Field(max_length=40)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
