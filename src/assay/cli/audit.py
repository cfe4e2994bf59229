"""`assay audit` and `assay keys`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typer

from assay.cli.installation import DirOption
from assay.cli.reviews import OutOption

audit_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
keys_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@audit_app.callback()
def _audit() -> None:
    """Check and export the record of who did what."""


@audit_app.command("verify")
def verify_audit(folder: DirOption = Path("assay-home")) -> None:
    """Walk along the whole record: a change, a gap or a cut is told with its first bad event."""
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.records.check_events import check_events

    found = check_events(installation)
    typer.echo(f"The record is {found}")
    if found.broken is not None:
        raise typer.Exit(1)


@audit_app.command("export")
def export_audit(out: OutOption, folder: DirOption = Path("assay-home")) -> None:
    """Write the whole record to a file, a line an event, with a seal that signs it."""
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.records.export_events import export_events

    typer.echo(f"Record: {out} ({export_events(installation, out):,} events)")


@keys_app.callback()
def _keys() -> None:
    """Look at the keys that an installation signs with."""


@keys_app.command()
def show(folder: DirOption = Path("assay-home")) -> None:
    """Print the public keys as a JWK Set, the one in use first, the former ones after it."""
    from assay.gateways.keys import Keys
    from assay.jobs.operations.installation import open_installation

    typer.echo(json.dumps(Keys.of(open_installation(folder)).jwks(), indent=2))


@keys_app.command()
def rotate(folder: DirOption = Path("assay-home")) -> None:
    """Sign with a new key from now on; what former ones signed can still be checked."""
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.records.rotate_key import rotate_key

    typer.echo(f"Key {rotate_key(installation, at=datetime.now(UTC))['kid']} signs from now on")
