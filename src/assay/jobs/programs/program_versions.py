"""The versions of the program in force: older ones, coming ones, and what each changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from assay.core.issues import Refused
from assay.core.program import Program
from assay.documents.programs import PROGRAM_FILE, load_program, shipped_programs
from assay.engine.compile import window_start
from assay.jobs.programs.programs import file_of, own_versions, program_of, program_on
from assay.words.program_diff import Change, program_changes

IN_FORCE, OLDER, COMING = "in force", "older", "coming"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the program: `state` is in force, older or coming.

    `changes` is what it changes of the version before it, whose name is `follows` ("" for none).
    """

    program: Program
    state: str
    follows: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewDays:
    """A review's day, the first day that no longer counts, and each window's first day."""

    on: date
    cut_off: date
    windows: Mapping[str, date | None]


def program_versions(reference: str, on: date | None = None) -> tuple[Version, ...]:
    """Return every readable version of the program at `reference`, the newest first.

    In force is that of `reference`, or of a day `on` what is in force then. Versions are shipped,
    stand in folders beside, or are the installation's own; names of versions sort as text, as
    days do. One that cannot be read is left out: `assay program check` tells why.
    """
    in_force = program_of(reference) if on is None else program_on(reference, on)
    found = {program.version: program for program in _others(reference, in_force)}
    found[in_force.version] = in_force
    told: list[Version] = []
    before: Program | None = None
    for version in sorted(found):
        program = found[version]
        told.append(
            Version(
                program=program,
                state=_state(version, in_force.version),
                follows="" if before is None else before.version,
                changes=() if before is None else program_changes(before, program),
            )
        )
        before = program
    return tuple(reversed(told))


def reference_of(reference: str, label: str) -> str:
    """Return how the version called `label` is found: as `reference` says, or by its label."""
    return reference if program_of(reference).label == label else label


def program_labelled(reference: str, label: str) -> Program:
    """Return the version of the program at `reference` that is called `NAME@VERSION`.

    Raises Refused where it is not to be had any more.
    """
    in_force = program_of(reference)
    if in_force.label == label:
        return in_force
    for version in program_versions(reference):
        if version.program.label == label:
            return version.program
    return program_of(label)


def next_review(program: Program, today: date) -> ReviewDays:
    """Return the days of the next review: the first of its month, today at the earliest."""
    first = today.replace(month=program.review.month, day=1)
    on = first if first >= today else first.replace(year=first.year + 1)
    return days_of_review(program, on)


def days_of_review(program: Program, on: date) -> ReviewDays:
    """Return the days of a review on `on`."""
    cut_off = program.review.cut_off(on)
    windows = {name: window_start(w, cut_off) for name, w in program.windows.items()}
    return ReviewDays(on=on, cut_off=cut_off, windows=windows)


def _state(version: str, in_force: str) -> str:
    if version == in_force:
        return IN_FORCE
    return OLDER if version < in_force else COMING


def _others(reference: str, in_force: Program) -> list[Program]:
    folder = file_of(reference).parent
    own = (file.parent for file in own_versions(in_force.name).values())
    shipped = [f for label, f in shipped_programs().items() if label.startswith(in_force.name)]
    beside = sorted(path.parent for path in folder.parent.glob(f"*/{PROGRAM_FILE}"))
    read = [_read(other) for other in (folder, *shipped, *beside, *own)]
    return [program for program in read if program is not None and program.name == in_force.name]


def _read(folder: Path) -> Program | None:
    stat = (folder / PROGRAM_FILE).stat()
    return _loaded(str(folder), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _loaded(folder: str, _changed_at: int, _size: int) -> Program | None:
    try:
        return load_program(folder)
    except Refused:
        return None
