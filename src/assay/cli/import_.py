"""`assay import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import DEFAULT_PROGRAM, ProgramOption, day_of


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Reports or fact tables.")],
    ledger: Annotated[
        Path, typer.Option("--ledger", metavar="DIR", help="The ledger; made where there is none.")
    ],
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Who sent the files.")],
    partner: Annotated[
        str | None,
        typer.Option("--partner", metavar="ID", help="Whose report it is, if its rows do not say."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day it was taken, if it does not say."),
    ] = None,
    program: ProgramOption = DEFAULT_PROGRAM,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE.csv", help="Write rejected rows here, to mend."),
    ] = None,
) -> None:
    """Import marketplace reports and fact tables into a ledger, each file all or nothing."""
    from assay.cli.bars import import_bar
    from assay.cli.imported import tell
    from assay.jobs.imports.import_reports import Order, import_reports

    order = Order.under(
        program,
        source=source,
        partner_id=partner,
        as_of=None if as_of is None else day_of(as_of, option="--as-of"),
    )
    with import_bar() as on_progress:
        done = import_reports(
            ledger,
            files,
            order,
            imported_at=datetime.now(UTC),
            rejects_to=rejects,
            on_progress=on_progress,
        )
    tell(done)
    if not all(imported.is_read for imported in done):
        raise typer.Exit(1)
