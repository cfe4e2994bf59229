"""The ledger's directory: on disk for sure, one writer at a time, nothing left lying about.

- `LEDGER/lock`: held by the one who writes
- `LEDGER/facts/`: the Delta Lake table
- `LEDGER/scratch/`: a folder for each import at work, locked by it
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


def sync_file(path: Path) -> None:
    """Return when the bytes (or, for a folder, the names) of `path` are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[Path]) -> None:
    """Return when these files are on disk, and the folders that name them, up to `facts/`."""
    files = tuple(paths)
    for file in files:
        sync_file(file)
    folders = {file.parent for file in files}
    for folder in sorted(folders | {folder.parent for folder in folders}):
        sync_file(folder)


@contextmanager
def one_writer(ledger: Path) -> Iterator[None]:
    """Wait until nobody else writes, and keep others waiting; a killed writer lets go."""
    (ledger / "lock").touch()
    with _locked(ledger / "lock"):
        yield


@contextmanager
def scratch_folder(ledger: Path) -> Iterator[Path]:
    """Lend a folder on the ledger's own disk; take away those whose borrower was killed."""
    home = ledger / "scratch"
    home.mkdir(exist_ok=True)
    with ExitStack() as borrowed:
        with _locked(home):
            _sweep(home)
            folder = Path(tempfile.mkdtemp(dir=home))
            borrowed.enter_context(_locked(folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_facts(facts: Path, *, last: int) -> None:
    """Remove what a killed writer left: Parquet files of a batch after the `last` committed."""
    for file in facts.glob("fact=*/*.parquet"):
        if batch_of(file) > last:
            file.unlink()
    for draft in (facts / "_delta_log").glob("*#*"):
        draft.unlink()


def batch_of(file: Path) -> int:
    """Return the batch that wrote a Parquet file: its name begins with it; 0 for another's."""
    batch = file.name.split("-", 1)[0]
    return int(batch) if batch.isdigit() else 0


def _sweep(home: Path) -> None:
    for folder in home.iterdir():
        with suppress(BlockingIOError), _locked(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a file or folder; raises BlockingIOError where it may not wait."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
