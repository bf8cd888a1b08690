"""`linban texts`: what those do who write and review what messages say."""

import typer

texts = typer.Typer(no_args_is_help=True, help="What messages say.")


@texts.command("check")
def check() -> None:
    """Read what messages say strictly: every mistake with file and line, events without a text, texts without an event."""
    from app import message_kinds
    from app.messages import kinds

    findings = kinds.check() or message_kinds.findings()
    for finding in findings:
        typer.echo(finding)
    typer.echo("Every message has its text." if not findings else f"{len(findings)} mistake{'s' if len(findings) > 1 else ''}.")
    raise typer.Exit(1 if findings else 0)


@texts.command("table")
def table() -> None:
    """Print the kinds of messages as docs/messages.md lists them."""
    from app import message_kinds

    typer.echo("\n".join(message_kinds.table()))
