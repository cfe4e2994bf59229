"""The log: which files make up the ledger at a version, as a Delta Lake table keeps it.

The table lies in `facts/`, partitioned by `fact`. Rows of a table are under the table's name,
the `_row` of older versions under `TABLE.superseded`, monthly totals under `TABLE.totals`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, Field, Schema
from deltalake.exceptions import DeltaError
from deltalake.transaction import (
    AddAction,
    CommitProperties,
    PostCommitHookProperties,
    RemoveAction,
    Transaction,
)

from assay.core.issues import Issue, Refused
from assay.ledger.batches import Batch, read_batch
from assay.ledger.disk import batch_of, sync_all

_EVERY_BATCH = "assay"  # every batch writes this transaction, so no two can follow one version
_FOR_EVER = "interval 36500 days"
_SETTINGS: dict[str, str | None] = {
    "delta.checkpointInterval": "50",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": _FOR_EVER,
    "delta.deletedFileRetentionDuration": _FOR_EVER,
}


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """One Parquet file of the table: its rows, and bounds of the columns that have them."""

    path: str
    fact: str
    rows: int
    size: int
    lowest: Mapping[str, Any]
    highest: Mapping[str, Any]

    def may_hold(self, column: str, lowest: Any, highest: Any) -> bool:  # noqa: ANN401 - any type
        """Whether a value of `column` between the two may stand in this file."""
        low, high = self.lowest.get(column), self.highest.get(column)
        return low is None or high is None or (low <= highest and lowest <= high)


@dataclass(frozen=True, kw_only=True)
class Version:
    """The table at one version: its files, and the last batch (None before the first)."""

    table: DeltaTable
    number: int
    files: tuple[HeldFile, ...]
    batch: Batch | None

    @property
    def last(self) -> int:
        """The number of the last batch, 0 before the first."""
        return self.batch.number if self.batch else 0

    def after(self, moment: datetime) -> datetime:
        """Return when a batch after this version becomes known: time never goes back."""
        return max(moment, self.batch.imported_at) if self.batch else moment

    def of(self, fact: str) -> tuple[HeldFile, ...]:
        """Return the files of one partition, in the order of their paths."""
        return tuple(file for file in self.files if file.fact == fact)

    def with_files(self, added: Iterable[HeldFile]) -> Version:
        """Return the version with files that are not committed."""
        return replace(self, files=(*self.files, *added))

    def only(self, fact: str, batch: int) -> Version:
        """Return the version with only the files of one batch in one partition."""
        others = (
            file for file in self.files if file.fact != fact or batch_of(Path(file.path)) == batch
        )
        return replace(self, files=tuple(others))


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one batch changes: files to add and to take out of the next version, schema."""

    added: tuple[HeldFile, ...]
    removed: tuple[HeldFile, ...]
    fields: tuple[Field, ...]


def create_log(path: Path, fields: tuple[Field, ...]) -> None:
    """Make an empty table at `path`, on disk when this returns."""
    DeltaTable.create(
        path, schema=Schema(list(fields)), partition_by="fact", configuration=_SETTINGS
    )
    sync_all((path / "_delta_log").iterdir())


def read_log(path: Path, *, known_at: datetime | None = None, batch: int | None = None) -> Version:
    """Read the table as it is, or as it was known at a moment or after a batch.

    Raises Refused when damaged.
    """
    try:
        table = DeltaTable(path)
        newest = table.version()
        number, last = _last_batch(path, newest, known_at, batch)
        if known_at is None and batch is None:
            number = newest
        elif number != newest:
            table = DeltaTable(path, version=number)
        files = tuple(sorted(_files(table, path), key=lambda file: file.path))
    except (DeltaError, ValueError, KeyError, FileNotFoundError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refused(
            Issue(
                file=str(path),
                value=told,
                message="the ledger's log cannot be read",
                hint="restore the ledger from a backup",
            )
        ) from error
    return Version(table=table, number=number, files=files, batch=last)


def batches(path: Path, *, until: int) -> tuple[Batch, ...]:
    """Read every batch up to and with version `until`, oldest first."""
    found = (_batch_at(path, number) for number in range(until + 1))
    return tuple(batch for batch in found if batch is not None)


def commit(
    path: Path, version: Version, change: Change, *, batch: Batch, known_as: Mapping[str, int]
) -> None:
    """Add a batch after `version`, all or nothing; it is on disk when this returns.

    `known_as` maps names to the batch that `known_batch` then gives for them; 0 forgets one.
    Raises DeltaError where somebody else committed after `version`.
    """
    table = version.table
    known = {field.name for field in table.schema().fields}
    missing = [field for field in change.fields if field.name not in known]
    if missing:
        table.alter.add_columns(missing)
        table.update_incremental()
    table.create_write_transaction(
        [*(_addition(file) for file in change.added), *(_removal(f) for f in change.removed)],
        mode="append",
        schema=table.schema(),
        partition_by=["fact"],
        commit_properties=CommitProperties(
            custom_metadata={_EVERY_BATCH: batch.record()},
            max_commit_retries=0,
            app_transactions=[
                Transaction(_EVERY_BATCH, batch.number),
                *(Transaction(name, number) for name, number in known_as.items()),
            ],
        ),
        post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
    )
    sync_all(_log_files(path, after=version.number))


def known_batch(version: Version, name: str) -> int | None:
    """Return the batch that a file or an undoing is known as, if any is."""
    return version.table.transaction_version(name) or None


def _last_batch(
    path: Path, newest: int, known_at: datetime | None, last: int | None
) -> tuple[int, Batch | None]:
    """Find the last batch at or before `known_at` and batch `last`, else the first version."""
    for number in range(newest, -1, -1):
        batch = _batch_at(path, number)
        if batch is None or (last is not None and batch.number > last):
            continue
        if known_at is None or batch.imported_at <= known_at:
            return number, batch
    return 0, None


def _batch_at(path: Path, number: int) -> Batch | None:
    """Read the batch of one version from its own log file: a listing can run ahead of it."""
    file = path / "_delta_log" / f"{number:020}.json"
    return _batch_in(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=10_000)
def _batch_in(file: Path, changed_at: int) -> Batch | None:
    del changed_at  # a file that is another one now is read anew
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line).get("commitInfo", {}).get(_EVERY_BATCH)
            if told is not None:
                return read_batch(told)
    return None


def _log_files(path: Path, *, after: int) -> Iterator[Path]:
    """Find what a commit wrote to the log: versions, and now and then a checkpoint."""
    for file in (path / "_delta_log").iterdir():
        number = file.name.split(".", 1)[0]
        if file.name == "_last_checkpoint" or (number.isdigit() and int(number) > after):
            yield file


def _files(table: DeltaTable, path: Path) -> Iterator[HeldFile]:
    # Not pa.table(…), which looks for pandas and takes a quarter of a second where it is there.
    actions = pa.RecordBatchReader.from_stream(table.get_add_actions()).read_all()
    for action in actions.to_pylist():
        yield HeldFile(
            path=str(path / action["path"]),
            fact=action["partition"]["fact"],
            rows=action["num_records"],
            size=action["size_bytes"],
            lowest=action["min"] or {},
            highest=action["max"] or {},
        )


def _addition(file: HeldFile) -> AddAction:
    stats = {"numRecords": file.rows, "minValues": file.lowest, "maxValues": file.highest}
    return AddAction(
        path=_place(file),
        size=file.size,
        partition_values={"fact": file.fact},
        modification_time=Path(file.path).stat().st_mtime_ns // 1_000_000,
        data_change=True,
        stats=json.dumps(stats),
    )


def _removal(file: HeldFile) -> RemoveAction:
    return RemoveAction(_place(file), False, 0, file.size, {"fact": file.fact})  # noqa: FBT003


def _place(file: HeldFile) -> str:
    return f"fact={file.fact}/{Path(file.path).name}"
