"""What became of imported files, as `assay import` and `assay run` tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import typer

from assay.jobs.imports.import_reports import MOST_TOLD, Imported, unresolved_issue

_COUNTS = ("read", "kept", "already_held", "restatements", "rejected")


def tell(done: Sequence[Imported]) -> None:
    """Print the counts of every file, and on standard error what a person should look at."""
    width = max(len("file"), *(len(imported.file) for imported in done))
    typer.echo(f"{'file':<{width}}" + "".join(f"{name.replace('_', ' '):>14}" for name in _COUNTS))
    for imported in done:
        typer.echo(f"{imported.file:<{width}}{_counts_told(imported)}")
    for imported in done:
        for line in _remarks(imported):
            typer.echo(line, err=True)


def _counts_told(imported: Imported) -> str:
    if imported.receipt is None:
        return f"{'refused':>14}"
    counts = asdict(imported.receipt.counts)
    told = "".join(f"{counts[name]:>14,}" for name in _COUNTS)
    return (
        f"{told}   already held as batch {imported.receipt.batch}"
        if imported.receipt.again
        else told
    )


def _remarks(imported: Imported) -> Iterator[str]:
    yield from map(str, imported.refused)
    yield from (f"{imported.file}: {note}" for note in imported.notes)
    yield from map(str, imported.rejected)
    rejected = imported.receipt.counts.rejected if imported.receipt else 0
    if rejected > MOST_TOLD and imported.rejects is None:
        more = rejected - MOST_TOLD
        yield f"{imported.file}: {more} more rows rejected; --rejects FILE.csv lists them all"
    if imported.rejects is not None:
        yield f"{imported.file}: rejected rows are in {imported.rejects}; mend and import them"
    yield from (str(unresolved_issue(found)) for found in imported.unresolved)


def counted(done: Sequence[Imported]) -> str:
    """Tell in a line what became of all rows of all reports."""
    counts = [one.receipt.counts for one in done if one.receipt is not None]
    told = ", ".join(
        f"{sum(getattr(count, name) for count in counts):,} {name.replace('_', ' ')}"
        for name in _COUNTS
    )
    return f"{len(done)} reports imported; rows: {told}."
