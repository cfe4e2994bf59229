"""The `assay` command: every sub-command, and the one place where refusals are told."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from assay.cli.access import access
from assay.cli.audit import audit_app, keys_app
from assay.cli.badge import badge_app
from assay.cli.clock import clock
from assay.cli.explain import explain
from assay.cli.import_ import import_
from assay.cli.installation import backup, demo, doctor, restore, sign_in_link, start
from assay.cli.ledger import ledger_app
from assay.cli.mail import mail_app
from assay.cli.program import program
from assay.cli.replay import replay
from assay.cli.review import review
from assay.cli.reviews import record_app, reviews
from assay.cli.run import run
from assay.cli.verify import verify
from assay.cli.year import year
from assay.core.issues import Refused

app = typer.Typer(
    name="assay",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("import")(import_)
app.add_typer(ledger_app, name="ledger")
app.add_typer(mail_app, name="mail")
app.command()(review)
app.command()(reviews)
app.command()(replay)
app.add_typer(record_app, name="record")
app.command()(verify)
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(badge_app, name="badge")
app.command()(explain)
app.command()(clock)
app.add_typer(program, name="program")
app.add_typer(access, name="access")
app.command()(run)
app.command()(year)
app.command()(demo)
app.command()(start)
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command("sign-in-link")(sign_in_link)


def _told_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"assay {version('assay')}")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option("--version", callback=_told_version, is_eager=True, help="Tell the version."),
]


@app.callback()
def _commands(version: VersionOption = False) -> None:
    """Run a marketplace partner program: reviews, explained decisions, one ledger of facts."""


def main() -> None:
    """Run the command line; a refusal is one line a problem on standard error and status 1."""
    try:
        app()
    except Refused as refused:
        for issue in refused.issues:
            typer.echo(issue, err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
