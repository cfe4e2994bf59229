"""Cells that a spreadsheet would take for a formula, on their way out to be mended and back.

Rejected rows are written as CSV with an apostrophe before such a cell; a file of rejected rows is
told by the columns that the writer adds, and its cells are read without that apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKS = ("assay_row", "assay_column", "assay_problem", "assay_hint")
_LEADS = "[=+@\t\r\n＝＋－＠-]"  # noqa: RUF001 - full-width forms are formulas too
_ARMED = re.compile(f"'*{_LEADS}")
_NUMBER = re.compile(r"-[0-9.,]+")


def disarmed(cell: str) -> str:
    """Write a cell so that no spreadsheet computes it; `rearmed` is its inverse."""
    return f"'{cell}" if _ARMED.match(cell) and not _NUMBER.fullmatch(cell) else cell


def rearmed(cell: str) -> str:
    """Read a cell that `disarmed` wrote."""
    return cell[1:] if cell.startswith("'") and _ARMED.match(cell) else cell


def rearmed_sql(cell: str) -> str:
    """Write the DuckDB expression that reads the cell `cell` as `rearmed` does."""
    return f"regexp_replace({cell}, '^''(''*{_LEADS})', '\\1')"


def holds_rejects(header: Sequence[str]) -> bool:
    """Tell by its header whether a file was written as rejected rows."""
    return set(MARKS) <= set(header)
