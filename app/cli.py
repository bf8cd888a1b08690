"""`linban`: what operators do from a terminal."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="邻办 LinBan: run and look after an installation.")
catalogue = typer.Typer(no_args_is_help=True, help="The definitions of services.")
staff = typer.Typer(no_args_is_help=True, help="The departments' people.")
keys = typer.Typer(no_args_is_help=True, help="The keys of this installation.")
app.add_typer(catalogue, name="catalogue")
app.add_typer(staff, name="staff")
app.add_typer(keys, name="keys")


@app.command()
def run(
    host: Annotated[str, typer.Option(envvar="HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The web server's port; the sandbox gets the next one.")] = 8000,
    https: Annotated[bool, typer.Option(envvar="HTTPS", help="A local CA and a QR code, for phones on the network.")] = False,
) -> None:
    """Everything for a demo on this machine: migrations, demo data, web server, worker, sandbox."""
    from app import serve

    raise typer.Exit(serve.run(host, port, https))


@app.command()
def migrate() -> None:
    """Bring the database to this release and publish the catalogue."""
    from app import operations

    operations.migrate()
    changed = operations.publish()
    print("Database is up to date." + (f" Published: {', '.join(changed)}" if changed else ""))


@app.command()
def demo() -> None:
    """Add the demo staff that is missing. Never on a real installation: everybody knows the password."""
    from app import demo as data

    print(f"{data.make()} added. Staff: {', '.join(data.accounts())}. Password of all demo staff: {data.PASSWORD}")


@app.command()
def verify() -> None:
    """Check that nothing which happened was changed afterwards: every case's chain of events."""
    from app.cases import history
    from app.core import db

    with db.reading() as session:
        broken = history.broken(session)
    for case_id, sequence in broken:
        print(f"case {case_id}: event {sequence} does not hold")
    print("All chains hold." if not broken else f"{len(broken)} events do not hold.")
    raise typer.Exit(1 if broken else 0)


@app.command()
def states() -> None:
    """Print the state table of a case, readable aloud."""
    from app.cases.states import TABLE

    head = ("from", "action", "by", "if", "to", "event", "source")
    rows = [head, *((r.before, r.action, r.actor, r.guard or "-", r.after, r.event, r.source) for r in TABLE)]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(head))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command()
def words() -> None:
    """Check that every text of the pages has its English."""
    from app import texts

    found = texts.findings()
    for finding in found:
        print(finding)
    print("Every text has its English." if not found else f"{len(found)} texts to translate.")
    raise typer.Exit(1 if found else 0)


@catalogue.command("check")
def check() -> None:
    """Load every definition strictly; every mistake is named with file and line."""
    from app.catalogue import loader

    findings = loader.check()
    for finding in findings:
        print(finding)
    print("Every definition holds." if not findings else f"{len(findings)} mistakes.")
    raise typer.Exit(1 if findings else 0)


@catalogue.command("editions")
def editions_() -> None:
    """List every published edition: service, edition, since when, until when; * is the one in force."""
    from app.catalogue import editions
    from app.core import db

    with db.reading() as session:
        for row in editions.published(session):
            mark = "*" if row.id in {e.id for e in editions.all_current()} else " "
            until = f" until {row.closes_at:%Y-%m-%d %H:%M}Z: {row.close_reason_zh}" if row.closes_at else ""
            print(f"{mark} {row.service_id} {row.id} since {row.published_at:%Y-%m-%d %H:%M}Z{until}")


@catalogue.command("close")
def close(
    service: str,
    edition: str,
    day: Annotated[str, typer.Option(prompt=True, help="The last day it may be filed, YYYY-MM-DD, until midnight in China.")],
    zh: Annotated[str, typer.Option(prompt=True, help="Why, in Chinese; people are shown this.")],
    en: Annotated[str, typer.Option(prompt=True, help="Why, in English.")],
) -> None:
    """Set the last day of an edition, once. Drafts of it may be moved to the edition in force."""
    from app.catalogue import editions
    from app.core import db
    from app.forms.definition import Text

    try:
        until = editions.end_of(day)
    except ValueError:
        raise typer.BadParameter("YYYY-MM-DD", param_hint="day") from None
    with db.writing() as session:
        try:
            editions.close(session, service, edition, until, Text(zh=zh, en=en))
        except editions.UnknownEdition:
            raise typer.BadParameter("no such edition; see `linban catalogue editions`", param_hint="edition") from None
        except editions.AlreadyClosing:
            raise typer.BadParameter("its last day is set already", param_hint="edition") from None
    print(f"{service} {edition} may be filed until the end of {day}.")


@staff.command("add")
def add(
    username: str,
    name: Annotated[str, typer.Option(prompt=True, help="The person's name.")],
    department: Annotated[str, typer.Option(prompt=True, help="The department's id, as in the catalogue.")],
    badge: Annotated[str, typer.Option(prompt=True, help="The number on the badge, shown on decisions.")],
    role: Annotated[str, typer.Option(help="reviewer, head, supervisor, administrator or auditor.")] = "reviewer",
    jurisdiction: Annotated[str, typer.Option(help="Division prefix; empty means the whole installation's.")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Add a member of staff; the password is asked for and rests only as an argon2id hash."""
    from sqlmodel import select

    from app.accounts.models import Department, Role, Staff
    from app.accounts.staff import make_staff
    from app.core import db
    from app.core.clock import utcnow
    from app.core.settings import settings

    if len(password) < 12:
        raise typer.BadParameter("at least 12 characters", param_hint="password")
    if role not in list(Role):
        raise typer.BadParameter(f"one of {', '.join(Role)}", param_hint="role")
    with db.writing() as session:
        if session.get(Department, department) is None:
            raise typer.BadParameter("no such department; see `linban catalogue check`", param_hint="department")
        if session.exec(select(Staff.id).where(Staff.username == username)).first():
            raise typer.BadParameter("this user name is taken", param_hint="username")
        make_staff(
            session, username, name, badge, password, department, jurisdiction or settings().division, utcnow(), Role(role)
        )  # fmt: skip
    print(f"{username} can sign in at /desk.")


@keys.command("rotate")
def rotate() -> None:
    """Add a sealing key: new data uses it, old data stays readable. Running servers use it after their next start."""
    from app.core import crypto

    print(f"Sealing with {crypto.rotate()} from the next start on. Back up keys.json now.")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
