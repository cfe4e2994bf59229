"""`assay import`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from assay.cli.options import DEFAULT_PROGRAM, ProgramOption, day_of
from assay.jobs.import_reports import (
    MOST_TOLD,
    Imported,
    Order,
    Stage,
    Step,
    import_reports,
    unresolved_issue,
)

_COUNTS = ("read", "kept", "already_held", "restatements", "rejected")


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
    order = Order.under(
        program,
        source=source,
        partner_id=partner,
        as_of=None if as_of is None else day_of(as_of, option="--as-of"),
    )
    with progress_bar() as on_progress:
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


def tell(done: Sequence[Imported]) -> None:
    """Print the counts of every file, and on standard error what a person should look at."""
    width = max(len("file"), *(len(imported.file) for imported in done))
    typer.echo(f"{'file':<{width}}" + "".join(f"{name.replace('_', ' '):>14}" for name in _COUNTS))
    for imported in done:
        typer.echo(f"{imported.file:<{width}}{_counts_told(imported)}")
    for imported in done:
        for line in _remarks(imported):
            typer.echo(line, err=True)


def _counts_told(imported: Imported) -> str:
    if imported.receipt is None:
        return f"{'refused':>14}"
    counts = asdict(imported.receipt.counts)
    told = "".join(f"{counts[name]:>14,}" for name in _COUNTS)
    return (
        f"{told}   already held as batch {imported.receipt.batch}"
        if imported.receipt.again
        else told
    )


def _remarks(imported: Imported) -> Iterator[str]:
    yield from map(str, imported.refused)
    yield from (f"{imported.file}: {note}" for note in imported.notes)
    yield from map(str, imported.rejected)
    rejected = imported.receipt.counts.rejected if imported.receipt else 0
    if rejected > MOST_TOLD and imported.rejects is None:
        more = rejected - MOST_TOLD
        yield f"{imported.file}: {more} more rows rejected; --rejects FILE.csv lists them all"
    if imported.rejects is not None:
        yield f"{imported.file}: rejected rows are in {imported.rejects}; mend and import them"
    yield from (str(unresolved_issue(found)) for found in imported.unresolved)


class _Speed(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        """Write the speed of a task, once it is known."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@contextmanager
def progress_bar() -> Iterator[Callable[[Step], None] | None]:
    """Show a bar on standard error with rows per second and time left; silent elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        _Speed(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        tasks = {}

        def show(step: Step) -> None:
            if step.file not in tasks:
                tasks[step.file] = progress.add_task(f"reading {step.file}", total=step.expected)
            if step.stage is Stage.KEEPING:
                progress.reset(tasks[step.file], description=f"keeping {step.file}", total=None)
            progress.update(tasks[step.file], completed=step.rows)

        yield show
