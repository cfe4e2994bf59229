"""The `assay` command: every sub-command, and the one place where refusals are told."""

from __future__ import annotations

import sys

import typer

from assay.cli.review import review
from assay.core.issues import Refused

app = typer.Typer(
    name="assay",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(review)


@app.callback()
def _commands() -> None:
    """Run a marketplace partner program: reviews, explained decisions, one ledger of facts."""


def main() -> None:
    """Run the command line; a refusal is one line a problem on standard error and status 1."""
    try:
        app()
    except Refused as refused:
        for issue in refused.issues:
            print(issue, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
