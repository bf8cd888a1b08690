"""What an operator does with editions on the command line."""

from sqlalchemy import Engine
from typer.testing import CliRunner

from app.catalogue import editions
from app.cli import app
from app.core import db

REASON = ["--zh", "办法改了", "--en", "The rules changed"]


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["catalogue", *words])
    return done.exit_code, done.output


def test_the_catalogue_of_a_release_holds() -> None:
    assert run("check") == (0, "Every definition holds.\n")


def test_an_edition_is_listed_and_closed_once(database: Engine) -> None:
    mine = editions.current("newborn").id
    assert f"* newborn {mine} since" in run("editions")[1]
    assert run("close", "newborn", mine, "--day", "2027-01-31", *REASON)[0] == 0
    assert "until 2027-01-31 15:59Z: 办法改了" in run("editions")[1]
    assert "its last day is set already" in run("close", "newborn", mine, "--day", "2027-02-28", *REASON)[1]
    with db.reading() as session:
        assert not editions.closed(editions.edition(session, "newborn", mine), editions.end_of("2027-01-30"))
        assert editions.closed(editions.edition(session, "newborn", mine), editions.end_of("2027-02-01"))


def test_what_does_not_exist_is_not_closed(database: Engine) -> None:
    assert "no such edition" in run("close", "newborn", "0000", "--day", "2027-01-31", *REASON)[1]
    assert "YYYY-MM-DD" in run("close", "newborn", "0000", "--day", "soon", *REASON)[1]
