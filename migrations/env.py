"""Alembic's way to the database: the application's own engine and tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from app.core.db import engine
from app.models import metadata


def run() -> None:
    """Migrate over the configured connection, or the one a test hands over."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with engine().connect() as connection, _rebuilding(connection):
        _migrate(connection)
        _whole(connection)
        connection.commit()


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: while the old one is gone, what points at it must not count as broken."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _whole(connection: Connection) -> None:
    """Before it is committed: everything points somewhere again. Raises RuntimeError, and nothing was changed."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows that point nowhere after the migration: {sorted({row[0] for row in broken})}")


def _plain(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as what they are in the database, so that a migration never depends on today's code."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def _migrate(connection: Any) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, render_item=_plain
    )
    with context.begin_transaction():
        context.run_migrations()


run()
