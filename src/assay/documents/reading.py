"""What came of reading one report: rows staged, rows rejected, counts that add up."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from assay.documents.disarming import MARKS, disarmed


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A report that was read, nothing of it kept yet.

    `file` is its name, `kind` what it was recognised as, `sha256` of its bytes as given, `rows`
    its data rows. `staged` maps tables to Parquet files, in the order of the report, with the
    table's columns in stored types, `_line` (BIGINT, the data row it came from, 1-based) and
    `_seen_at` (BIGINT, microseconds, when the report says it was so; NULL where it does not say).
    `rejects` is a Parquet file of the rejected rows (`row`, `column`, `value`, `message`, `hint`,
    `cells`, `file`), None where there are none; `header` names the cells. `columns` maps the
    columns of the report that are read to what they are read as.
    """

    file: str
    kind: str
    sha256: str
    rows: int
    staged: Mapping[str, tuple[Path, ...]] = field(default_factory=lambda: MappingProxyType({}))
    staged_rows: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    rejected: int = 0
    rejects: Path | None = None
    header: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    @property
    def unused(self) -> tuple[str, ...]:
        """The report's columns that are not read, each once."""
        names = dict.fromkeys(self.header)
        return tuple(n for n in names if n and n not in self.columns and n not in MARKS)


def write_rejects(reading: Reading, path: Path) -> None:
    """Write the rejected rows as a CSV that can be mended and imported again.

    The report's own columns come first, then the row, the column, what is wrong and how to mend
    it; the readers do not use those four. A cell that a spreadsheet would take for a formula gets
    an apostrophe, which the readers take away again.
    """
    kept = [i for i, name in enumerate(reading.header) if name not in MARKS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(disarmed(reading.header[i]) for i in kept), *MARKS])
        for reject in _rejects(reading):
            cells = list(reject["cells"])
            cells += [None] * (len(reading.header) - len(cells))
            surplus = cells[len(reading.header) :]  # of a ragged row
            told = [reject[name] for name in ("row", "column", "message", "hint")]
            row = [*(cells[i] for i in kept), *told, *surplus]
            writer.writerow([disarmed(c) if isinstance(c, str) else c for c in row])


def _rejects(reading: Reading) -> Iterator[dict[str, Any]]:
    if reading.rejects is not None:
        with pq.ParquetFile(reading.rejects) as file:
            for batch in file.iter_batches(batch_size=10_000):
                yield from batch.to_pylist()
