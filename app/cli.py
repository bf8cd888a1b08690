"""`linban`: what operators do from a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app import texts_cli

if TYPE_CHECKING:
    from uuid import UUID

    from sqlmodel import Session

app = typer.Typer(no_args_is_help=True, add_completion=False, help="邻办 LinBan: run and look after an installation.")
catalogue = typer.Typer(no_args_is_help=True, help="The definitions of services.")
staff = typer.Typer(no_args_is_help=True, help="The departments' people.")
keys = typer.Typer(no_args_is_help=True, help="The keys of this installation.")
app.add_typer(catalogue, name="catalogue")
app.add_typer(staff, name="staff")
app.add_typer(texts_cli.texts, name="texts")
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
    """Check that nothing which happened was changed afterwards: every case's chain of events, and the records of staff."""
    from app.accounts import records
    from app.cases import history
    from app.core import db

    with db.reading() as session:
        broken = [f"case {case_id}: event {sequence} does not hold" for case_id, sequence in history.broken(session)]
        broken += [f"staff: record {sequence} does not hold" for sequence in records.broken(session)]
    for line in broken:
        print(line)
    print("All chains hold." if not broken else f"{len(broken)} events do not hold.")
    raise typer.Exit(1 if broken else 0)


@app.command()
def alerts(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Look now whether everybody was told in time, and list what is wrong; exit code 1 if anything is. For cron, monitoring."""
    import json

    from app import operations

    found = operations.open_alerts()
    lines = [{"kind": a.kind, "subject": a.subject, "since": a.opened_at.isoformat(), **a.detail} for a in found]
    if as_json:
        print(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            print("  ".join(str(value) for value in line.values()))
        print("Everybody was told in time." if not found else f"{len(found)} open alert{'s' if len(found) > 1 else ''}.")
    raise typer.Exit(1 if found else 0)


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
    print("Every definition holds." if not findings else f"{len(findings)} mistake{'s' if len(findings) > 1 else ''}.")
    raise typer.Exit(1 if findings else 0)


@catalogue.command("find")
def find(words: Annotated[str, typer.Argument(help="What somebody might type.")]) -> None:
    """Search as people do, and say by which name each service is found."""
    from app.catalogue import search, search_view

    found = search.search(words)
    if found.mended:
        print(f"looked for {found.mended} instead")
    by_id = {hit.edition.service.id: hit for hit in found.hits}
    for place, service in enumerate(search_view.ordered(found), 1):
        hit = by_id[service]
        name = f"{hit.by.where.name.lower()} {hit.by.shown.zh}" if hit.by else "title or sentences"
        print(f"{place}  {service}  {hit.edition.service.title.zh}  ({name})")
    if not found.hits:
        print("Nothing fits. Add the word to a service's keywords.")


@catalogue.command("report")
def report(
    service: Annotated[str, typer.Argument(help="One service only, by its id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List what is marked as not checked yet, by service: what the town's office has to look at before it is relied on."""
    import json

    from app.catalogue import loader
    from app.catalogue import report as reports

    services = loader.load().services
    if service and service not in services:
        raise typer.BadParameter("no such service; its id is the name of its file", param_hint="service")
    found = reports.lines([services[service]] if service else services.values())
    for row in [json.dumps(reports.data(found), ensure_ascii=False, indent=2)] if as_json else reports.text(found):
        print(row)


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
) -> None:
    """Add a member of staff and print a one-time password, good for 24 hours; they choose their own at the first sign-in."""
    from app.accounts.models import Role
    from app.accounts.staff import StaffDetails, make_staff
    from app.core import db
    from app.core.clock import utcnow
    from app.core.settings import settings

    if role not in list(Role):
        raise typer.BadParameter(f"one of {', '.join(Role)}", param_hint="role")
    details = StaffDetails(name, badge, department, jurisdiction or settings().division, Role(role))
    with _refusing(), db.writing() as session:
        made, password = make_staff(session, None, username, details, utcnow())
    print(f"{made.username} can sign in at /desk, within 24 hours, with the one-time password {password}")


@contextmanager
def _refusing() -> Iterator[None]:
    """A refusal of ours, in English, as a mistake of the command line."""
    from app.core.errors import AppError
    from app.core.i18n import gettext

    try:
        yield
    except AppError as error:
        said = {name: gettext(str(value), "en") for name, value in error.params.items()}
        raise typer.BadParameter(gettext(error.what, "en") % said) from None


def _account(session: "Session", username: str) -> "UUID":
    from sqlmodel import select

    from app.accounts.models import Staff

    found = session.exec(select(Staff.id).where(Staff.username == username)).first()
    if found is None:
        raise typer.BadParameter("no such account; see `linban staff list`", param_hint="username")
    return found


@staff.command("list")
def list_() -> None:
    """List every account: user name, role, department, jurisdiction, and whether it is closed."""
    from sqlmodel import select

    from app.accounts.models import Staff
    from app.core import db

    with db.reading() as session:
        for row in session.exec(select(Staff).order_by(Staff.username)):
            print(
                f"{row.username:20} {row.role:14} {row.department_id:10} {row.jurisdiction:14}{'' if row.active else 'closed'}"
            )


@staff.command("reset-password")
def reset_password(username: str) -> None:
    """Print a one-time password, good for 24 hours; the account's sessions end."""
    from app.accounts import staff as accounts
    from app.core import db
    from app.core.clock import utcnow

    with _refusing(), db.writing() as session:
        password = accounts.reset_password(session, None, _account(session, username), utcnow())
    print(f"The one-time password of {username}, good for 24 hours: {password}")


@staff.command("reset-second-factor")
def reset_second_factor(username: str) -> None:
    """Forget a lost second factor and its recovery codes; it is set up anew at the next sign-in."""
    from app.accounts import staff as accounts
    from app.core import db
    from app.core.clock import utcnow

    with _refusing(), db.writing() as session:
        accounts.reset_second_factor(session, None, _account(session, username), utcnow())
    print(f"{username} sets up a second factor at the next sign-in.")


@staff.command("unlock")
def unlock(username: str) -> None:
    """End a lock after wrong passwords or codes."""
    from app.accounts import staff as accounts
    from app.core import db
    from app.core.clock import utcnow

    with _refusing(), db.writing() as session:
        accounts.unlock(session, None, _account(session, username), utcnow())
    print(f"{username} may try again.")


@staff.command("close")
def close_account(username: str) -> None:
    """Close an account; its sessions end at once."""
    from app.accounts import staff as accounts
    from app.core import db
    from app.core.clock import utcnow

    with _refusing(), db.writing() as session:
        accounts.deactivate(session, None, _account(session, username), utcnow())
    print(f"{username} is closed.")


@keys.command("rotate")
def rotate() -> None:
    """Add a sealing key: new data uses it, old data stays readable. Running servers use it after their next start."""
    from app.core import crypto

    print(f"Sealing with {crypto.rotate()} from the next start on. Back up keys.json now.")


@keys.command("rotate-push")
def rotate_push() -> None:
    """Add a key for web push: phones that are opened move to it by themselves, others are reached by the old one."""
    from app.core import push_keys

    print(f"New subscriptions use {push_keys.rotate()} from now on; no restart is needed. Back up keys.json now.")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
