"""Review: a program and facts to decisions, findings and a record of what they rest on."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as pcsv
from pyarrow import parquet as pq

from assay.core.issues import Issue, Refused
from assay.core.summaries import LeftOut, ReviewSummary
from assay.documents.programs import load_program
from assay.engine.duck import Session
from assay.engine.left_out import unresolved
from assay.engine.reviews import DUCKDB, Review, review
from assay.engine.summaries import summarise
from assay.jobs.reviews.facts import Source
from assay.tables.held import Facts
from assay.tables.watch import OnWork
from assay.tables.written import write_rows

FORMATS = ("csv", "parquet")


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A review, the facts it was computed on, and what it says as a whole where that was asked.

    The files behind `facts` may be gone; its counts, digest and notes stay.
    """

    done: Review
    facts: Facts
    summary: ReviewSummary | None


def review_facts(  # noqa: PLR0913 - what, on what, when, and how it is given
    reference: str,
    source: Source,
    *,
    on: date,
    engine: str = DUCKDB,
    strict: bool = False,
    summarised: bool = False,
    before: Path | None = None,
    on_work: OnWork | None = None,
) -> Reviewed:
    """Review the facts of `source` with a program on day `on`.

    With `summarised` the review is also told as a whole, against the decisions in the file or
    folder `before` where one is given. `on_work` is told how far long work is. Raises Refused
    for a bad program, bad facts or, with `strict`, any row that refers to something not known.
    """
    program = load_program(reference)
    earlier = None if before is None else read_decisions(before)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch, on_work=on_work)
        if strict:
            with Session.open(facts, program.vocabulary, scratch=scratch) as session:
                refuse_unresolved(unresolved(session))
        done = review(program, facts, on=on, engine=engine, scratch=scratch, on_work=on_work)
        summary = None
        if summarised:
            summary = summarise(done, facts, before=earlier, scratch=scratch)
    return Reviewed(done=done, facts=facts, summary=summary)


def summary_of(reviewed: Reviewed) -> ReviewSummary:
    """Return the summary of a review that was asked to be summarised."""
    if reviewed.summary is None:
        raise ValueError(reviewed)
    return reviewed.summary


def read_decisions(path: Path) -> pa.Table:
    """Read earlier decisions: a CSV or Parquet file, or a folder that a review was written to.

    Raises Refused where there are none; which columns and tiers they have is checked later.
    """
    files = [path, *(path / f"decisions.{file_format}" for file_format in FORMATS)]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise Refused(
            Issue(file=str(path), message="no decisions there", hint="give decisions.csv")
        )
    try:
        if file.suffix == ".parquet":
            return pq.read_table(file)
        types = {"partner_id": pa.string(), "tier": pa.string()}
        return pcsv.read_csv(file, convert_options=pcsv.ConvertOptions(column_types=types))
    except (pa.ArrowInvalid, OSError) as error:
        problem = str(error).splitlines()[0]
        raise Refused(Issue(file=str(file), message=f"cannot be read: {problem}")) from None


def refuse_unresolved(rows: tuple[LeftOut, ...]) -> None:
    """Raise Refused where any row refers to something that is not known."""
    if rows:
        raise Refused(
            *(
                Issue(
                    file=found.table,
                    column=found.column,
                    value=", ".join(found.values),
                    message=f"{found.rows} rows refer to something not known",
                    hint="import what they refer to, or review without --strict",
                )
                for found in rows
            )
        )


def review_record(reviewed: Reviewed) -> dict[str, object]:
    """Return what a review rests on, as `review.json` has it."""
    done, facts = reviewed.done, reviewed.facts
    last_day = done.cut_off.fromordinal(done.cut_off.toordinal() - 1)
    return {
        "program": done.program.name,
        "version": done.program.version,
        "program_digest": done.program.digest,
        "on": done.on.isoformat(),
        "cut_off": done.cut_off.isoformat(),
        "window": {
            name: {
                "from": None if first is None else first.isoformat(),
                "to": last_day.isoformat(),
            }
            for name, first in done.windows.items()
        },
        "facts_digest": facts.digest,
        "counts": done.counts,
        "rows": {
            name: {
                "read": held.rows.read,
                "rejected": held.rows.rejected,
                "repeated": held.rows.repeated,
            }
            for name, held in facts.tables.items()
        },
        "left_out": [
            {
                "table": found.table,
                "column": found.column,
                "rows": found.rows,
                "values": list(found.values),
            }
            for found in done.left_out
        ],
        "notes": list(facts.notes),
    }


def write_review(reviewed: Reviewed, out: Path, *, file_format: str = "csv") -> None:
    """Write `decisions`, `findings` and `review.json` to the folder `out`, all or none.

    Raises Refused where that cannot be done.
    """
    check_format(file_format)
    done = reviewed.done
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".assay-", dir=out) as folder:
            fresh = Path(folder)
            for name, rows in (("decisions", done.decisions), ("findings", done.findings)):
                write_rows(rows, fresh / f"{name}.{file_format}")
            record = json.dumps(review_record(reviewed), indent=2, ensure_ascii=False)
            (fresh / "review.json").write_text(record + "\n", encoding="utf-8")
            for path in sorted(fresh.iterdir()):
                path.replace(out / path.name)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise Refused(Issue(file=str(out), message=reason, hint="choose another --out")) from None


def check_format(file_format: str) -> None:
    """Raise Refused for a format that rows are not written in."""
    if file_format not in FORMATS:
        raise Refused(
            Issue(file=file_format, message="no such format", hint=f"one of {', '.join(FORMATS)}")
        )
