"""What a phone says about a file before sending it: the tus Upload-Metadata header."""

import base64
import binascii
import re
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import UnknownMetadata

MOST = 4096
MATERIAL = r"^[A-Za-z0-9-]{1,40}$"
MOST_PAGE = 20


class Announced(BaseModel):
    """Where a file belongs and what its bytes must be: SHA-256 in 64 lower-case hex digits."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    draft_id: UUID
    material: Annotated[str, Field(pattern=MATERIAL)]
    page: Annotated[int, Field(ge=1, le=MOST_PAGE)]
    filename: Annotated[str, Field(max_length=400)] = "file"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def read_metadata(header: str) -> Announced:
    """Parse `key base64,key base64,…`; raises UnknownMetadata naming the fields that are missing or wrong."""
    if len(header) > MOST:
        raise UnknownMetadata(detail="Upload-Metadata")
    pairs: dict[str, str] = {}
    for pair in filter(None, re.split(r"\s*,\s*", header.strip())):
        key, _, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise UnknownMetadata(detail=key[:40]) from None
    try:
        return Announced.model_validate(pairs)
    except ValidationError as error:
        raise UnknownMetadata(detail=", ".join(str(e["loc"][0]) for e in error.errors())) from None
