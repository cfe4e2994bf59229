"""Back up an installation: database, ledger, files, programs, keys; one archive, checksums."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy2

from assay.core.issues import Issue, Refused
from assay.gateways import postgres
from assay.gateways.archive import write_archive
from assay.gateways.checkpoints import Checkpoints
from assay.gateways.installation import Installation
from assay.jobs.operations.heartbeat import beat
from assay.ledger.disk import one_writer, sync_file

PARTS = ("ledger", "files", "programs", "keys", "installation.json")


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """Where the archive is, how many files are in it, and its size in bytes."""

    path: Path
    files: int
    size: int


def back_up(installation: Installation, out: Path | None, *, at: datetime) -> BackedUp:
    """Write a backup, to `out` or a new archive in the installation's folder `backups`.

    The database is as of one moment; the ledger is copied after it while nobody appends, so what
    the database knows of is in it. Checkpoints of the record are copied before it: the events that
    they name are in it. The archive appears when it is whole and on disk. Raises Refused where it
    cannot be written or is there already.
    """
    path = out or installation.made("backups") / f"assay-{at:%Y%m%dT%H%M%SZ}.tar"
    if path.exists():
        raise Refused(Issue(file=str(path), message="is there already", hint="name another file"))
    fresh = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, ExitStack() as held:
            dumped = Path(folder) / postgres.DUMP
            checkpoints = _checkpoints(installation, Path(folder))
            postgres.dump(installation.database_url(), dumped)
            if installation.ledger.exists():
                held.enter_context(one_writer(installation.ledger))
            named = [(postgres.DUMP, dumped), *checkpoints, *_files(installation.folder)]
            files = write_archive(fresh, named, at=at)
        sync_file(fresh)
        fresh.chmod(0o600)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        reason = error.strerror or "cannot be written"
        raise Refused(Issue(file=str(path), message=reason, hint="name another --out")) from None
    size = path.stat().st_size
    beat("backup", at=at, words=f"{path.name}, {size:,} bytes")
    return BackedUp(path=path, files=files, size=size)


def _checkpoints(installation: Installation, folder: Path) -> list[tuple[str, Path]]:
    """Copy the checkpoints of the record as they are now; return name and path of the copy."""
    path = Checkpoints.of(installation).path
    if not path.exists():
        return []
    return [(path.relative_to(installation.folder).as_posix(), Path(copy2(path, folder)))]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file that belongs to an installation, in a fixed order.

    What the ledger lends to running imports comes and goes, and belongs to nobody.
    """
    lent = folder / "ledger" / "scratch"
    for part in PARTS:
        root = folder / part
        found = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in found:
            if path.is_file() and lent not in path.parents:
                yield path.relative_to(folder).as_posix(), path
