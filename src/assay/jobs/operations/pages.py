"""Write a page to a file."""

from __future__ import annotations

from pathlib import Path

from assay.core.issues import Issue, Refused


def write_page(file: Path, page: str) -> None:
    """Write a page as UTF-8; raises Refused where that cannot be done."""
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise Refused(Issue(file=str(file), message=reason, hint="choose another file")) from None
