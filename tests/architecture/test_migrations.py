"""Migrations: from nothing to today and back, with data inside, on the engine in force; nothing left to generate."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from app.core.clock import utcnow
from app.core.ids import new_id
from app.filing.models import Draft
from app.messages import service
from tests.factories import make_case, make_draft, make_enterprise, make_looks, make_person, make_signed_in, make_staff

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def test_migrations_are_numbered_without_a_gap_or_a_fork(config: Config) -> None:
    scripts = ScriptDirectory.from_config(config)
    names = sorted(script.revision for script in scripts.walk_revisions())
    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert len(scripts.get_heads()) == 1


def test_the_models_have_nothing_that_the_migrations_lack(database: Engine, config: Config) -> None:
    command.check(config)


def fill(session: Session) -> None:
    """Something in every important table."""
    person = make_person(session)
    make_signed_in(session, person)
    staff = make_staff(session)
    make_draft(session, person)
    service.tell_staff(session, staff.id, "staff_digest", {"n": 1}, utcnow())
    service.tell(session, person.id, None, "", "test", {}, False, utcnow())
    make_case(session, person)
    enterprise = make_enterprise(session, person)
    make_signed_in(session, person, acting=enterprise)
    make_looks(session, person.id, make_draft(session, person, enterprise=enterprise).id)
    make_case(session, person, enterprise=enterprise)
    session.commit()


def test_down_and_up_again_with_data_inside(database: Engine, session: Session, config: Config) -> None:
    fill(session)
    session.close()
    command.downgrade(config, "base")
    left = set(inspect(database).get_table_names()) - {"alembic_version"}
    assert left == set()
    command.upgrade(config, "head")
    assert set(SQLModel.metadata.tables) <= set(inspect(database).get_table_names())


def test_each_step_up_keeps_what_is_there(database: Engine, session: Session, config: Config) -> None:
    fill(session)
    session.close()
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    if len(steps) > 1:
        command.downgrade(config, "-1")
        command.upgrade(config, "head")
    with database.connect() as connection:
        for table in ("person", "case_file", "case_item", "case_event", "draft", "staff"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar(), table


def test_the_database_itself_refuses_what_no_enum_knows(database: Engine, session: Session) -> None:
    fill(session)
    session.close()
    for table, column in (("case_file", "state"), ("case_item", "state"), ("staff", "role"), ("consent", "kind")):
        with database.begin() as connection:
            rows = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
        if rows:
            with pytest.raises(IntegrityError), database.begin() as connection:
                connection.execute(text(f"UPDATE {table} SET {column} = 'nonsense'"))


def test_the_database_itself_refuses_a_message_to_nobody_and_one_to_two(database: Engine, session: Session) -> None:
    fill(session)
    session.close()
    for change in (
        "person_id = NULL, staff_id = NULL",
        "person_id = (SELECT id FROM person), staff_id = (SELECT id FROM staff)",
    ):
        with pytest.raises(IntegrityError), database.begin() as connection:
            connection.execute(text(f"UPDATE message SET {change}"))


def test_foreign_keys_are_kept_on_every_connection(database: Engine) -> None:
    for _ in range(3):
        with Session(database) as session:
            nobodys = Draft(
                filer_id=new_id(), id=new_id(), service_id="s", edition="e", answers="{}", created_at=utcnow(),
                updated_at=utcnow(),
            )  # fmt: skip
            session.add(nobodys)
            with pytest.raises(IntegrityError):
                session.flush()
