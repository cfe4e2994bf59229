"""Show a ledger: how many rows of what, from which batches, and what they name in vain."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from assay.documents.programs import load_program
from assay.ledger.ledger import Ledger


def show_ledger(path: Path, program: str, *, known_at: datetime | None = None) -> dict[str, Any]:
    """Return a ledger as JSON values, as it is or was known at a moment; raises Refused."""
    return Ledger.open(path, vocabulary=load_program(program).vocabulary).describe(known_at)
