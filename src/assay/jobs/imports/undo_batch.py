"""Undo a batch of a ledger by its number, as the command line does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assay.documents.programs import load_program
from assay.ledger.batches import Receipt
from assay.ledger.ledger import Ledger
from assay.ledger.undoing import Undoing


def undo_batch(path: Path, program: str, batch: int, *, at: datetime) -> Receipt:
    """Restate what a batch did in a new batch, all or nothing; the receipt says which.

    Raises Refused where there is no such batch, and where it undoes one itself.
    """
    held = Ledger.open(path, vocabulary=load_program(program).vocabulary)
    with held.scratch() as scratch:
        return held.undo(Undoing(batch=batch, undone_at=at, reference="command"), scratch=scratch)
