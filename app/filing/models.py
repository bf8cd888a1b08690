"""Tables: drafts on the server, looks into the registers, typed correction replies, receipts."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.catalogue.definition import Register
from app.core.db import EncryptedText, Stored, UtcDateTime, one_of
from app.core.ids import new_id


class Draft(SQLModel, table=True):
    """草稿: its id is made on the phone and unique per filer; `revision` grows by one with every save.

    `enterprise_id`: for whom the filer acts in it; only in that identity do they see it.

    `held`: answers of `held_page` that were sent after the session had ended; shown again to the filer, then saved or dropped.
    """

    __table_args__ = (Index("ix_draft_id", "id"),)
    filer_id: UUID = Field(primary_key=True, foreign_key="person.id")
    id: UUID = Field(primary_key=True)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    service_id: str = Field(max_length=60)
    edition: str = Field(max_length=64)
    revision: int = 1
    answers: str = Field(sa_type=EncryptedText("draft.answers"))
    prefilled: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    page: str = Field(default="", max_length=60)
    held: str | None = Field(default=None, sa_type=EncryptedText("draft.held"))
    held_page: str = Field(default="", max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Outcome(StrEnum):
    """What came of a look: found; nothing there; no answer in time; an answer about somebody else; not asked, since refused."""

    FOUND = "found"
    NONE = "none"
    DOWN = "down"
    WRONG = "wrong"
    REFUSED = "refused"


class Lookup(SQLModel, table=True):
    """查询: a look into a register about the filer, or about the enterprise for which they act, with their consent.

    It is the record of the look and outlives the draft; asked again is a new row. Only a dispute (对不上) is added later, and
    the answer goes when the draft is deleted. `purpose`: service and items as they were told, {zh, en}.
    """

    __table_args__ = (
        one_of("held_by", Register), one_of("outcome", Outcome), Index("ix_lookup_filer_draft", "filer_id", "draft_id"),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    filer_id: UUID = Field(foreign_key="person.id")
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    draft_id: UUID
    service_id: str = Field(max_length=60)
    held_by: Register = Field(sa_type=Stored(Register))
    licence: str = Field(default="", max_length=40)
    purpose: dict[str, str] = Field(sa_type=JSON)
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    outcome: Outcome = Field(sa_type=Stored(Outcome))
    as_of: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str | None = Field(default=None, sa_type=EncryptedText("lookup.answer"))
    disputed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dispute: str | None = Field(default=None, sa_type=EncryptedText("lookup.dispute"))


class CorrectionDraft(SQLModel, table=True):
    """What a person has typed for a correction and not sent yet; `held`: what came after their session had ended."""

    __tablename__ = "correction_draft"
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    correction_id: UUID = Field(primary_key=True, foreign_key="correction.id")
    answers: str = Field(sa_type=EncryptedText("correction_draft.answers"))
    held: str | None = Field(default=None, sa_type=EncryptedText("correction_draft.held"))
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Receipt(SQLModel, table=True):
    """收件回执: the signed body as it was given out; one per case. `digest` is of the submission that made it.

    `code` is what people type or scan to check it; `salt` (hex) goes to the filer only.
    """

    case_id: UUID = Field(primary_key=True, foreign_key="case_file.id")
    case_number: str = Field(max_length=12, unique=True)
    code: str = Field(max_length=12, unique=True)
    digest: str = Field(max_length=64)
    salt: str = Field(sa_type=EncryptedText("receipt.salt"))
    body: dict[str, Any] = Field(sa_type=JSON)
    signature: str = Field(max_length=100)
