"""Is it alive, is it ready."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app import operations
from tests.conftest import Visit


def test_a_living_process_says_so(visit: Visit) -> None:
    answer = visit().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"process": "ok"})


def test_a_ready_installation_names_its_parts(visit: Visit) -> None:
    answer = visit().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "files": "ok"}
    assert answer.headers["cache-control"] == "no-store"


def test_a_missing_migration_is_named(visit: Visit, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    answer = visit().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "migrations": "failed", "files": "ok"}


@pytest.mark.parametrize(("part", "look"), [("database", "database_ready"), ("files", "blobs_ready")])
def test_a_broken_part_is_named_without_its_secrets(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, part: str, look: str
) -> None:
    def broken() -> bool:
        raise OSError("password=secret")

    monkeypatch.setattr(operations, look, broken)
    answer = visit().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[part] == "failed"
    assert "secret" not in answer.text
