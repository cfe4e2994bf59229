"""`assay run`: two years of reviews on one's own facts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.options import DEFAULT_PROGRAM, ProgramOption

if TYPE_CHECKING:
    from assay.jobs.reviews.review_years import YearsReviewed


def run(
    facts: Annotated[
        Path, typer.Option("--facts", metavar="DIR", help="The facts folder to review.")
    ],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where everything is written.")
    ] = Path("build/run"),
    program: ProgramOption = DEFAULT_PROGRAM,
) -> None:
    """Review your own facts for the newest July and the one before, and tell who moved."""
    from assay.jobs.reviews.facts import Source
    from assay.jobs.reviews.review_years import review_years

    today = datetime.now(UTC).date()
    tell(review_years(program, Source(folder=facts), folder / "reviews", today=today))


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
