"""One migrated database per run; each test finds it as it was: a copied file on SQLite, a restored database on PostgreSQL."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

import pytest
from sqlalchemy import QueuePool

from app.core import blobs, crypto, db, settings, shared
from app.core.clock import utcnow
from app.outside import clients
from app.territory import demo
from tests.support import postgres


class Templates(Protocol):
    """A template to copy."""

    keys: Path

    def copy(self, folder: Path) -> AbstractContextManager[str]:
        """The URL of a copy that lasts as long as the context."""


def forget_settings() -> None:
    """Read the settings anew at next use, and what hangs on them."""
    settings.settings.cache_clear()
    for line in (clients.line, clients.quick_line, clients.sms_once, clients.sms_reported):
        if line.cache_info().currsize:
            line().close()
        line.cache_clear()
    shared.forget()


def _wait_for_streams() -> None:
    """An event stream of the last test may be looking at this very moment: its connection would outlive its pool."""
    pool, until = db.engine().pool, monotonic() + 2
    while isinstance(pool, QueuePool) and pool.checkedout() and monotonic() < until:
        sleep(0.01)


def forget() -> None:
    """Forget the database, the keys and the blobs of the last test."""
    if db.engine.cache_info().currsize:
        _wait_for_streams()
        db.engine().dispose()
    for cached in (db.engine, db.writer, crypto.keyring, blobs.store):
        cached.cache_clear()
    forget_settings()


@dataclass
class SqliteTemplate:
    """A file."""

    keys: Path
    file: Path

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """A copied file, in WAL mode already."""
        shutil.copy(self.file, folder / "linban.db")
        yield f"sqlite:///{folder / 'linban.db'}"


@contextmanager
def make_templates(folder: Path, engine: str) -> Iterator[Templates]:
    """Build the template on the engine asked for: our migrations, departments and editions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(folder))
        if engine == "postgresql":
            with postgres.running() as admin:
                patch.setenv("DATABASE_URL", postgres.create(admin, postgres.TEMPLATE))
                _build()
                with postgres.Template(folder / "keys.json", admin) as template:
                    yield template
        else:
            _build()
            yield SqliteTemplate(folder / "keys.json", folder / "linban.db")


def _build() -> None:
    from app.operations import migrate, publish

    forget()
    migrate()
    publish()
    with db.writing() as session:
        demo.fill(session, utcnow())
    crypto.keyring()
    forget()
