"""Rejected rows grouped by their cause: what is wrong with which column, how often, and where."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.issues import Issue
from assay.documents.csv_files import literal
from assay.documents.reading import Reading
from assay.tables.duck import connect, parquet

_MOST_CAUSES = 100
_LONGEST = 300  # characters of a value that are told


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One thing that is wrong in `rows` rows, of which `first` are told one by one."""

    column: str | None
    message: str
    rows: int
    first: tuple[Issue, ...]


def causes(reading: Reading, *, most: int) -> tuple[Cause, ...]:
    """Group the rejected rows of a report by their first fault, the most frequent cause first.

    Of each cause `most` rows are told, in the order of the report.
    """
    if reading.rejects is None:
        return ()
    with connect() as connection:
        found = connection.execute(
            f"""
            SELECT "column", split_part(message, ';', 1) AS cause, count(*),
                   min_by(struct_pack(row := row, file := file, value := value[:{_LONGEST}],
                                      message := message, hint := hint), place, {most:d})
            FROM (SELECT *, row_number() OVER () AS place
                  FROM {parquet((literal(reading.rejects),))})
            GROUP BY ALL ORDER BY count(*) DESC, min(place) LIMIT {_MOST_CAUSES}
            """
        ).fetchall()
    return tuple(
        Cause(
            column=column,
            message=message,
            rows=rows,
            first=tuple(Issue(column=column, **told) for told in first),
        )
        for column, message, rows, first in found
    )
