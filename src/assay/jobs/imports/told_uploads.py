"""What is kept of a preview, an import and an undoing: plain documents that pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from assay.core.facts import Column, Type, Vocabulary
from assay.core.issues import Issue
from assay.documents.causes import Cause
from assay.jobs.imports.import_reports import Imported, Rehearsed
from assay.ledger.batches import Batch, Counts
from assay.ledger.changes import Restated
from assay.ledger.show import Unresolved, money_text
from assay.store.models import Upload

_LONGEST = 200  # characters of a value that are shown
_MOST_NAMES = 60


def counts_of(counts: Counts) -> dict[str, int]:
    """Return counts under the names of an upload's columns."""
    return {
        "rows": counts.read,
        "new": counts.kept,
        "same": counts.already_held,
        "restated": counts.restatements,
        "refused": counts.rejected,
    }


def preview_document(rehearsed: Rehearsed, vocabulary: Vocabulary) -> dict[str, Any]:
    """Tell a preview: columns, tables, changed rows, causes of refusal, the batch it came after."""
    reading, rehearsal = rehearsed.reading, rehearsed.rehearsal
    counts = rehearsal.receipt.counts
    return {
        "kind": reading.kind,
        "after": rehearsal.after,
        "again": rehearsal.receipt.batch if rehearsal.receipt.again else None,
        "columns": [
            {"column": _short(name), "read_as": read_as}
            for name, read_as in reading.columns.items()
            if name in reading.header or not reading.header
        ],
        "unused": [_short(name) for name in reading.unused[:_MOST_NAMES]],
        "unused_more": max(0, len(reading.unused) - _MOST_NAMES),
        "tables": _tables(rehearsal.receipt.tables, vocabulary),
        "counts": counts_of(counts),
        "changed": [_changed(one, vocabulary) for one in rehearsal.restated],
        "unresolved": [_unresolved(one, vocabulary) for one in rehearsal.unresolved],
        "causes": [_cause(cause) for cause in rehearsed.causes],
        "notes": list(reading.notes),
    }


def report_document(
    upload: Upload,
    imported: Imported,
    batch: Batch | None,
    unresolved: Sequence[Unresolved],
    vocabulary: Vocabulary,
    *,
    ours: bool,
) -> dict[str, Any]:
    """Tell an import: what is in which batch, and whether it came otherwise than previewed."""
    counts = batch.counts if batch is not None and ours else Counts()
    after = upload.preview.get("after")
    moved = ours and batch is not None and after is not None and batch.number != after + 1
    previewed = upload.preview.get("counts", {})
    return {
        "ours": ours,
        "moved": moved,
        "differs": moved and previewed != counts_of(counts),
        "previewed": previewed,
        "tables": [] if batch is None else _plain_tables(batch.tables),
        "unresolved": [_unresolved(one, vocabulary) for one in unresolved],
        "notes": list(imported.notes),
    }


def undo_document(batch: Batch | None) -> dict[str, Any]:
    """Tell an undoing: rows withdrawn, given their former content, left as restated since."""
    if batch is None:
        return {}
    return {
        "withdrawn": batch.counts.withdrawn,
        "restored": batch.counts.restatements,
        "left": batch.counts.already_held,
        "facts": batch.counts.read,
    }


def issue_document(issue: Issue) -> dict[str, Any]:
    """Tell an issue: place, value, what is wrong, how to mend it."""
    return {
        "file": issue.file,
        "row": issue.row,
        "column": None if issue.column is None else _short(issue.column),
        "value": None if issue.value is None else _short(issue.value),
        "message": issue.message,
        "hint": _short(issue.hint),
    }


def _tables(tables: Mapping[str, Counts], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": vocabulary.tables[name].title, **counts_of(counts)}
        for name, counts in tables.items()
    ]


def _plain_tables(tables: Mapping[str, Counts]) -> list[dict[str, Any]]:
    return [{"name": name, **counts_of(counts)} for name, counts in tables.items()]


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "column": None if cause.column is None else _short(cause.column),
        "message": cause.message,
        "rows": cause.rows,
        "first": [issue_document(issue) for issue in cause.first],
    }


def _unresolved(one: Unresolved, vocabulary: Vocabulary) -> dict[str, Any]:
    """Tell rows that name something not known yet: of what kind, how many, the first names."""
    return {
        "table": vocabulary.tables[one.table].title,
        "of": vocabulary.tables[one.of].title,
        "column": one.column,
        "rows": one.rows,
        "names": one.names,
        "first": [
            {"value": _short(name.value), "rows": name.rows, "row": name.row} for name in one.first
        ],
    }


def _changed(restated: Restated, vocabulary: Vocabulary) -> dict[str, Any]:
    """Tell a restated row: its key, and each cell that changes, old beside new."""
    table = vocabulary.tables[restated.table]
    return {
        "table": table.name,
        "row": restated.line,
        "key": [_told(table.columns[name], restated.after[name]) for name in table.key],
        "cells": [
            {"column": name, "old": _told(column, old), "new": _told(column, new)}
            for name, column in table.columns.items()
            if (old := restated.before[name]) != (new := restated.after[name])
        ],
    }


def _told(column: Column, value: Any) -> str:  # noqa: ANN401 - a cell of any type
    """Write a stored value as documents write it; nothing for none."""
    if value is None:
        return ""
    if column.type is Type.MONEY:
        return money_text(value)
    if column.type is Type.INSTANT:
        return datetime.fromtimestamp(value / 1_000_000, UTC).isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else _short(str(value))


def _short(text: str) -> str:
    """Shorten a text, and leave out what cannot be shown or stored."""
    shown = text.replace("\0", "␀")
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
