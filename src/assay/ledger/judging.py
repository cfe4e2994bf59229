"""Judge: which staged rows are new, held already, or say something else about a held key.

Most rows are new and are found so by the hash of their key alone. Only rows whose hash is met
twice, in the batch or in the ledger, are compared cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from assay.core.facts import Table
from assay.ledger.log import HeldFile
from assay.ledger.rows import current_rows, listed, read
from assay.tables.duck import named, quoted, room


@dataclass(frozen=True)
class Judgement:
    """How many rows of one table were staged, and what becomes of them.

    Of the rows appended, `earlier` are restated at once by a later row of the batch.
    """

    staged: int
    kept: int
    restatements: int
    earlier: int

    @property
    def newest(self) -> int:
        """Rows appended that are current after the batch."""
        return self.kept + self.restatements - self.earlier


def judge(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    *,
    staged: str,
    files: Sequence[HeldFile],
    superseded: Sequence[HeldFile],
) -> Judgement:
    """Judge the rows of the relation `staged` against the current rows in `files`.

    Leaves these relations: `newest`, rows to append that are current after the batch; `earlier`,
    rows to append that a later row of the batch restates at once; `replaced`, current rows of the
    ledger that the batch restates; `restating`, the `_line` of every restatement.
    """
    columns = tuple(table.columns)
    near = overlapping(connection, table, staged, files)
    parts = {
        "staged": staged,
        "key": listed(table.key),
        "d_key": listed(table.key, of="d."),
        "columns": listed(columns),
        "rows": current_rows(table, near, superseded, own=("_row", "_seen_at")),
        "held": _held_hashes(near, staged, listed(table.key)),
        "met": " AND ".join(f"d.{named(name)} = h.{named(name)}" for name in table.key),
        "as_held": _same(columns, "d", "h"),
        "as_before": _same(columns, "d", "p"),
        "order": "_seen_at NULLS FIRST, _line, _at",
    }
    # Joins of wide rows hold a good deal more than they are allowed.
    connection.execute(f"SET memory_limit = {quoted(room().judging)}")
    for step in (_CLASHES, _MATCHED, _DOUBTFUL, _CHAINS, _REPEATED, _JUDGED, _OUTCOME):
        connection.execute(step.format(**parts))
    counted = connection.execute(_COUNTED.format(**parts)).fetchall()[0]
    connection.execute(f"SET memory_limit = {quoted(room().memory)}")
    return Judgement(*counted)


def overlapping(
    connection: duckdb.DuckDBPyConnection, table: Table, staged: str, files: Sequence[HeldFile]
) -> list[HeldFile]:
    """Leave out files whose keys all lie outside those staged."""
    texts = [name for name in table.key if table.columns[name].type.is_text]
    if not files or not texts:
        return list(files)
    ends = ", ".join(f"min({named(name)}), max({named(name)})" for name in texts)
    found = connection.execute(f"SELECT {ends} FROM {staged}").fetchone() or ()
    if None in found:
        return []  # nothing is staged
    spans = list(zip(texts, found[::2], found[1::2], strict=True))
    return [
        file for file in files if all(file.may_hold(name, low, high) for name, low, high in spans)
    ]


def _held_hashes(files: Sequence[HeldFile], staged: str, key: str) -> str:
    if not files:
        return ""
    return (
        f"UNION ALL SELECT DISTINCT h, false FROM (SELECT hash({key}) AS h FROM {read(files)}) "
        f"SEMI JOIN (SELECT hash({key}) AS h FROM {staged}) USING (h)"
    )


def _same(columns: Sequence[str], one: str, other: str) -> str:
    cells = (f"{one}.{named(n)} IS NOT DISTINCT FROM {other}.{named(n)}" for n in columns)
    return " AND ".join(cells)


# Hashes of keys that are met more than once; `twice` in the batch itself.
_CLASHES = """
CREATE OR REPLACE TABLE clashes AS
SELECT h, bool_or(twice) AS twice FROM (
  SELECT h, true AS twice FROM (SELECT hash({key}) AS h FROM {staged})
  GROUP BY h HAVING count(*) > 1
  {held}
) GROUP BY h
"""

# The current rows of the ledger that staged rows may be about.
_MATCHED = """
CREATE OR REPLACE TABLE matched AS
SELECT * EXCLUDE (h) FROM (SELECT *, hash({key}) AS h FROM ({rows})) SEMI JOIN clashes USING (h)
"""

# The staged rows that may say something new about a key that is known; `_at` tells them apart.
# A key told once, as it is held, says nothing: most rows of a report that is exported anew.
_DOUBTFUL = """
CREATE OR REPLACE TABLE clashing AS
SELECT {columns}, _line, _seen_at
FROM (SELECT *, hash({key}) AS h FROM {staged}) d JOIN clashes USING (h)
WHERE twice OR NOT EXISTS (SELECT 1 FROM matched h WHERE {as_held});

CREATE OR REPLACE VIEW doubtful AS SELECT rowid AS _at, * FROM clashing;
"""

# For each key, its staged rows in order. A row that its source saw before the held one is old
# news. Where the last row says what is held, the whole chain has been told before: `settled`.
_CHAINS = """
CREATE OR REPLACE TABLE chains AS
SELECT *, lag(_at) OVER chain AS _before,
       last_value(as_held) OVER (chain ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
         AS settled
FROM (
  SELECT d._at, d._line, d._seen_at, {d_key}, h._row AS held_row,
         h._row IS NOT NULL AND {as_held} AS as_held
  FROM doubtful d LEFT JOIN matched h ON {met}
  WHERE coalesce(d._seen_at >= h._seen_at, true)
)
WINDOW chain AS (PARTITION BY {key} ORDER BY {order})
"""

# Rows that say what the row before them in the chain says.
_REPEATED = """
CREATE OR REPLACE TABLE repeated AS
SELECT c._at FROM chains c
JOIN doubtful d ON d._at = c._at
JOIN doubtful p ON p._at = c._before
WHERE {as_before}
"""

# What is left is appended: `first` of its key, else a restatement; the `last` is current.
_JUDGED = """
CREATE OR REPLACE TABLE judged AS
SELECT _at, _line, held_row,
       held_row IS NULL AND row_number() OVER chain = 1 AS first,
       lead(_at) OVER chain IS NULL AS last
FROM chains ANTI JOIN repeated USING (_at)
WHERE NOT settled AND NOT (_before IS NULL AND as_held)
WINDOW chain AS (PARTITION BY {key} ORDER BY {order})
"""

_OUTCOME = """
CREATE OR REPLACE VIEW newest AS
SELECT {columns}, _line, _seen_at
FROM (SELECT *, hash({key}) AS h FROM {staged}) ANTI JOIN clashes USING (h)
UNION ALL
SELECT {columns}, _line, _seen_at
FROM doubtful SEMI JOIN (SELECT _at FROM judged WHERE last) USING (_at);

CREATE OR REPLACE VIEW earlier AS
SELECT {columns}, _line, _seen_at
FROM doubtful SEMI JOIN (SELECT _at FROM judged WHERE NOT last) USING (_at);

CREATE OR REPLACE VIEW replaced AS
SELECT * FROM matched SEMI JOIN (SELECT held_row AS _row FROM judged) USING (_row);

CREATE OR REPLACE VIEW restating AS
SELECT _line FROM judged WHERE NOT first;
"""

_COUNTED = """
SELECT (SELECT count(*) FROM {staged}),
       (SELECT count(*) FROM (SELECT hash({key}) AS h FROM {staged}) ANTI JOIN clashes USING (h))
         + count(*) FILTER (first),
       count(*) FILTER (NOT first),
       count(*) FILTER (NOT last)
FROM judged
"""
