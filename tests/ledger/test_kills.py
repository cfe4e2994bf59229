import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.jobs.imports.import_reports import Order, import_reports
from assay.ledger.ledger import Ledger
from tests.killed import calls_of, server, started
from tests.ledger.sales import MARKETPLACE, prices, totals

JANUARY = """transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount
a,app,2025-01-02,Cloud,1.00,0.80
b,app,2025-01-03,Cloud,2.00,1.60
"""
FEBRUARY = """transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount
b,app,2025-01-03,Cloud,5.00,4.00
c,app,2025-02-03,Server,7.00,5.60
c,app,2025-02-03,Server,8.00,5.60
d,app,03/02/2025,Server,8.00,5.60
"""
BEFORE = {"a": 100, "b": 200}
AFTER = {"a": 100, "b": 500, "c": 800}
TOTALS_AFTER = [
    (datetime(2025, 1, 1).date(), "p1", "cloud", 2, 600),  # noqa: DTZ001 - a month
    (datetime(2025, 2, 1).date(), "p1", "server", 1, 800),  # noqa: DTZ001 - a month
]
KILLS = 50


def imported(ledger: Path, file: Path):
    order = Order(source="shop", vocabulary=MARKETPLACE, currency="USD", partner_id="p1")
    return import_reports(ledger, [file], order, imported_at=datetime(2025, 3, 1, tzinfo=UTC))


def list_calls(ledger: Path, file: Path, told):
    told.put(calls_of(lambda: imported(ledger, file)))


def be_killed(ledger: Path, file: Path, last: int):  # pragma: no cover - dies before it tells
    calls_of(lambda: imported(ledger, file), last=last)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A ledger that holds January, and the report of February."""
    folder = tmp_path_factory.mktemp("reports")
    for name, text in (("january.csv", JANUARY), ("february.csv", FEBRUARY)):
        (folder / name).write_text(text, encoding="utf-8")
    imported(folder / "ledger", folder / "january.csv")
    return folder


@pytest.fixture(scope="module")
def calls(reports, tmp_path_factory):
    """Every call of the product's code while it imports February."""
    ledger = tmp_path_factory.mktemp("calls") / "ledger"
    shutil.copytree(reports / "ledger", ledger)
    told = server.Queue()
    process = started(list_calls, ledger, reports / "february.csv", told)
    names = told.get(timeout=60)
    process.join()
    return names


def placed(calls: list[str]) -> list[int]:
    """Fifty calls to be killed at: around the commit and every fsync, then evenly spread."""
    sharp = [n for n, name in enumerate(calls, 1) if "write_transaction" in name or "fsync" in name]
    rest = [n for n in range(1, len(calls) + 1) if n not in set(sharp)]
    needed = KILLS - len(sharp)
    return sorted(sharp + [rest[k * len(rest) // needed] for k in range(needed)])


def files_on_disk(ledger: Path) -> set[str]:
    return {str(path) for path in (ledger / "facts").glob("fact=*/*.parquet")}


def files_held(ledger: Path) -> set[str]:
    facts = Ledger.open(ledger, vocabulary=MARKETPLACE)._version(None).files  # noqa: SLF001
    return {file.path for file in facts}


def test_an_import_killed_at_fifty_calls_loses_and_doubles_nothing(reports, calls, tmp_path):
    seen = []
    for last in placed(calls):
        path = tmp_path / str(last)
        shutil.copytree(reports / "ledger", path)
        process = started(be_killed, path, reports / "february.csv", last)
        process.join()
        assert (process.exitcode, last) == (-signal.SIGKILL, last)
        ledger = Ledger.open(path, vocabulary=MARKETPLACE)
        found = prices(ledger)
        assert found in (BEFORE, AFTER), calls[last - 1]
        seen.append(found == AFTER)
        (again,) = imported(path, reports / "february.csv")
        assert again.receipt.again == (found == AFTER), calls[last - 1]
        assert prices(ledger) == AFTER, calls[last - 1]
        assert totals(ledger) == TOTALS_AFTER, calls[last - 1]
        assert files_on_disk(path) == files_held(path), calls[last - 1]
        assert list((path / "scratch").iterdir()) == []
        assert prices(ledger, "2025-02-28T00:00:00+00:00") == {}
        shutil.rmtree(path)
    assert len(seen) == KILLS
    assert seen == sorted(seen)  # nothing before the commit, everything after it
    assert set(seen) == {False, True}


def test_half_a_file_that_a_killed_writer_left_is_ignored_and_swept(reports, tmp_path):
    path = tmp_path / "ledger"
    shutil.copytree(reports / "ledger", path)
    half = path / "facts" / "fact=transactions" / "00000002-newest-0.parquet"
    half.write_bytes(b"PAR1 and no more")
    draft = path / "facts" / "_delta_log" / f"{2:020}.json#1"
    draft.write_bytes(b"{")
    ledger = Ledger.open(path, vocabulary=MARKETPLACE)
    assert prices(ledger) == BEFORE
    imported(path, reports / "february.csv")
    assert prices(ledger) == AFTER
    assert files_on_disk(path) == files_held(path)
    assert not draft.exists()
