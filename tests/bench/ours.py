"""What is measured of Assay: imports, reviews and explanations, as the jobs do them."""

import dataclasses
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import sqlglot.dialects.duckdb  # noqa: F401 - an import too, which SQLGlot does when it first parses

from assay.documents.programs import load_program
from assay.engine.reviews import review
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.explain import explain_decision
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from assay.ledger.ledger import Ledger
from tests.bench import PROGRAM, REVIEW_ON

IMPORTED_AT = datetime(2025, 7, 2, tzinfo=UTC)


def review_folder(*, folder):
    """Review a facts folder: every cell and key checked, findings made."""
    return _told(review_facts(PROGRAM, Source(folder=Path(folder)), on=REVIEW_ON))


def review_ledger(*, ledger):
    """Review a ledger, reading the monthly totals that it keeps."""
    return _told(review_facts(PROGRAM, Source(ledger=Path(ledger)), on=REVIEW_ON))


def review_ledger_rows(*, ledger):
    """Review a ledger from its rows, as if it kept no monthly totals."""
    program = load_program(PROGRAM)
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        facts = Source(ledger=Path(ledger)).open(program, scratch=Path(scratch))
        rows_only = dataclasses.replace(facts, totals={})
        done = review(program, rows_only, on=REVIEW_ON, scratch=Path(scratch))
    return {"counts": done.counts, "facts": facts.digest}


def _told(reviewed):
    return {"counts": reviewed.done.counts, "facts": reviewed.facts.digest}


def import_files(*, ledger, files):
    """Import files into a ledger, each a batch; every row has to be kept."""
    order = Order.under(PROGRAM, source="marketplace", partner_id=None, as_of=None)
    paths = [Path(file) for file in files]
    done = import_reports(Path(ledger), paths, order, imported_at=IMPORTED_AT)
    counts = [imported.receipt.counts for imported in done]
    if any(count.kept != count.read for count in counts):
        raise SystemExit(f"rows were not kept: {done}")
    return {"rows": sum(count.read for count in counts)}


def explain(*, ledger, partner):
    """Explain one partner's decision."""
    explain_decision(PROGRAM, Source(ledger=Path(ledger)), partner, on=REVIEW_ON)


def ledger_files(ledger):
    """Return the Parquet files of a ledger that hold its transactions."""
    vocabulary = load_program(PROGRAM).vocabulary
    facts = Ledger.open(Path(ledger), vocabulary=vocabulary).facts()
    return list(facts.tables["transactions"].paths)
