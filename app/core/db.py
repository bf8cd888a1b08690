"""The database: one engine for SQLite and PostgreSQL, column types, and the sessions that reads and writes use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, SQLModel

from .crypto import keyring
from .errors import Busy
from .settings import settings

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that rests encrypted; `place` (table.column) is bound into the ciphertext so that values cannot be moved."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring().seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().open(bytes(value), self.place).decode()


class Stored(TypeDecorator[Any]):
    """An enum stored by its value; pair it with `one_of` so that the database refuses anything else."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """A CHECK that a column holds one of the enum's values."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def make_engine(url: str) -> Engine:
    """An engine with our rules: foreign keys, WAL and FULL sync on SQLite; reads BEGIN, writes BEGIN IMMEDIATE."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 10}, pool_size=8, max_overflow=8, hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Any) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@cache
def engine() -> Engine:
    """The engine of this process."""
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return make_engine(settings().database)


@cache
def writer() -> Engine:
    """The same engine and pool, its transactions begun for writing."""
    return engine().execution_options(begin="IMMEDIATE")


#: SQLite: busy and locked (primary codes 5, 6); PostgreSQL: deadlock, lock not available, too many connections, shutdown.
_SQLITE_BUSY = {5, 6}
_POSTGRESQL_BUSY = {"40001", "40P01", "55P03", "53300", "57P01", "57P03"}
_here = threading.local()


def is_busy(error: OperationalError) -> bool:
    """Whether a failure only says "not now", so that the same again may succeed."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_BUSY
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _POSTGRESQL_BUSY


@contextmanager
def refusing_when_busy() -> Iterator[None]:
    """Turn "not now" of the database into a refusal that a person can act on; raises Busy."""
    try:
        yield
    except OperationalError as error:
        if is_busy(error):
            raise Busy from error
        raise


def added(session: Session, row: SQLModel) -> bool:
    """Insert a row now; False, with nothing changed, when somebody at the same moment put its unique value there first."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def is_writing(session: Session) -> bool:
    """Whether a session's transactions are begun for writing."""
    return session.get_bind().get_execution_options().get("begin") == "IMMEDIATE"


def begin_read() -> Session:
    """A session for reads; whoever took it closes it, once."""
    return Session(engine(), expire_on_commit=False, close_resets_only=False)


def begin_write() -> Session:
    """A session whose transaction is begun for writing. One per thread: a second would wait for the first for ever."""
    if getattr(_here, "writing", False):
        raise RuntimeError("a write is open in this thread already: use its session, or finish it first")
    _here.writing = True
    return Session(writer(), expire_on_commit=False, close_resets_only=False)


def end_write(session: Session) -> None:
    """Give the connection of a write back; what was not committed is rolled back."""
    _here.writing = False
    session.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reads outside a request; it is rolled back."""
    with refusing_when_busy(), begin_read() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session for one write outside a request; commits at the end, rolls back on any exception."""
    with refusing_when_busy():
        session = begin_write()
        try:
            yield session
            session.commit()
        finally:
            end_write(session)
