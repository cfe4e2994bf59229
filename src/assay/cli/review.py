"""`assay review`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import (
    FactsOption,
    KnownAtOption,
    LedgerOption,
    OnOption,
    day_of,
    source_of,
)
from assay.jobs.review import review_facts


def review(
    program: Annotated[str, typer.Argument(help="A program's folder, or NAME@VERSION.")],
    on: OnOption,
    facts: FactsOption = None,
    ledger: LedgerOption = None,
    known_at: KnownAtOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write decisions and findings here.")
    ] = None,
    file_format: Annotated[
        str, typer.Option("--format", metavar="csv|parquet", help="The files' format.")
    ] = "csv",
    engine: Annotated[
        str,
        typer.Option("--engine", help="duckdb, spark://HOST:PORT or sc://HOST:PORT."),
    ] = "duckdb",
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse facts that refer to something not known.")
    ] = False,
) -> None:
    """Review every partner: decisions by tier, with a finding for every requirement."""
    done, _ = review_facts(
        program,
        source_of(facts, ledger, known_at),
        on=day_of(on, option="--on"),
        engine=engine,
        strict=strict,
        out=out,
        file_format=file_format,
    )
    for tier, count in done.counts.items():
        typer.echo(f"{tier:<12}{count:>8}")
