"""Look one fact up by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.core.facts import Table, Type, Vocabulary
from assay.engine.duck import Session
from assay.tables.duck import named


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One row of a fact table, its cells in stored types."""

    table: Table
    key: str
    cells: Mapping[str, Any]


def facts_with_key(session: Session, vocabulary: Vocabulary, key: str) -> tuple[Fact, ...]:
    """Return the dated facts whose key is this text: a sale, an escalation, a submission."""
    found = []
    for table in vocabulary.tables.values():
        if table.dated is None or len(table.key) != 1:
            continue
        (column,) = table.key
        if table.columns[column].type is not Type.TEXT:
            continue
        names = ", ".join(named(name) for name in table.columns)
        row = session.connection.execute(
            f"SELECT {names} FROM {named(table.name)} WHERE {named(column)} = ? LIMIT 1", [key]
        ).fetchone()
        if row is not None:
            cells = dict(zip(table.columns, row, strict=True))
            found.append(Fact(table=table, key=key, cells=cells))
    return tuple(found)
