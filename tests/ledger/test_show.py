from dataclasses import replace
from datetime import date

import pytest

from assay.ledger import batches
from assay.ledger.show import Named, Unresolved, money_text
from tests.ledger.sales import append, sale, staged

NOTHING = {"rows": 0, "restated": 0, "totals": {}, "newest": None}
PARTNER = {"partner_id": "p1", "name": "P", "country": "DE", "time_zone": None, "joined_on": None}
APP = {"app_id": "app", "partner_id": "p1", "name": None, "public": None}


def test_tables_have_rows_restatements_totals_and_the_newest_day(ledger, tmp_path):
    first = sale("a", 123_456, vendor_amount=99)
    late = sale("b", -7, sale_date=date(2025, 3, 4))
    append(ledger, staged(tmp_path, first, late))
    append(ledger, staged(tmp_path, sale("a", 5)))
    opened = {
        "escalation_id": "e",
        "partner_id": "p1",
        "opened_at": 1_735_776_000_000_000,
        "responded_at": None,
        "_line": 1,
    }
    append(ledger, staged(tmp_path, escalations=[opened]))
    tables = ledger.describe()["tables"]
    assert tables.pop("transactions") == {
        "rows": 2,
        "restated": 1,
        "totals": {"purchase_price": "-0.02", "vendor_amount": "0.00"},
        "newest": "2025-03-04",
    }
    assert tables.pop("escalations") == NOTHING | {"rows": 1, "newest": "2025-01-02"}
    assert tables.pop("bounty_submissions") == NOTHING | {"totals": {"awarded": "0.00"}}
    assert tables == dict.fromkeys(tables, NOTHING)


def test_batches_tell_their_file_and_counts(ledger, tmp_path):
    file = staged(tmp_path, sale("a", 1), file="january.csv", rejected=2)
    append(ledger, file, at="2025-02-01T00:00:00+00:00", source="shop")
    counts = {"already_held": 0, "restatements": 0, "withdrawn": 0}
    assert ledger.describe()["batches"] == [
        {
            "batch": 1,
            "source": "shop",
            "file": "january.csv",
            "kind": "transactions",
            "sha256": file.sha256,
            "options": {"currency": "USD"},
            "imported_at": "2025-02-01T00:00:00+00:00",
            "rows": counts | {"read": 3, "kept": 1, "rejected": 2},
            "facts": {"transactions": counts | {"read": 1, "kept": 1, "rejected": 0}},
            "reference": "",
            "undoes": None,
        }
    ]


def test_rows_that_name_nothing_known_are_told_with_file_and_row(ledger, tmp_path):
    sales = [sale("a"), sale("b", partner_id="p2", app_id=None), sale("c", partner_id="p2")]
    append(ledger, staged(tmp_path, *sales, file="january.csv"))
    append(ledger, staged(tmp_path, partners=[PARTNER | {"_line": 1}]))
    app = Named(value="app", rows=2, file="january.csv", row=1)
    partner = Named(value="p2", rows=2, file="january.csv", row=2)
    assert ledger.unresolved(batch=1) == (
        Unresolved(
            table="transactions",
            column="partner_id",
            of="partners",
            rows=2,
            names=1,
            first=(partner,),
        ),
        Unresolved(table="transactions", column="app_id", of="apps", rows=2, names=1, first=(app,)),
    )
    assert ledger.unresolved(batch=2) == ()
    append(ledger, staged(tmp_path, apps=[APP | {"_line": 1}]))
    assert ledger.describe()["unresolved"] == [
        {
            "table": "transactions",
            "column": "partner_id",
            "of": "partners",
            "rows": 2,
            "names": 1,
            "first": [{"value": "p2", "rows": 2, "file": "january.csv", "row": 2}],
        }
    ]


def test_an_app_is_known_by_its_number_too(ledger, tmp_path):
    number = {"app_number": "1234", "app_id": "app", "_line": 1}
    enrolment = {"app_id": "1234", "enrolled_on": date(2025, 1, 1), "left_on": None, "_line": 1}
    append(ledger, staged(tmp_path, bounty_enrolments=[enrolment]))
    assert [found.first[0].value for found in ledger.unresolved(batch=1)] == ["1234"]
    append(ledger, staged(tmp_path, app_numbers=[number]))
    assert ledger.unresolved(batch=1) == ()


def test_a_restated_row_is_resolved_by_what_it_says_now(ledger, tmp_path):
    append(ledger, staged(tmp_path, partners=[PARTNER | {"_line": 1}]))
    append(ledger, staged(tmp_path, sale("a", partner_id="p2", app_id=None)))
    assert [found.rows for found in ledger.unresolved(batch=2)] == [1]
    append(ledger, staged(tmp_path, sale("a", partner_id="p1", app_id=None)))
    assert ledger.describe()["unresolved"] == []


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (-12_345, "-123.45"),
        (10**30 + 1, "10000000000000000000000000000.01"),
    ],
)
def test_amounts_are_told_exactly(minor, text):
    assert money_text(minor) == text


def test_a_digest_of_another_scheme_is_counted_anew(ledger, tmp_path, monkeypatch):
    append(ledger, staged(tmp_path, sale("a", 1), sale("b", 2)))
    digest = ledger.facts().digest
    monkeypatch.setattr(batches, "SCHEME", "another")
    assert ledger.facts().digest == digest
    append(ledger, staged(tmp_path, sale("b", 3)))
    monkeypatch.undo()
    changed = ledger.facts().digest
    append(ledger, staged(tmp_path, sale("b", 2), file="back.csv"))
    assert (ledger.facts().digest, changed == digest) == (digest, False)


def test_a_batch_is_read_as_it_was_recorded(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    batch = ledger._version(None).batch  # noqa: SLF001
    assert batches.read_batch(batch.record()) == batch
    assert replace(batch, number=2).told()["batch"] == 2
