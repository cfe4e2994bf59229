"""Find a fact of the ledger by its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assay.core.issues import Refused
from assay.engine.lookup import Fact, facts_with_key
from assay.jobs.reviews.opened_facts import opened_facts
from assay.words.explanation_document import plain_value


@dataclass(frozen=True, kw_only=True)
class Found:
    """A fact in plain values: what it is, whose, and its cells as they are told."""

    title: str
    key: str
    partner: str
    app: str
    cells: tuple[tuple[str, str], ...]


def find_facts(
    key: str, *, program: str, ledger: Path, on: date, known_at: datetime
) -> tuple[Found, ...]:
    """Return the dated facts with this key, as known at the moment of a standing.

    Empty where there are none, and where there is no ledger.
    """
    try:
        with opened_facts(program, ledger, on=on, known_at=known_at) as facts:
            found = facts_with_key(facts.session, facts.program.vocabulary, key)
    except Refused:
        return ()
    return tuple(_told(fact) for fact in found)


def _told(fact: Fact) -> Found:
    return Found(
        title=fact.table.title,
        key=fact.key,
        partner=str(fact.cells.get("partner_id") or ""),
        app=str(fact.cells.get("app_id") or ""),
        cells=tuple(
            (name.replace("_", " "), str(plain_value(fact.cells[name], column.type)))
            for name, column in fact.table.columns.items()
            if fact.cells.get(name) is not None
        ),
    )
