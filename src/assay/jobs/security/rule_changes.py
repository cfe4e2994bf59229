"""Changes of the rules: what one would do, computed by the engine before anybody makes it.

A minimum rises for submissions from a day on, and a security program ends with its enrolments. A
change is a new version of the program, dated by its first day.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from assay.core.facts import Type
from assay.core.program import Program
from assay.documents.cases import read_cases
from assay.documents.program_edits import Edit, edited
from assay.documents.programs import PROGRAM_FILE, load_program
from assay.jobs.programs.programs import file_of
from assay.jobs.security.end import check_notice
from assay.jobs.security.enrolment_rows import day_of, refused, rules, security_program
from assay.jobs.security.what_if import Affected, ended, what_if
from assay.words.conditions import amount_words
from assay.words.dates import day_words

LOOKED_BACK = timedelta(days=365)  # awards of the last year say who pays less than a new minimum
CASES = "cases"


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """What changes from the day `on`: dated amounts get `cells`, or a security program ends."""

    on: date
    amounts: str = ""
    cells: Mapping[str, int] = field(default_factory=dict)
    ends: str = ""

    def document(self) -> dict[str, Any]:
        """Return it as JSON values that `read_change` reads back."""
        return {**asdict(self), "on": self.on.isoformat()}


def read_change(document: Mapping[str, Any]) -> RuleChange:
    """Read what `RuleChange.document` wrote."""
    return RuleChange(**{**document, "on": date.fromisoformat(document["on"])})


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change is and does: in words, whose standing it changes, the file of its version."""

    change: RuleChange
    words: str
    basis: str
    follows: str
    affected: tuple[Affected, ...]
    text: str


def preview(change: RuleChange, *, at: datetime) -> Preview:
    """Tell what a change would do; raises Refused where it cannot be made.

    It is refused for a day before the notice is over, or not after every version there is.
    """
    newest = rules()
    check_notice(change.on, at=at)
    if change.on.isoformat() <= newest.version:
        hint = f"a day after {newest.version}"
        raise refused("another version begins then or later", column="on", hint=hint)
    _check(change, newest)
    text = _text(change, newest)
    return Preview(
        change=change,
        words=words_of(change, newest),
        basis=basis_of(change, newest),
        follows=newest.label,
        affected=affected_by(change, at=at),
        text=text,
    )


def affected_by(change: RuleChange, *, at: datetime) -> tuple[Affected, ...]:
    """Tell whose standing a change would change, on today's evidence, by the engine.

    An ended security program counts as if it had ended; a minimum as if it had been in force for
    the awards of the last year. Past submissions keep theirs all the same.
    """
    today = day_of(at)
    if change.ends:
        rows = ended(security_program(change.ends), None, on=today)
        return () if rows is None else what_if(today, rows=rows)
    newest = rules()
    first = today - LOOKED_BACK
    since = newest.amounts[change.amounts].since
    days = tuple(sorted({first, *(day for day in since if first < day <= today)}))
    edit = _edit(change, newest)
    trial = Edit(**{**vars(edit), "as_if": days})
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        path = Path(folder) / PROGRAM_FILE
        path.write_text(edited(file_of(newest.label), trial), encoding="utf-8")
        return what_if(today, program=load_program(str(path)))


def words_of(change: RuleChange, program: Program) -> str:
    """Say a change in a sentence."""
    day = day_words(change.on)
    if change.ends:
        return f"“{program.security_programs[change.ends].title}” ends on {day}."
    amounts = program.amounts[change.amounts]
    now = amounts.on(change.on)
    moved = [
        f"{value} {_money(now.get(value, 0), program)} → {_money(cell, program)}"
        for value, cell in change.cells.items()
        if now.get(value) != cell
    ]
    return f"“{amounts.title}” changes for what is submitted from {day} on: {', '.join(moved)}."


def _money(amount: Any, program: Program) -> str:  # noqa: ANN401 - a Decimal or a whole number
    return amount_words(amount, Type.MONEY, currency=program.currency)


def basis_of(change: RuleChange, program: Program) -> str:
    """Say on what the preview of a change rests."""
    if change.ends:
        return (
            "Computed on today's evidence, as if the program had ended with every enrolment in it."
        )
    first = day_words(program.review.next_cut_off(change.on))
    return (
        f"The review of {first} is the first that looks at submissions under the new minimum; "
        f"what is submitted before {day_words(change.on)} keeps its own. Those submissions do not "
        "exist yet, so this is computed as if the new minimum had been in force for the awards of "
        "the last twelve months: who goes on paying as then would fail."
    )


def _check(change: RuleChange, newest: Program) -> None:
    if change.ends:
        if not security_program(change.ends).is_open(change.on):
            raise refused("its end is set already")
        return
    amounts = newest.amounts.get(change.amounts)
    if amounts is None:
        raise refused("there are no such amounts")
    now = amounts.on(change.on)
    if set(now) != set(change.cells):
        raise refused("give an amount for each")
    if all(now[value] == cell for value, cell in change.cells.items()):
        raise refused("nothing would change")


def _edit(change: RuleChange, newest: Program) -> Edit:
    source, _, _ = newest.source.partition("; from ")
    return Edit(
        on=change.on,
        source=f"{source}; from {day_words(change.on)} with a change by the program team",
        amounts=change.amounts,
        cells=change.cells,
        ends=change.ends,
    )


def _text(change: RuleChange, newest: Program) -> str:
    """Return the file of the new version, checked by the loader and against its golden cases."""
    before = file_of(newest.label)
    text = edited(before, _edit(change, newest))
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        put_version(Path(folder) / "version", text, before.parent / CASES)
        program = load_program(str(Path(folder) / "version"))
        read_cases(Path(folder) / "version", program)
    return text


def put_version(folder: Path, text: str, cases: Path) -> None:
    """Write a version into a folder that is not there yet: its file, and the cases before it."""
    folder.mkdir(parents=True)
    if cases.is_dir():
        shutil.copytree(cases, folder / CASES)
    (folder / PROGRAM_FILE).write_text(text, encoding="utf-8")
