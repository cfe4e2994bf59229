"""`assay badge`: badges as files, and whether one holds."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import day_of

badge_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Write badges to files, and check them offline.",
)


@badge_app.command()
def export(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="The folder of the installation.")
    ] = Path("assay-home"),
) -> None:
    """Write every badge that holds as .jwt, .svg and .png, the keys and the status lists."""
    from assay.gateways.installation import Installation
    from assay.jobs.operations.installation import open_installation

    served = Installation.at(folder).base_url
    if served:
        os.environ.setdefault("ASSAY_BASE_URL", served)
    open_installation(folder)
    from assay.jobs.badges.export_badges import export_badges

    done = export_badges(out, at=datetime.now(UTC))
    typer.echo(f"Exported: {done.folder} ({done.badges:,} badges, {done.lists:,} status lists)")


@badge_app.command()
def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A badge: .jwt, .svg, .png or .json.")
    ],
    keys: Annotated[
        Path,
        typer.Option(
            "--keys", metavar="FILE", help="The issuer's keys: its jwks.json or did.json."
        ),
    ],
    status: Annotated[
        list[Path] | None,
        typer.Option(
            "--status",
            metavar="FILE",
            help="A signed status list; default: status-*.jwt beside the keys.",
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day, YYYY-MM-DD; default: now.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a badge offline: whose it is, that nothing was changed, its dates, its status.

    The exit status is 1 where it is not valid; each reason is told.
    """
    from assay.jobs.badges.verify_badge import verify_badge
    from assay.words.verdicts import verdict_document, verdict_text

    at = datetime.now(UTC)
    if on is not None:
        at = datetime.combine(day_of(on, option="--on"), datetime.min.time(), UTC)
    verdict = verify_badge(file, keys=keys, lists=status or (), at=at)
    if as_json:
        document = verdict_document(verdict, str(file), on=at.date())
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        typer.echo(verdict_text(verdict, str(file), on=at.date()))
    if not verdict.holds:
        raise typer.Exit(1)
