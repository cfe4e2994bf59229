from datetime import UTC, date, datetime

from assay.ledger.appending import Delivery
from assay.ledger.batches import Counts
from tests.ledger.sales import append, prices, sale, staged


def rehearse(ledger, file):
    delivery = Delivery(
        file=file,
        source="shop",
        options={"currency": "USD"},
        imported_at=datetime(2025, 2, 1, tzinfo=UTC),
    )
    with ledger.scratch() as scratch:
        return ledger.rehearse(delivery, scratch=scratch, most=2)


def files(ledger):
    return sorted(str(path) for path in (ledger.path / "facts").rglob("*"))


def test_a_rehearsal_counts_as_the_append_and_changes_nothing(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1), sale("b", 1)))
    before = files(ledger)
    file = staged(tmp_path, sale("a", 1), sale("b", 2), sale("c", 3), sale("c", 4), rejected=1)
    rehearsal = rehearse(ledger, file)
    assert (rehearsal.after, rehearsal.receipt.batch) == (1, None)
    assert files(ledger) == before
    assert prices(ledger) == {"a": 1, "b": 1}
    assert append(ledger, file).counts == rehearsal.receipt.counts
    assert rehearsal.receipt.counts == Counts(
        read=5, kept=1, already_held=1, restatements=2, rejected=1
    )


def test_restated_rows_are_shown_as_held_and_as_told_now(ledger, tmp_path):
    append(ledger, staged(tmp_path, *(sale(key, 1) for key in "abc")))
    rehearsal = rehearse(ledger, staged(tmp_path, *(sale(key, 2) for key in "cab")))
    assert [
        (one.line, one.before["transaction_id"], one.before["purchase_price"])
        for one in rehearsal.restated
    ] == [(1, "c", 1), (2, "a", 1)]
    assert [one.after["purchase_price"] for one in rehearsal.restated] == [2, 2]


def test_a_file_that_is_held_already_says_so(ledger, tmp_path):
    file = staged(tmp_path, sale("a", 1))
    append(ledger, file)
    assert rehearse(ledger, file).receipt.again


def test_the_first_batch_can_be_rehearsed(ledger, tmp_path):
    rehearsal = rehearse(ledger, staged(tmp_path, sale("a", 1)))
    assert (rehearsal.after, rehearsal.receipt.counts) == (0, Counts(read=1, kept=1))


def test_names_that_are_not_known_are_told_before_the_commit(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", app_id="of long ago")))
    partner = {"partner_id": "p1", "name": "P", "_line": 1}
    own = {"app_id": "own", "partner_id": "p1", "_line": 2}
    apps = ["own", *(f"app {number:02}" for number in range(25)), "app 07"]
    sales = [
        sale(app, app_id=app, sale_date=date(2025, 1, 28 - n)) for n, app in enumerate(apps, 1)
    ]
    sales[-1]["transaction_id"] = "again"
    file = staged(tmp_path, *sales, partners=[partner], apps=[own])
    (unknown,) = rehearse(ledger, file).unresolved
    assert (unknown.table, unknown.column, unknown.of) == ("transactions", "app_id", "apps")
    assert (unknown.names, unknown.rows) == (25, 26)
    assert [one.value for one in unknown.first] == [f"app {number:02}" for number in range(20)]
    assert [(one.rows, one.row) for one in unknown.first if one.value == "app 07"] == [(2, 9)]
    append(ledger, file)
    assert ledger.unresolved(batch=2) == (unknown,)
