"""`assay demo`: a made-up installation, served on this machine."""

from __future__ import annotations

import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import DEFAULT_PROGRAM


def demo(
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="The installation's folder.")
    ] = Path("build/demo"),
    port: Annotated[
        int, typer.Option(metavar="N", help="The port on 127.0.0.1; 0 takes a free one.")
    ] = 8000,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve it, or make it and stop.")
    ] = True,
) -> None:
    """Make a demo marketplace with people to sign in as, and serve it on 127.0.0.1."""
    from assay.cli.bars import step_bar
    from assay.cli.imported import counted
    from assay.cli.run import tell
    from assay.jobs.installation import open_installation

    now = datetime.now(UTC)
    port = port or _free_port()
    base_url = f"http://127.0.0.1:{port}"
    os.environ.setdefault("ASSAY_BASE_URL", base_url)
    fresh = not (folder / "installation.json").exists()
    installation = open_installation(folder)
    from assay.jobs.make_demo import make_demo, write_personas

    if fresh:
        with step_bar() as on_step:
            run = make_demo(DEFAULT_PROGRAM, installation, at=now, on_step=on_step)
        typer.echo(counted(run.imported))
        tell(run.years)
    personas = write_personas(installation.folder / "personas.json", base_url=base_url, at=now)
    for persona in personas:
        typer.echo(f"{persona.persona:<20} {persona.sign_in_url}")
    typer.echo(f"\n{base_url}/" if serve else f"\nMade: {installation.folder}")
    if serve:
        sys.stdout.flush()
        environment = {**os.environ, "ASSAY_PORT": str(port)}
        os.execve(sys.executable, [sys.executable, "-m", "assay.site"], environment)  # noqa: S606


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
