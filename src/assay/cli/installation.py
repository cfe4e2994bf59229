"""Commands that make, serve and look after an installation."""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.options import DEFAULT_PROGRAM
from assay.core.issues import Issue, Refused

DirOption = Annotated[
    Path, typer.Option("--dir", metavar="DIR", help="The folder of the installation.")
]
PortOption = Annotated[
    int, typer.Option("--port", metavar="N", help="The port on 127.0.0.1; 0 takes a free one.")
]
ServeOption = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or stop here.")]
DEMO_DESK = "Partner program desk (demo) <desk@demo.example>"


def demo(
    folder: DirOption = Path("build/demo"), port: PortOption = 8000, serve: ServeOption = True
) -> None:
    """Make a demo marketplace with people to sign in as, and serve it on 127.0.0.1.

    A demo that is there already is served as it is. Its one-time links are made anew each time.
    """
    from assay.cli.bars import step_bar
    from assay.cli.imported import counted
    from assay.cli.run import tell
    from assay.jobs.operations.installation import open_installation

    now = datetime.now(UTC)
    base_url = _address(port)
    os.environ.setdefault("ASSAY_CONTACT", DEMO_DESK)
    installation = open_installation(folder, made=False)
    installation.mark(base_url=base_url)
    from assay.jobs.demo.make_demo import make_demo, write_personas

    if not installation.exists:
        with step_bar() as on_step:
            run = make_demo(DEFAULT_PROGRAM, installation, at=now, on_step=on_step)
        typer.echo(counted(run.imported))
        tell(run.years)
    path = installation.folder / "personas.json"
    for persona in write_personas(path, base_url=base_url, at=now):
        typer.echo(f"{persona.persona:<20} {persona.sign_in_url}")
    typer.echo(f"\nSign-in links, each for one use: {path}")
    _serve(base_url, serve=serve)


def start(
    folder: DirOption = Path("assay-home"),
    port: PortOption = 8000,
    administrator: Annotated[
        str, typer.Option(metavar="EMAIL", help="The first administrator's address.")
    ] = "administrator@localhost",
    serve: ServeOption = True,
) -> None:
    """Serve an installation; an empty one is made where there is none.

    As long as nobody has signed in as administrator, it prints a one-time link for the first.
    """
    from assay.jobs.operations.installation import open_installation

    now = datetime.now(UTC)
    base_url = _address(port)
    installation = open_installation(folder, made=False)
    installation.mark(base_url=base_url)
    from assay.jobs.people.first_administrator import first_administrator

    if not installation.exists:
        installation.mark(made_at=now.isoformat())
    link = first_administrator(administrator, base_url=base_url, at=now)
    if link:
        typer.echo(f"The first administrator signs in once with {link}")
    _serve(base_url, serve=serve)


def sign_in_link(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose account it is.")],
    folder: DirOption = Path("assay-home"),
) -> None:
    """Print a one-time link that signs a person in: for those who are locked out.

    It names the address that the installation was served at last.
    """
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.people.sign_in_links import link_for

    base_url = os.environ.get("ASSAY_BASE_URL") or installation.base_url
    typer.echo(link_for(email, base_url=base_url, at=datetime.now(UTC)))


def doctor(
    folder: DirOption = Path("assay-home"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check database, ledger, mail, clock, time zones, disk, worker and backup; say how to mend.

    The exit status is 1 where something needs mending.
    """
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.operations.doctor import examine

    checks = examine(installation, at=datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps([check.document() for check in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{'ok ' if check.well else 'BAD'} {check.part:<11} {check.words}")
            if check.mend:
                typer.echo(f"{'':<16}{check.mend}")
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def backup(
    folder: DirOption = Path("assay-home"),
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The archive; default: a new one in DIR."),
    ] = None,
) -> None:
    """Write database, ledger, files and keys to one archive with checksums."""
    from assay.jobs.operations.installation import open_installation

    installation = open_installation(folder)
    from assay.jobs.operations.backup import back_up

    done = back_up(installation, out, at=datetime.now(UTC))
    typer.echo(f"Backup: {done.path} ({done.files:,} files, {done.size:,} bytes)")


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="What `assay backup` wrote.")],
    folder: DirOption = Path("assay-home"),
) -> None:
    """Bring an installation back from a backup into an empty folder; every checksum is checked."""
    from assay.jobs.operations.restore import restore as bring_back

    done = bring_back(archive, folder, at=datetime.now(UTC))
    typer.echo(f"Restored: {done.folder} ({done.files:,} files, {done.rows:,} rows)")


def _address(port: int) -> str:
    """Return the address that people use, and tell it to the settings."""
    port = port or _free(0)
    os.environ["ASSAY_PORT"] = str(port)
    return os.environ.setdefault("ASSAY_BASE_URL", f"http://127.0.0.1:{port}")


def _free(port: int) -> int:
    """Return the port, or any where it is 0; raises Refused where somebody listens on it."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as error:
            reason = error.strerror or "cannot be used"
            issue = Issue(file="--port", value=str(port), message=reason, hint="try --port 0")
            raise Refused(issue) from None
        return int(taken.getsockname()[1])


def _serve(base_url: str, *, serve: bool) -> None:
    """Become the process that serves, or say that it is made."""
    if not serve:
        return
    _free(int(os.environ["ASSAY_PORT"]))
    typer.echo(f"\nServing {base_url}/ (Ctrl-C stops it)")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "assay.site"])  # noqa: S606 - no shell
