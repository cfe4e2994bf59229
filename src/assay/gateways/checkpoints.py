"""Checkpoints of the record, in the installation's folder `audit`: a signed text a line."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from assay.gateways.installation import Installation


@dataclass(frozen=True)
class Checkpoints:
    """A file to which signed texts are appended, and whose copy elsewhere shows a tail cut off."""

    path: Path

    @classmethod
    def of(cls, installation: Installation) -> Checkpoints:
        """Return the checkpoints of an installation."""
        return cls(installation.folder / "audit" / "checkpoints.jws")

    def append(self, text: str) -> None:
        """Append a signed text, on disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> tuple[str, ...]:
        """Return the signed texts, the oldest first."""
        if not self.path.exists():
            return ()
        return tuple(self.path.read_text(encoding="utf-8", errors="replace").splitlines())
