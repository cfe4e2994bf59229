"""Bad data is a value: what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue weighs: an error refuses, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, order=True)
class Issue:
    """One thing wrong in a document.

    `line` is a line of a program file (1-based); `row` is a data row of a report or fact file
    (1-based, the header not counted); `column` and `value` are as the document has them.
    """

    file: str
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Tell the issue in one line: place, what is wrong, how to mend it."""
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        value = "" if self.value is None else f" ({_shortened(self.value)!r})"
        kind = "warning: " if self.severity is Severity.WARNING else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"{place}: {kind}{self.message}{value}{hint}"


class Refused(Exception):
    """A document or request was refused; `issues` says why, one line each."""

    def __init__(self, *issues: Issue) -> None:
        """Keep the issues, at least one."""
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = issues


def _shortened(value: str, *, most: int = 80) -> str:
    return value if len(value) <= most else f"{value[:most]}… ({len(value)} characters)"
