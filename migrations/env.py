"""Alembic's way to the database: the application's own engine and tables."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from app.core.db import engine
from app.models import metadata


def run() -> None:
    """Migrate over the configured connection, or the one a test hands over."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with engine().connect() as connection:
        _migrate(connection)
        connection.commit()


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
