"""What the installation knows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

MOST_BACKUPS = 10


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A backup in the installation's folder; `size` in bytes."""

    name: str
    size: int
    made_at: datetime


def schema_is_current() -> bool:
    """Tell whether the database has every table as this version of the product wants it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def newest_backups(folder: Path) -> tuple[Archive, ...]:
    """Return the newest backups that lie in an installation's folder, newest first."""
    found = sorted((folder / "backups").glob("*.tar"), reverse=True)[:MOST_BACKUPS]
    return tuple(
        Archive(
            name=path.name,
            size=path.stat().st_size,
            made_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
        for path in found
    )
