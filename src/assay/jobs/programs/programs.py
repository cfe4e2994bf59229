"""The program in force, read once a process; versions may stand in the installation's own folder.

What staff change of the program is a new version in `DIR/programs/NAME/VERSION/`, named by the day
it takes effect. From that day on it is in force instead of the version that settings name.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from assay.core.program import Program
from assay.documents.programs import PROGRAM_FILE, load_program, program_file

_NAME = re.compile("[a-z0-9-]+")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def program_of(reference: str) -> Program:
    """Return a program by reference; raises Refused where it cannot be read."""
    own = _own_version(reference)
    return _loaded(reference if own is None else str(own))


@lru_cache(maxsize=16)
def _loaded(reference: str) -> Program:
    return load_program(reference)


def file_of(reference: str) -> Path:
    """Return the file of a program: one of the installation's own versions, or any other."""
    return _own_version(reference) or program_file(reference)


def _own_version(reference: str) -> Path | None:
    name, _, version = reference.partition("@")
    if not (settings.configured and _NAME.fullmatch(name) and _DAY.fullmatch(version)):
        return None
    file: Path = settings.INSTALLATION.programs / name / version / PROGRAM_FILE
    return file if file.is_file() else None


def program_on(reference: str, on: date) -> Program:
    """Return the version in force on a day: that of `reference`, or a later one of our own."""
    configured = program_of(reference)
    begun = [
        version
        for version in own_versions(configured.name)
        if configured.version < version <= on.isoformat()
    ]
    return program_of(f"{configured.name}@{max(begun)}") if begun else configured


def own_versions(name: str) -> dict[str, Path]:
    """Map the versions of a program in the installation's own folder to their files."""
    if not settings.configured:
        return {}
    folder: Path = settings.INSTALLATION.programs / name
    return {
        file.parent.name: file
        for file in sorted(folder.glob(f"*/{PROGRAM_FILE}"))
        if _DAY.fullmatch(file.parent.name)
    }
