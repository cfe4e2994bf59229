import os
from dataclasses import replace
from datetime import date

import pytest

from assay.core.issues import Refused
from assay.ledger.batches import Counts
from assay.ledger.ledger import Ledger
from tests.ledger.sales import MARKETPLACE, append, prices, sale, staged


def test_new_rows_are_kept(ledger, tmp_path):
    receipt = append(ledger, staged(tmp_path, sale("a", 1), sale("b", 2)))
    assert receipt.batch == 1
    assert receipt.counts == Counts(read=2, kept=2)
    assert prices(ledger) == {"a": 1, "b": 2}


def test_the_same_row_in_another_file_is_already_held(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    receipt = append(ledger, staged(tmp_path, sale("a", 1), sale("b", 2), file="more.csv"))
    assert receipt.counts == Counts(read=2, kept=1, already_held=1)
    assert prices(ledger) == {"a": 1, "b": 2}


def test_the_same_key_with_other_content_is_a_restatement(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1), sale("b", 2)))
    receipt = append(ledger, staged(tmp_path, sale("a", 3)))
    assert receipt.counts == Counts(read=1, restatements=1)
    assert prices(ledger) == {"a": 3, "b": 2}
    assert ledger.describe()["tables"]["transactions"]["restated"] == 1


def test_a_cell_that_became_empty_is_other_content(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", sale_type="new")))
    receipt = append(ledger, staged(tmp_path, sale("a", sale_type=None)))
    assert receipt.counts == Counts(read=1, restatements=1)


def test_an_empty_cell_is_the_same_as_an_empty_cell(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", sale_type=None)))
    receipt = append(ledger, staged(tmp_path, sale("a", sale_type=None), sale("b")))
    assert receipt.counts == Counts(read=2, kept=1, already_held=1)


def test_an_older_version_of_a_held_row_is_already_held(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1, seen=20)))
    receipt = append(ledger, staged(tmp_path, sale("a", 2, seen=10), sale("b", 3)))
    assert receipt.counts == Counts(read=2, kept=1, already_held=1)
    assert prices(ledger) == {"a": 1, "b": 3}


def test_a_row_without_a_moment_restates_one_that_has_one(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1, seen=20)))
    append(ledger, staged(tmp_path, sale("a", 2)))
    assert prices(ledger) == {"a": 2}


def test_one_key_twice_in_a_file_counts_as_kept_and_restated(ledger, tmp_path):
    receipt = append(ledger, staged(tmp_path, sale("a", 1), sale("a", 2), sale("a", 2)))
    assert receipt.counts == Counts(read=3, kept=1, restatements=1, already_held=1)
    assert prices(ledger) == {"a": 2}
    assert ledger.describe()["tables"]["transactions"]["restated"] == 1


def test_one_key_twice_in_a_file_is_taken_in_the_order_its_source_saw_it(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 2, seen=20), sale("a", 1, seen=10)))
    assert prices(ledger) == {"a": 2}


def test_rows_told_again_in_another_file_are_all_held_whatever_they_went_through(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1), sale("a", 2), sale("b", 1)))
    receipt = append(ledger, staged(tmp_path, sale("a", 1), sale("a", 2), file="again.csv"))
    assert receipt.counts == Counts(read=2, already_held=2)
    assert prices(ledger) == {"a": 2, "b": 1}


def test_a_restatement_can_be_taken_back(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    append(ledger, staged(tmp_path, sale("a", 2)))
    receipt = append(ledger, staged(tmp_path, sale("a", 1), file="back.csv"))
    assert receipt.counts == Counts(read=1, restatements=1)
    assert prices(ledger) == {"a": 1}


def test_importing_a_file_twice_changes_nothing(ledger, tmp_path):
    file = staged(tmp_path, sale("a", 1), rejected=1)
    append(ledger, file)
    append(ledger, staged(tmp_path, sale("a", 2)))
    before = ledger.describe()
    receipt = append(ledger, file)
    assert (receipt.batch, receipt.again) == (1, True)
    assert receipt.counts == Counts(read=2, already_held=1, rejected=1)
    assert ledger.describe() == before


def test_a_file_from_another_source_is_another_batch(ledger, tmp_path):
    file = staged(tmp_path, sale("a", 1))
    append(ledger, file)
    receipt = append(ledger, file, source="another shop")
    assert (receipt.batch, receipt.again) == (2, False)
    assert receipt.counts == Counts(read=1, already_held=1)


def test_a_file_without_a_good_row_makes_no_batch(ledger, tmp_path):
    receipt = append(ledger, staged(tmp_path, rejected=3))
    assert receipt.batch is None
    assert receipt.counts == Counts(read=3, rejected=3)
    assert ledger.describe()["batches"] == []


def test_a_row_with_several_facts_counts_once_by_the_strongest(ledger, tmp_path):
    app = {"app_id": "app", "partner_id": "p1", "name": "App", "public": True, "_line": 1}
    listing = {"app_id": "app", "hosting": "cloud", "listed_on": date(2024, 1, 1)}
    free = listing | {"payment": "free", "_line": 1}
    server = listing | {"hosting": "server", "_line": 2}
    append(ledger, staged(tmp_path, apps=[app], listings=[free]))
    receipt = append(
        ledger,
        staged(
            tmp_path,
            apps=[app, app | {"_line": 2}, app | {"_line": 3}],
            listings=[listing | {"payment": "platform", "_line": 1}, server],
        ),
    )
    assert receipt.counts == Counts(read=3, kept=1, already_held=1, restatements=1)
    assert receipt.tables == {
        "apps": Counts(read=3, already_held=3),
        "listings": Counts(read=2, kept=1, restatements=1),
    }


def test_many_rows_are_cut_into_slices_and_nothing_is_lost(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("assay.ledger.writing._ROWS_A_SLICE", 10)
    sales = [sale(f"s{n:03}", n, partner_id=f"p{n % 7}") for n in range(100)]
    append(ledger, staged(tmp_path, *sales))
    assert prices(ledger) == {f"s{n:03}": n for n in range(100)}
    assert len(ledger.facts().tables["transactions"].paths) == min(os.cpu_count(), 8)


def test_a_table_with_other_columns_is_refused_and_changes_nothing(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    table = MARKETPLACE.tables["transactions"]
    fewer = {name: column for name, column in table.columns.items() if name != "vendor_amount"}
    tables = MARKETPLACE.tables | {"transactions": replace(table, columns=fewer)}
    other = Ledger.open(ledger.path, vocabulary=replace(MARKETPLACE, tables=tables))
    with pytest.raises(Refused) as refused:
        other.facts()
    assert [issue.message for issue in refused.value.issues] == [
        "the ledger holds this table with other columns"
    ]


def test_a_column_of_another_type_is_refused(ledger):
    table = MARKETPLACE.tables["transactions"]
    text = replace(table.columns["purchase_price"], name="public")
    odd = replace(table, name="odd", columns={"public": text}, key=("public",), totals_of=())
    with pytest.raises(Refused) as refused:
        Ledger.create(
            ledger.path, vocabulary=replace(MARKETPLACE, tables=MARKETPLACE.tables | {"odd": odd})
        )
    assert refused.value.issues[0].message == "a column of this name has another type in table apps"


def test_a_vocabulary_may_gain_a_table(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    table = MARKETPLACE.tables["escalations"]
    column = replace(table.columns["escalation_id"], name="visit_id")
    visits = replace(table, name="visits", columns={"visit_id": column}, key=("visit_id",))
    wider = replace(
        MARKETPLACE, tables=MARKETPLACE.tables | {"visits": replace(visits, dated=None)}
    )
    grown = Ledger.open(ledger.path, vocabulary=wider)
    assert append(grown, staged(tmp_path, sale("b", 2))).batch == 2
    assert prices(ledger) == {"a": 1, "b": 2}
    assert append(grown, staged(tmp_path, sale("c", 3))).batch == 3
