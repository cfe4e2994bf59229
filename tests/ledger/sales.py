"""Made-up rows of facts, staged as the readers of reports stage them."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.core.facts import Table
from assay.documents.vocabularies import load_vocabulary
from assay.ledger.appending import Delivery
from assay.ledger.batches import Receipt, StagedFile
from assay.ledger.ledger import Ledger
from assay.tables.duck import connect

MARKETPLACE = load_vocabulary("marketplace-1")
_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}


def sale(key: str, price: int = 100, *, seen: int | None = None, **cells: object):
    """One row of transactions: 1.00 USD of cloud sales of partner p1 on 2 January 2025."""
    row = {
        "transaction_id": key,
        "partner_id": "p1",
        "app_id": "app",
        "hosting": "cloud",
        "sale_date": date(2025, 1, 2),
        "sale_type": "new",
        "purchase_price": price,
        "vendor_amount": None,
        "currency": "USD",
        "_seen_at": seen,
    }
    return row | cells


def staged(
    folder: Path, *sales: dict, file: str = "sales.csv", rejected: int = 0, **tables: list[dict]
) -> StagedFile:
    """Stage sales, a row of the file each, and rows of other `tables` with their own `_line`."""
    told = {"transactions": [row | {"_line": n} for n, row in enumerate(sales, 1)], **tables}
    told = {name: rows for name, rows in told.items() if rows}
    text = json.dumps([file, rejected, told], default=str)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    lines = {row["_line"] for rows in told.values() for row in rows}
    return StagedFile(
        file=file,
        kind="transactions",
        sha256=sha256,
        rows=len(lines) + rejected,
        rejected=rejected,
        staged={
            name: (written(folder / f"{sha256}-{name}.parquet", MARKETPLACE.tables[name], rows),)
            for name, rows in told.items()
        },
    )


def written(path: Path, table: Table, rows: list[dict]) -> Path:
    columns = [(column.name, _TYPES[column.type.sql]) for column in table.columns.values()]
    schema = pa.schema([*columns, ("_line", pa.int64()), ("_seen_at", pa.int64())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


def append(
    ledger: Ledger, file: StagedFile, *, at: str = "2025-02-01T00:00:00+00:00", source: str = "shop"
) -> Receipt:
    with ledger.scratch() as scratch:
        return ledger.append(
            Delivery(
                file=file,
                source=source,
                options={"currency": "USD"},
                imported_at=datetime.fromisoformat(at),
            ),
            scratch=scratch,
        )


def prices(ledger: Ledger, known_at: str | None = None) -> dict[str, int]:
    """The current sales: price by key."""
    moment = None if known_at is None else datetime.fromisoformat(known_at)
    rows = ledger.facts(moment).tables["transactions"].sql
    with connect() as duck:
        found = duck.sql(rows).project("transaction_id, purchase_price").fetchall()
    return dict(sorted(found))


def totals(ledger: Ledger, known_at: str | None = None) -> list[tuple]:
    """The monthly totals of sales: month, partner, hosting, rows, sum."""
    moment = None if known_at is None else datetime.fromisoformat(known_at)
    kept = ledger.facts(moment).totals["transactions"]
    by, sums = "month, partner_id, hosting", "sum(row_count)::BIGINT, sum(purchase_price)::BIGINT"
    with connect() as duck:
        return sorted(duck.sql(kept.sql).aggregate(f"{by}, {sums}", by).fetchall())
