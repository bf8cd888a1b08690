"""The demo's staff: one for every department, and no two of one name."""

from sqlalchemy import Engine
from sqlmodel import select

from app import demo
from app.accounts.models import Staff
from app.core import db


def test_no_two_of_the_demo_staff_have_one_name_and_nobody_is_made_twice(database: Engine) -> None:
    assert demo.make() > 20
    assert demo.make() == 0
    with db.reading() as session:
        names = list(session.exec(select(Staff.name)))
        assert len(names) == len(set(names))
        assert not set(names) & set(session.exec(select(Staff.username)))
