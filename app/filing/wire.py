"""The JSON of drafts and submissions (design/offline.md, docs/api.md): shapes, and the digest that makes a replay a replay."""

from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from app.core.errors import BadInput, TooLarge
from app.core.ids import is_uuid7

from . import receipts
from .errors import BadDraftId

SHA256 = r"^[0-9a-f]{64}$"
MATERIAL = r"^[A-Za-z0-9-]{1,40}$"
SELF = "self"
#: A whole filing with 200 documents is under 100 kB; reading more would keep everybody else waiting.
MOST_BYTES = 512 * 1024


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


class LookupsBody(Wire):
    """Registers to be asked about the filer, as `GET …/lookups` names them; `consent`: the person has agreed to it now."""

    registers: list[str] = Field(min_length=1, max_length=20)
    consent: bool


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


async def _body(request: Request) -> bytes:
    return await request.body()


#: The body as it came: it is read only when the session is known, so that a stranger learns nothing from its mistakes.
Raw = Annotated[bytes, Depends(_body)]
W = TypeVar("W", bound=Wire)


def read(kind: type[W], raw: bytes) -> W:
    """A body of the wire; raises TooLarge, or BadInput naming the fields that are wrong, never what they hold."""
    if len(raw) > MOST_BYTES:
        raise TooLarge
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        fields = {".".join(str(part) for part in e["loc"][:3]) or "body" for e in error.errors(include_input=False)}
        raise BadInput(", ".join(sorted(name[:60] for name in fields))) from None


def schema(kind: type[Wire]) -> dict[str, Any]:
    """What OpenAPI says of a body that is read by `read`."""
    content = {"application/json": {"schema": kind.model_json_schema(ref_template="#/components/schemas/{model}")}}
    return {"requestBody": {"required": True, "content": content}}


def checked_id(draft_id: UUID) -> UUID:
    """A draft's id as made on a phone; raises BadDraftId."""
    if not is_uuid7(draft_id):
        raise BadDraftId
    return draft_id
