import gzip
import json
from datetime import UTC, date, datetime

import pytest

from assay.core.issues import Refused
from assay.jobs.imports.import_reports import (
    Order,
    Stage,
    Step,
    import_reports,
    rows_expected,
    unresolved_issue,
)
from assay.jobs.imports.show_ledger import show_ledger
from assay.ledger.batches import Counts

PROGRAM = "atlassian-marketplace@2024-06-13"
ORDER = Order.under(PROGRAM, source="shop", partner_id="p1", as_of=None)
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
HEADER = "transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount\n"
GOOD = HEADER + "a,app,2025-01-02,Cloud,1.00,0.80\nb,app,2025-01-03,Cloud,2.50,1.60\n"


def report(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def held(ledger):
    told = show_ledger(ledger, PROGRAM)
    return told["tables"]["transactions"], [batch["file"] for batch in told["batches"]]


def test_a_report_is_read_and_kept(tmp_path):
    file = report(tmp_path, "january.csv", GOOD)
    (done,) = import_reports(tmp_path / "ledger", [file], ORDER, imported_at=NOON)
    assert done.is_read
    assert (done.file, done.receipt.counts) == ("january.csv", Counts(read=2, kept=2))
    assert [found.column for found in done.unresolved] == ["partner_id", "app_id"]
    table, files = held(tmp_path / "ledger")
    assert table["totals"] == {"purchase_price": "3.50", "vendor_amount": "2.40"}
    assert (table["rows"], table["newest"], files) == (2, "2025-01-03", ["january.csv"])


def test_a_batch_notes_how_its_file_was_read():
    order = Order.under(PROGRAM, source="shop", partner_id="p1", as_of=date(2025, 2, 1))
    assert order.options == {
        "vocabulary": "marketplace-1",
        "currency": "USD",
        "partner": "p1",
        "as_of": "2025-02-01",
    }
    assert ORDER.options == {"vocabulary": "marketplace-1", "currency": "USD", "partner": "p1"}


def test_a_bad_file_among_several_stops_no_other(tmp_path):
    files = [
        report(tmp_path, "novel.txt", "Call me Ishmael.\n"),
        report(tmp_path, "january.csv", GOOD),
        tmp_path / "none.csv",
    ]
    done = import_reports(tmp_path / "ledger", files, ORDER, imported_at=NOON)
    assert [imported.is_read for imported in done] == [False, True, False]
    assert [len(imported.refused) for imported in done] == [1, 0, 1]
    assert held(tmp_path / "ledger")[1] == ["january.csv"]


def test_rejected_rows_are_told_and_written_to_mend(tmp_path):
    bad = GOOD + "c,app,31/12/2025,Cloud,1.00,0.80\n"
    file, rejects = report(tmp_path, "january.csv", bad), tmp_path / "rejects.csv"
    (done,) = import_reports(
        tmp_path / "ledger", [file], ORDER, imported_at=NOON, rejects_to=rejects
    )
    assert done.receipt.counts == Counts(read=3, kept=2, rejected=1)
    assert [(issue.row, issue.column, issue.value) for issue in done.rejected] == [
        (3, "saleDate", "31/12/2025")
    ]
    mended = rejects.read_text(encoding="utf-8").replace("31/12/2025", "2025-12-31")
    rejects.write_text(mended, encoding="utf-8")
    (again,) = import_reports(tmp_path / "ledger", [rejects], ORDER, imported_at=NOON)
    assert again.receipt.counts == Counts(read=1, kept=1)


def test_rejects_of_several_files_are_numbered(tmp_path):
    bad = HEADER + "c,app,31/12/2025,Cloud,1.00,0.80\n"
    files = [report(tmp_path, "good.csv", GOOD), report(tmp_path, "bad.csv", bad)]
    done = import_reports(
        tmp_path / "ledger", files, ORDER, imported_at=NOON, rejects_to=tmp_path / "rejects.csv"
    )
    assert [imported.rejects for imported in done] == [None, tmp_path / "rejects-2.csv"]
    assert [imported.is_read for imported in done] == [True, False]
    assert not (tmp_path / "rejects-1.csv").exists()


def test_rejects_that_cannot_be_written_refuse_the_file_before_it_is_kept(tmp_path):
    bad = GOOD + "c,app,31/12/2025,Cloud,1.00,0.80\n"
    (done,) = import_reports(
        tmp_path / "ledger",
        [report(tmp_path, "january.csv", bad)],
        ORDER,
        imported_at=NOON,
        rejects_to=tmp_path / "none" / "rejects.csv",
    )
    assert [issue.message for issue in done.refused] == ["No such file or directory"]
    assert held(tmp_path / "ledger")[1] == []


def test_a_ledger_that_cannot_be_made_refuses_everything(tmp_path):
    (tmp_path / "ledger").write_text("a file", encoding="utf-8")
    with pytest.raises(Refused):
        import_reports(tmp_path / "ledger", [], ORDER, imported_at=NOON)


def test_progress_is_told_while_reading_and_before_keeping(tmp_path):
    steps = []
    import_reports(
        tmp_path / "ledger",
        [report(tmp_path, "january.csv", GOOD)],
        ORDER,
        imported_at=NOON,
        on_progress=steps.append,
    )
    assert steps[0] == Step(file="january.csv", stage=Stage.READING, rows=2, expected=3)
    assert steps[-1] == Step(file="january.csv", stage=Stage.KEEPING, rows=2, expected=2)


def test_rows_kept_in_spite_of_an_unknown_name_are_a_warning(tmp_path):
    file = report(tmp_path, "january.csv", GOOD.replace("b,app", "b,other"))
    (done,) = import_reports(tmp_path / "ledger", [file], ORDER, imported_at=NOON)
    partner, app = done.unresolved
    assert str(unresolved_issue(partner)) == (
        "january.csv, row 1, column partner_id: warning: 2 rows of transactions name something"
        " that is not known yet ('p1') — they are kept; import what they name,"
        " `assay ledger show` lists what is missing"
    )
    assert unresolved_issue(app).value == "app, other"


def test_rows_are_expected_by_the_first_bytes_of_a_file(tmp_path):
    csv = report(tmp_path, "big.csv", "a,b\n" * 500_000)
    records = [{"transactionId": n, "other": {"transactionId": n}} for n in range(50_000)]
    array = report(tmp_path, "array.json", json.dumps(records).replace(': {"transactionId', ': {"'))
    zipped = tmp_path / "big.csv.gz"
    zipped.write_bytes(gzip.compress(csv.read_bytes()))
    assert rows_expected(csv) == 500_000
    assert rows_expected(array) == pytest.approx(50_000, rel=0.05)
    assert rows_expected(zipped) is None
    assert rows_expected(tmp_path / "none.csv") is None
