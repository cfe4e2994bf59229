"""Open facts: a folder of files, or a ledger as it is or was known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.documents.folder import open_folder
from assay.ledger.ledger import Ledger
from assay.tables.held import Facts
from assay.tables.watch import OnWork


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where facts are: a folder of files or a ledger; exactly one of the two."""

    folder: Path | None = None
    ledger: Path | None = None
    known_at: datetime | None = None

    def open(self, program: Program, *, scratch: Path, on_work: OnWork | None = None) -> Facts:
        """Open the facts for a program; raises Refused with every fault."""
        if (self.folder is None) == (self.ledger is None):
            raise Refused(
                Issue(file="facts", message="give a facts folder or a ledger, one of two")
            )
        if self.folder is not None:
            if self.known_at is not None:
                raise Refused(Issue(file=str(self.folder), message="only a ledger knows moments"))
            return open_folder(
                self.folder,
                vocabulary=program.vocabulary,
                currency=program.currency,
                scratch=scratch,
                on_work=on_work,
            )
        ledger = Ledger.open(Path(str(self.ledger)), vocabulary=program.vocabulary)
        return ledger.facts(self.known_at)
