"""`assay mail`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from assay.cli.installation import DirOption

mail_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_MOST_BYTES = 26 * 1024 * 1024


@mail_app.callback()
def _commands() -> None:
    """Take mail that comes in."""


@mail_app.command()
def receive(folder: DirOption = Path("assay-home")) -> None:
    """Read one message (RFC 5322) on standard input, as a mail server's pipe calls it.

    A mail of staff opens an escalation; one that a machine sent by itself is dropped.
    """
    from assay.jobs.operations.installation import open_installation

    raw = sys.stdin.buffer.read(_MOST_BYTES)
    open_installation(folder)
    from assay.jobs.escalations.receive_mail import receive_mail

    received = receive_mail(raw, at=datetime.now(UTC))
    if received.escalation is None:
        typer.echo(f"Dropped: {received.dropped}")
        return
    opened = received.escalation
    typer.echo(f"Opened {opened.key} to {opened.partner}: {opened.subject}")
