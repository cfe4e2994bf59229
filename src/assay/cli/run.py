"""`assay run`: two years of reviews on a made-up marketplace, or on one's own facts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assay.cli.options import DEFAULT_PROGRAM, FactsOption, ProgramOption
from assay.jobs.facts import Source
from assay.jobs.import_reports import Imported
from assay.jobs.review_years import YearsReviewed, review_years
from assay.jobs.run_demo import run_demo
from assay.words.review_text import review_text
from assay.words.reviewed import headline

_COUNTS = ("read", "kept", "already_held", "restatements", "rejected")


def run(
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where everything is written.")
    ] = Path("build/demo"),
    facts: FactsOption = None,
    program: ProgramOption = DEFAULT_PROGRAM,
) -> None:
    """Review the newest July and the one before: of a made-up marketplace, or of your own facts.

    Without --facts a marketplace is made, and its reports are imported into a ledger first.
    """
    now = datetime.now(UTC)
    if facts is not None:
        tell(review_years(program, Source(folder=facts), folder / "reviews", today=now.date()))
        return
    with _progress() as on_step:
        done = run_demo(program, folder, at=now, on_step=on_step)
    typer.echo(_imported(done.imported))
    typer.echo(f"Ledger: {done.ledger}")
    tell(done.years)


def tell(years: YearsReviewed) -> None:
    """Print both reviews, the later one whole, and where the results are."""
    earlier, later = years.summaries
    width = shutil.get_terminal_size().columns
    typer.echo(f"\n{headline(earlier, years.program)[0]}\n")
    typer.echo(review_text(later, years.program, width=width))
    typer.echo(f"Decisions and findings: {years.folder}")
    typer.echo(f"Report: {years.report}")


def _imported(imported: Sequence[Imported]) -> str:
    """Tell what became of all rows of all reports."""
    counts = [one.receipt.counts for one in imported if one.receipt is not None]
    told = ", ".join(
        f"{sum(getattr(count, name) for count in counts):,} {name.replace('_', ' ')}"
        for name in _COUNTS
    )
    return f"{len(imported)} reports imported; rows: {told}."


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each step on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        tasks = {}

        def on_step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        yield on_step
