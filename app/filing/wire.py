"""The JSON of drafts and submissions (design/offline.md, docs/api.md): shapes, and the digest that makes a replay a replay."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.ids import is_uuid7

from . import receipts
from .errors import BadDraftId

SHA256 = r"^[0-9a-f]{64}$"
MATERIAL = r"^[A-Za-z0-9-]{1,40}$"
SELF = "self"


class Wire(BaseModel):
    """Unknown keys are refused, types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class DraftBody(Wire):
    """A draft to be stored; `base_revision` is the revision that it was made from, 0 for a new draft."""

    service: str = Field(max_length=60)
    edition: str = Field(max_length=64)
    base_revision: int = Field(ge=0, le=2**31)
    answers: dict[str, Any]
    page: str = Field("", max_length=60)


class SentDocument(Wire):
    """A document that has been uploaded for the draft: its hash and size as sent."""

    material: str = Field(pattern=MATERIAL)
    page: int = Field(ge=1, le=20)
    sha256: str = Field(pattern=SHA256)
    size: int = Field(ge=1, le=20 * 2**20)
    filename: str = Field(max_length=255)


class SubmissionBody(Wire):
    """What is submitted. `applicant` is "self"; others need a mandate, which is not there yet."""

    service: str = Field(max_length=60)
    edition: str = Field(max_length=64)
    applicant: str = Field(SELF, max_length=60)
    mandate: str | None = Field(None, max_length=60)
    answers: dict[str, Any]
    documents: list[SentDocument] = Field(default=[], max_length=200)

    def digest(self) -> str:
        """SHA-256 of the canonical body: documents in the order of material, page, hash; RFC 8785."""
        body = self.model_dump()
        body["documents"].sort(key=lambda d: (d["material"], d["page"], d["sha256"]))
        return receipts.digest(body)


def checked_id(draft_id: UUID) -> UUID:
    """A draft's id as made on a phone; raises BadDraftId."""
    if not is_uuid7(draft_id):
        raise BadDraftId
    return draft_id
