"""Two residents with a client each, and tus in a few lines."""

import base64
import hashlib
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session

from app.core.ids import new_id
from tests.conftest import Visit
from tests.factories import FATHER, MOTHER, make_person, make_signed_in

CHUNK = "application/offset+octet-stream"


class Resident(NamedTuple):
    """Somebody signed in."""

    id: UUID
    token: str
    client: httpx.Client


def _resident(session: Session, visit: Visit, known: object) -> Resident:
    person = make_person(session, known)  # type: ignore[arg-type]
    token = make_signed_in(session, person)
    session.commit()
    return Resident(person.id, token, visit(token))


@pytest.fixture
def mother(session: Session, visit: Visit) -> Resident:
    return _resident(session, visit, MOTHER)


@pytest.fixture
def father(session: Session, visit: Visit) -> Resident:
    return _resident(session, visit, FATHER)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def metadata(body: bytes, **changed: object) -> str:
    """The header for a file, as a phone says it."""
    said: dict[str, object] = {
        "draft_id": new_id(), "material": "hukou", "page": 1, "filename": "户口簿.jpg", "sha256": sha256(body), **changed
    }  # fmt: skip
    return ",".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in said.items())


def tus(client: httpx.Client, method: str, url: str, content: bytes = b"", **headers: str) -> httpx.Response:
    kind = {"Content-Type": CHUNK} if method == "PATCH" else {}
    said: Mapping[str, str] = {"Tus-Resumable": "1.0.0", **kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.request(method, url, content=content, headers=said)


def begin(client: httpx.Client, body: bytes, **changed: object) -> str:
    """Create an upload; gives its address."""
    made = tus(client, "POST", "/api/uploads", Upload_Length=str(len(body)), Upload_Metadata=metadata(body, **changed))
    assert made.status_code == 201, made.text
    return made.headers["location"]


def upload(client: httpx.Client, body: bytes, **changed: object) -> httpx.Response:
    """Send a file whole; gives the last answer."""
    return tus(client, "PATCH", begin(client, body, **changed), body, Upload_Offset="0")
