"""`assay replay`."""

from __future__ import annotations

from pathlib import Path

import typer

from assay.cli.installation import DirOption
from assay.cli.reviews import ReviewArgument


def replay(review: ReviewArgument, folder: DirOption = Path("assay-home")) -> None:
    """Compute a closed review again from its record, and compare every decision and finding.

    So is what appeals and corrections decided on corrected facts.

    The program comes from the record, the facts from the ledger as it was known then.
    """
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.records.replay_review import replay_review

    done = replay_review(installation, review)
    what = f"Review {done.review} of {done.on}: {done.decisions:,} decisions, "
    since = f"; cases decided since: {done.cases}" if done.cases else ""
    if done.difference is None:
        typer.echo(f"{what}{done.findings:,} findings, equal to the record byte by byte{since}")
        return
    typer.echo(f"{what}{done.findings:,} findings; the first difference:\n{done.difference}")
    raise typer.Exit(1)
