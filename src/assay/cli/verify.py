"""`assay verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What was exported.")],
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help="The keys it may be signed by (a JWK Set)."),
    ] = None,
) -> None:
    """Check an exported record, of a review or of who did what, without the installation."""
    from assay.jobs.records.verify_file import verify_file

    done = verify_file(file, keys=keys)
    typer.echo(f"{file}: {done.words}")
    typer.echo("Every byte is as it was signed.")
    whose = "is one of the keys given" if done.known else "give --keys to see whose it is"
    for key in done.key_ids:
        typer.echo(f"Key {key}: {whose}.")
