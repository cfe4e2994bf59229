"""`assay review`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.options import (
    FactsOption,
    KnownAtOption,
    LedgerOption,
    OnOption,
    day_of,
    source_of,
)

FormatOption = Annotated[
    str, typer.Option("--format", metavar="csv|parquet", help="The files' format.")
]

if TYPE_CHECKING:
    from assay.core.program import Program
    from assay.core.summaries import ReviewSummary


def review(
    program: Annotated[str, typer.Argument(help="A program's folder, or NAME@VERSION.")],
    on: OnOption,
    facts: FactsOption = None,
    ledger: LedgerOption = None,
    known_at: KnownAtOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write decisions and findings here.")
    ] = None,
    file_format: FormatOption = "csv",
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb, spark://HOST:PORT or sc://HOST:PORT.")
    ] = "duckdb",
    before: Annotated[
        Path | None,
        typer.Option("--before", metavar="FILE", help="Earlier decisions, to show who moved."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help="Write a page with plots."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse facts that refer to something not known.")
    ] = False,
) -> None:
    """Review every partner: decisions by tier, with a finding for every requirement."""
    from assay.cli.bars import work_bar
    from assay.jobs.reviews.review import check_format, review_facts, summary_of, write_review
    from assay.words.review_text import review_text

    check_format(file_format)
    with work_bar() as on_work:
        reviewed = review_facts(
            program,
            source_of(facts, ledger, known_at),
            on=day_of(on, option="--on"),
            engine=engine,
            strict=strict,
            summarised=True,
            before=before,
            on_work=on_work,
        )
    if out is not None:
        write_review(reviewed, out, file_format=file_format)
    summary = summary_of(reviewed)
    if report is not None:
        _write_report(report, summary, reviewed.done.program)
    columns = shutil.get_terminal_size().columns
    typer.echo(review_text(summary, reviewed.done.program, width=columns), nl=False)


def _write_report(path: Path, summary: ReviewSummary, program: Program) -> None:
    from assay.jobs.operations.pages import write_page
    from assay.words.review_page import review_page

    write_page(path, review_page(summary, program))
