"""Two clients against the real server: the reference client of tus, and ours over a bad line."""

import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.core.ids import new_id
from tests.factories import make_signed_in

from . import files
from .conftest import Resident, sha256
from .test_uploads import documents

SCRIPT = Path(__file__).parents[1] / "js" / "documents" / "interop.js"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.noisy_jpeg(1600))
    assert path.stat().st_size > 900_000
    return path


def bearer(session: Session, who: Resident) -> str:
    from app.accounts.models import Person

    token = make_signed_in(session, session.get_one(Person, who.id), bearer=True)
    session.commit()
    return token


def run(client: str, base: str, token: str, photo: Path, draft_id: UUID) -> Any:
    command = ["node", str(SCRIPT), client, base, token, str(photo), str(draft_id)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_reference_client_sends_stops_and_resumes(mother: Resident, session: Session, server: str, photo: Path) -> None:
    draft_id, size = new_id(), photo.stat().st_size
    seen = run("tus-js-client", server, bearer(session, mother), photo, draft_id)
    assert seen["first"]["progress"] == [200_000, 400_000]
    assert seen["second"]["progress"][0] == 700_000
    assert seen["second"]["progress"][-1] == size
    (row,) = documents(mother, draft_id)
    assert (row["id"], row["sha256"]) == (seen["second"]["document"], sha256(photo.read_bytes()))
    assert seen["again"]["document"] == row["id"]


def test_our_client_gets_a_photo_through_a_bad_line(mother: Resident, session: Session, server: str, photo: Path) -> None:
    draft_id = new_id()
    sent = run("ours", server, bearer(session, mother), photo, draft_id)
    (row,) = documents(mother, draft_id)
    assert (row["id"], row["sha256"]) == (sent["document"], sent["sha256"])
    assert mother.client.get(f"/documents/{row['id']}/original").content == photo.read_bytes()
