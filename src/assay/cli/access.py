"""`assay access`: the judgement of an address, as the portal makes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

access = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@access.callback()
def _commands() -> None:
    """Say whether an address is at a private domain."""


@access.command()
def check(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")],
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="An installation, whose own lists count too."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say whether an address is at a private domain, and why.

    What is no address is not private. The exit status is 0 whatever the judgement.
    """
    from assay.core.addresses import judge
    from assay.documents.mail_lists import shipped_lists

    own: dict[str, bool] = {}
    if folder is not None:
        from assay.jobs.operations.installation import open_installation

        open_installation(folder)
        from assay.store.queries.access.domains import own_domains

        own = own_domains()
    judged = judge(address, shipped_lists(), own)
    if as_json:
        told = {"private": judged.private, "reason": judged.reason}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    said = "Private." if judged.private else "Not private."
    typer.echo(" ".join(part for part in (said, judged.reason, judged.help) if part))
