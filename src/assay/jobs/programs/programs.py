"""The program in force, read once a process."""

from __future__ import annotations

from functools import lru_cache

from assay.core.program import Program
from assay.documents.programs import load_program


@lru_cache(maxsize=8)
def program_of(reference: str) -> Program:
    """Return a program by reference; raises Refused where it cannot be read."""
    return load_program(reference)
