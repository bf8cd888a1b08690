"""What operators and start-up do to an installation: migrate, publish the catalogue, look whether all is ready."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.cases import reconciling as events
from app.catalogue import editions
from app.core import blobs, db
from app.core.clock import utcnow
from app.messages import alerting
from app.messages import reconciling as deliveries
from app.messages.models import Alert

ROOT = Path(__file__).parents[1]


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def migrate() -> None:
    """Bring the database to the newest version; nothing happens when it is there already."""
    command.upgrade(_config(), "head")


def publish() -> list[str]:
    """Publish the catalogue's departments and editions; gives the services that changed."""
    with db.writing() as session:
        return editions.publish(session, utcnow())


def open_alerts() -> list[Alert]:
    """Look as the worker does, which may be what is wrong, and give every open alert on telling people, the oldest first."""
    with db.writing() as session:
        deliveries.watch(session, utcnow(), 0)
        events.watch(session, utcnow(), 0)
    with db.reading() as session:
        return alerting.open_alerts(session)


def database_ready() -> bool:
    """Whether the database answers."""
    with db.engine().connect() as connection:
        return connection.execute(text("SELECT 1")).scalar() == 1


@cache
def _heads() -> set[str]:
    return set(ScriptDirectory.from_config(_config()).get_heads())


def at_head() -> bool:
    """Whether the database has every migration of this release."""
    with db.engine().connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


def blobs_ready() -> bool:
    """Whether a file can be written and read back."""
    return blobs.ready()
