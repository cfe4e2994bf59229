"""`assay run`: two years of reviews on a made-up marketplace, or on one's own facts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.options import DEFAULT_PROGRAM, FactsOption, ProgramOption

if TYPE_CHECKING:
    from assay.jobs.review_years import YearsReviewed


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
    from assay.cli.bars import step_bar
    from assay.cli.imported import counted
    from assay.jobs.facts import Source
    from assay.jobs.review_years import review_years
    from assay.jobs.run_demo import run_demo

    now = datetime.now(UTC)
    if facts is not None:
        tell(review_years(program, Source(folder=facts), folder / "reviews", today=now.date()))
        return
    with step_bar() as on_step:
        done = run_demo(program, folder, at=now, on_step=on_step)
    typer.echo(counted(done.imported))
    typer.echo(f"Ledger: {done.ledger}")
    tell(done.years)


def tell(years: YearsReviewed) -> None:
    """Print both reviews, the later one whole, and where the results are."""
    from assay.words.review_text import review_text
    from assay.words.reviewed import headline

    earlier, later = years.summaries
    width = shutil.get_terminal_size().columns
    typer.echo(f"\n{headline(earlier, years.program)[0]}\n")
    typer.echo(review_text(later, years.program, width=width))
    typer.echo(f"Decisions and findings: {years.folder}")
    typer.echo(f"Report: {years.report}")
