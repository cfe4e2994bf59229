"""Restore an installation from a backup; nothing is there unless every checksum is right."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.core.issues import Issue, Refused
from assay.gateways import postgres
from assay.gateways.archive import unpack_archive
from assay.gateways.installation import Installation
from assay.jobs.operations.installation import open_installation


@dataclass(frozen=True, kw_only=True)
class Restored:
    """The folder of the installation, and how many files and database rows came back."""

    folder: Path
    files: int
    rows: int


def restore(archive: Path, folder: Path, *, at: datetime) -> Restored:
    """Bring an installation back into `folder`, which must be empty or missing.

    Raises Refused where the archive is no backup, is damaged, or the place is taken.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            Issue(file=str(folder), message="is not empty", hint="restore into a new --dir")
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        names = unpack_archive(archive, fresh)
        if folder.exists():
            folder.rmdir()
        fresh.chmod(0o755)
        fresh.rename(folder)
        fresh = folder
        postgres.restore(Installation.at(folder).database_url(), folder / postgres.DUMP)
        (folder / postgres.DUMP).unlink()
        open_installation(folder)
        return Restored(folder=folder, files=len(names), rows=_rows(at))
    except BaseException:
        postgres.stop(fresh / "postgres")
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _rows(at: datetime) -> int:
    """Count the rows of every table, and record that they came back."""
    from django.apps import apps  # noqa: PLC0415 - Django is set up by now

    from assay.jobs.operations.events import record  # noqa: PLC0415 - likewise

    tables = apps.get_app_config("store").get_models()
    rows = sum(table._default_manager.count() for table in tables)  # noqa: SLF001 - Django's name
    record("restored", "The installation was restored from a backup", at=at)
    return rows
