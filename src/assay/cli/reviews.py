"""`assay reviews` and `assay record`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.installation import DirOption

record_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
ReviewArgument = Annotated[
    int, typer.Argument(metavar="REVIEW", help="A review's number, as `assay reviews` lists it.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="A file not there yet.")]


@record_app.callback()
def _commands() -> None:
    """Take the signed records of closed reviews elsewhere."""


def reviews(
    folder: DirOption = Path("assay-home"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the reviews: number, state, day, partners by computed tier."""
    from assay.jobs.operations.installation import open_installation

    open_installation(folder)
    from assay.store.queries.reviews.records import listed_reviews

    found = listed_reviews()
    if as_json:
        typer.echo(json.dumps([review.document for review in found], indent=2))
        return
    typer.echo(f"{'review':>6}  {'on':<10}  {'state':<9}  {'record':<6}  partners by tier")
    for review in found:
        counts = ", ".join(f"{count:,} {tier}" for tier, count in review.counts.items())
        kept = "signed" if review.record else ""
        typer.echo(f"{review.id:>6}  {review.on}  {review.state:<9}  {kept:<6}  {counts}")


@record_app.command()
def export(review: ReviewArgument, out: OutOption, folder: DirOption = Path("assay-home")) -> None:
    """Write the signed record of a closed review to a file; `assay verify` checks it anywhere."""
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.records.export_record import export_record

    size = export_record(installation, review, out, at=datetime.now(UTC))
    typer.echo(f"Record of review {review}: {out} ({size:,} bytes)")
