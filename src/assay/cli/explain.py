"""`assay explain`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import (
    DEFAULT_PROGRAM,
    FactsOption,
    KnownAtOption,
    LedgerOption,
    OnOption,
    ProgramOption,
    day_of,
    source_of,
)

NARROWEST, WIDEST = 60, 120


def explain(
    partner: Annotated[str, typer.Argument(help="The partner's id.")],
    on: OnOption,
    program: ProgramOption = DEFAULT_PROGRAM,
    facts: FactsOption = None,
    ledger: LedgerOption = None,
    known_at: KnownAtOption = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Show the rows that were counted, and those left out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page that one can send, with rows."),
    ] = None,
) -> None:
    """Explain one partner's decision: every requirement of every tier, and how far off it is."""
    from assay.jobs.reviews.explain import explain_decision
    from assay.words.explanation_document import explanation_document
    from assay.words.explanation_text import explanation_text

    told, explanation = explain_decision(
        program,
        source_of(facts, ledger, known_at),
        partner,
        on=day_of(on, option="--on"),
        rows=rows or html is not None,
    )
    if html is not None:
        from assay.jobs.operations.pages import write_page
        from assay.words.explanation_page import explanation_page

        write_page(html, explanation_page(explanation, told))
    if as_json:
        document = explanation_document(explanation, told)
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROWEST), WIDEST)
    typer.echo(explanation_text(explanation, told, rows=rows, width=width), nl=False)
    if html is not None:
        typer.echo(f"\nThe page is {html}")
