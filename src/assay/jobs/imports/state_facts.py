"""State facts: what people said on the portal becomes batches of the ledger, each exactly once.

What is said is kept in a row in the transaction of the act; the worker appends it soon after. A
crash anywhere between leaves the row waiting, and the ledger knows a batch it has already.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Refused
from assay.gateways.queue import defer
from assay.jobs.programs.programs import program_of
from assay.ledger.appending import Delivery
from assay.ledger.batches import StagedFile
from assay.ledger.ledger import Ledger
from assay.store.models import Partner, Person, Statement

STATE_FACTS = "state_facts"
SOURCE = "portal"
FILE = "portal statement "  # and its number: how rows of the ledger are known to be people's
_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def say(
    partner: Partner, rows: Rows, *, why: str, at: datetime, by: Person | None = None
) -> Statement:
    """Keep rows of fact tables to be stated, in the transaction of the act that says them."""
    told = {table: [_told(row) for row in some] for table, some in rows.items() if some}
    statement = Statement.objects.create(partner=partner, by=by, at=at, why=why[:200], rows=told)
    defer(STATE_FACTS)
    return statement


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def state_facts(*, at: datetime) -> int:
    """Append everything that waits, in the order in which it was said; returns how many batches.

    Stops at the first that the ledger refuses, and keeps why.
    """
    waiting = Statement.objects.filter(stated_at=None).order_by("pk").values_list("pk", flat=True)
    done = 0
    for number in list(waiting):
        with transaction.atomic():
            statement = (
                Statement.objects.select_for_update(of=("self",))
                .select_related("partner", "by")
                .get(pk=number)
            )
            if statement.stated_at is not None:
                continue
            try:
                statement.batch = append_statement(statement)
            except Refused as refused:
                statement.error = str(refused)
                statement.save(update_fields=["error"])
                break
            statement.stated_at, statement.error = at, ""
            statement.save(update_fields=["batch", "stated_at", "error"])
            done += 1
    return done


def append_statement(statement: Statement) -> int | None:
    """Append one statement to the ledger, and return its batch; a second time changes nothing."""
    program = program_of(settings.PROGRAM)
    vocabulary = program.vocabulary
    ledger = Ledger.create(settings.INSTALLATION.ledger, vocabulary=vocabulary)
    with ledger.scratch() as scratch:
        delivery = Delivery(
            file=staged(statement, vocabulary, scratch),
            source=SOURCE,
            options={
                "vocabulary": f"{vocabulary.name}-{vocabulary.version}",
                "currency": program.currency,
                "partner": statement.partner.key,
                "by": statement.by.email if statement.by else "",
                "why": statement.why,
            },
            imported_at=statement.at,
        )
        receipt = ledger.append(delivery, scratch=scratch)
    return receipt.batch


def staged(statement: Statement, vocabulary: Vocabulary, scratch: Path) -> StagedFile:
    """Stage a statement's rows, as seen at the moment they were said."""
    written: dict[str, tuple[Path, ...]] = {}
    line = 0
    seen_at = _microseconds(statement.at)
    for name, rows in statement.rows.items():
        table = vocabulary.tables[name]
        path = scratch / f"{name}.parquet"
        numbered = [
            row | {"_line": line + number, "_seen_at": seen_at}
            for number, row in enumerate(rows, 1)
        ]
        line += len(rows)
        pq.write_table(_arrow(table, numbered), path)
        written[name] = (path,)
    text = json.dumps([statement.pk, statement.at.isoformat(), statement.rows], sort_keys=True)
    return StagedFile(
        file=f"{FILE}{statement.pk}",
        kind=SOURCE,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        rows=line,
        staged=written,
    )


def _arrow(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    for name, column in table.columns.items():
        type_ = _TYPES[column.type.sql]
        cells = [row.get(name) or None if type_ == pa.string() else row.get(name) for row in rows]
        if type_ == pa.date32():
            cells = [None if cell is None else date.fromisoformat(cell) for cell in cells]
        columns[name] = pa.array(cells, type_)
    for own in ("_line", "_seen_at"):
        columns[own] = pa.array([row[own] for row in rows], pa.int64())
    return pa.table(columns)


def _microseconds(moment: datetime) -> int:
    elapsed = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
