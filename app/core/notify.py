"""Waking other processes when something was written: LISTEN/NOTIFY on PostgreSQL; on SQLite they look for themselves.

A notice is a hint, sent with the commit of its transaction and lost without harm: whoever listens also looks now and then.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection, sql
from sqlalchemy import Select, func, select
from sqlmodel import Session

from . import db
from .settings import settings

#: What there is to hear: a message was written (key: whom for), deliveries are due.
MESSAGE, DELIVERY = "linban_message", "linban_delivery"


def listens() -> bool:
    """Whether this installation's database can wake others."""
    return settings().database.startswith("postgresql")


def announce(session: Session, topic: str, key: str = "") -> None:
    """Wake whoever listens to a topic when this transaction commits; the same topic and key once per transaction."""
    if db.engine().dialect.name == "postgresql" and (topic, key) not in session.info.setdefault("announced", set()):
        session.info["announced"].add((topic, key))
        session.execute(notice(topic, key))


def notice(topic: str, key: str = "") -> Select[tuple[None]]:
    """The statement that wakes whoever listens (PostgreSQL alone), to be made part of another one."""
    return select(func.pg_notify(topic, key))


@asynccontextmanager
async def hearing(topic: str) -> AsyncIterator[AsyncIterator[str]]:
    """The keys announced for a topic from now on, on a connection of its own; raises psycopg.Error when that is lost."""
    url = settings().database.replace("postgresql+psycopg://", "postgresql://", 1)
    connection = await AsyncConnection.connect(url, autocommit=True)
    try:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(topic)))
        yield (notice.payload async for notice in connection.notifies())
    finally:
        await connection.close()
