"""What operators and start-up do to an installation: migrate, publish the catalogue, look whether all is ready."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.catalogue import editions
from app.core import blobs, db
from app.core.clock import utcnow

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
