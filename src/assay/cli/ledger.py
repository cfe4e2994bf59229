"""`assay ledger`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.options import DEFAULT_PROGRAM, KnownAtOption, ProgramOption, moment_of

ledger_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@ledger_app.callback()
def _commands() -> None:
    """Look into a ledger of facts."""


@ledger_app.command()
def show(
    ledger: Annotated[Path, typer.Option("--ledger", metavar="DIR", help="The ledger.")],
    known_at: KnownAtOption = None,
    program: ProgramOption = DEFAULT_PROGRAM,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show tables, totals and batches of a ledger, and what its rows name that is not known."""
    from assay.jobs.imports.show_ledger import show_ledger

    told = show_ledger(ledger, program, known_at=moment_of(known_at, option="--known-at"))
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in (*_tables(told["tables"]), "", *_batches(told["batches"])):
        typer.echo(line.rstrip())
    for found in told["unresolved"]:
        first = ", ".join(f"{n['value']!r} ({n['file']}, row {n['row']})" for n in found["first"])
        rows = f"{found['rows']:,} rows of {found['table']}"
        typer.echo(f"{rows} name an unknown {found['column']}: {first}")


@ledger_app.command()
def undo(
    batch: Annotated[int, typer.Argument(metavar="BATCH", min=1, help="Its number.")],
    ledger: Annotated[Path, typer.Option("--ledger", metavar="DIR", help="The ledger.")],
    program: ProgramOption = DEFAULT_PROGRAM,
) -> None:
    """Undo a batch: a new batch restates what it did. What was known before stays readable."""
    from assay.jobs.imports.undo_batch import undo_batch

    done = undo_batch(ledger, program, batch, at=datetime.now(UTC))
    again = "was undone already, by" if done.again else "is undone by"
    typer.echo(f"Batch {batch} ({done.file}) {again} batch {done.batch}.")


def _tables(tables: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"{'table':<20}{'rows':>14}{'restated':>12}  {'newest':<12}totals"]
    for name, held in tables.items():
        totals = ", ".join(f"{column} {sum_}" for column, sum_ in held["totals"].items())
        newest = held["newest"] or "–"
        lines.append(f"{name:<20}{held['rows']:>14,}{held['restated']:>12,}  {newest:<12}{totals}")
    return lines


def _batches(batches: list[dict[str, Any]]) -> list[str]:
    lines = [f"{'batch':>5}  {'imported at':<34}{'kept':>12}{'restatements':>14}  file (source)"]
    for batch in batches:
        rows = batch["rows"]
        lines.append(
            f"{batch['batch']:>5}  {batch['imported_at']:<34}{rows['kept']:>12,}"
            f"{rows['restatements']:>14,}  {batch['file']} ({batch['source']})"
        )
    return lines
