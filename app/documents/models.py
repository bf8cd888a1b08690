"""Tables: uploads on their way (tus 1.0.0) and documents that arrived whole and passed the checks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import EncryptedText, UtcDateTime
from app.core.ids import new_id


class Upload(SQLModel, table=True):
    """A file on its way, sent by its owner in one identity (`enterprise_id` when they acted for one).

    The bytes up to `offset` rest, in order, in the blobs named in `parts`. `offset` and `parts` change together, and only
    from the values last seen, so that of two writers one wins. `offset` reaches `size` in the transaction that makes the
    document: what HEAD shows as whole is whole.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    owner_id: UUID = Field(foreign_key="person.id", index=True)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    draft_id: UUID = Field(index=True)
    material: str = Field(max_length=60)
    page: int
    filename: str = Field(sa_type=EncryptedText("upload.filename"))
    sha256: str = Field(max_length=64)
    size: int = Field(sa_type=BigInteger)
    offset: int = Field(default=0, sa_type=BigInteger)
    parts: list[str] = Field(default_factory=list, sa_type=JSON)
    document_id: UUID | None = None
    refused: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Document(SQLModel, table=True):
    """文件: what was received for one page of a material; `case_id` is set when its draft becomes a case.

    `enterprise_id`: its owner acted for this enterprise when they sent it, and sees it only in that identity.
    """

    __table_args__ = (
        Index(
            "uq_document_same", "owner_id", "draft_id", "material", "page", "sha256", unique=True,
            sqlite_where=text("removed_at IS NULL"), postgresql_where=text("removed_at IS NULL"),
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    owner_id: UUID = Field(foreign_key="person.id", index=True)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    draft_id: UUID = Field(index=True)
    case_id: UUID | None = Field(default=None, index=True)
    case_item_id: UUID | None = Field(default=None, index=True)
    revision: int = 0
    material: str = Field(max_length=60)
    page: int
    filename: str = Field(sa_type=EncryptedText("document.filename"))
    media_type: str = Field(max_length=60)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64, index=True)
    renditions: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class DocumentRendition(SQLModel, table=True):
    """A page of a document as it is shown: a re-encoded picture, its hash as kept."""

    __tablename__ = "document_rendition"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", index=True)
    number: int
    width: int
    height: int
    sha256: str = Field(max_length=64)
