"""Two real lists of bug bounty programs, a year apart: enrolments with real dates.

The numbers were counted from the files with a plain search for app addresses.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assay.documents.programs import load_program
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.facts import Source
from assay.tables.duck import connect

FIXTURES = Path(__file__).parent.parent / "documents" / "fixtures"
PROGRAM = load_program("atlassian-marketplace@2024-06-13")
ORDER = Order(source="bounty", vocabulary=PROGRAM.vocabulary, currency=PROGRAM.currency)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bounty") / "ledger"
    for year in (2025, 2026):
        file = FIXTURES / f"bounty-programs-{year}-07-01.json.gz"
        import_reports(folder, [file], ORDER, imported_at=datetime(year, 7, 2, tzinfo=UTC))
    return folder


def enrolments(ledger, tmp_path):
    facts = Source(ledger=ledger).open(PROGRAM, scratch=tmp_path)
    with connect() as connection:
        return connection.execute(
            f"SELECT enrolled_on, count(*) FROM ({facts.tables['bounty_enrolments'].sql}) "
            "GROUP BY enrolled_on ORDER BY enrolled_on"
        ).fetchall()


def test_every_app_is_enrolled_once_on_the_day_of_the_list_that_names_it_first(ledger, tmp_path):
    assert enrolments(ledger, tmp_path) == [(date(2025, 7, 1), 254), (date(2026, 7, 1), 161)]


def test_the_same_list_again_changes_nothing(ledger, tmp_path):
    before = enrolments(ledger, tmp_path)
    file = FIXTURES / "bounty-programs-2026-07-01.json.gz"
    (again,) = import_reports(ledger, [file], ORDER, imported_at=datetime(2026, 8, 1, tzinfo=UTC))
    assert again.receipt is not None
    assert again.receipt.again
    assert enrolments(ledger, tmp_path) == before
