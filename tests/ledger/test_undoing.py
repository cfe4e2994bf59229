from datetime import datetime

import pytest

from assay.core.issues import Refused
from assay.ledger.batches import Counts
from assay.ledger.undoing import Undoing
from tests.ledger.sales import append, prices, sale, staged, totals

FEBRUARY, MARCH, APRIL, MAY = (f"2025-{month:02}-01T12:00:00+00:00" for month in (2, 3, 4, 5))


def undo(ledger, batch, *, at=MAY):
    with ledger.scratch() as scratch:
        return ledger.undo(
            Undoing(batch=batch, undone_at=datetime.fromisoformat(at)), scratch=scratch
        )


def test_rows_that_the_batch_added_are_withdrawn(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    append(ledger, staged(tmp_path, sale("b", 2), sale("c", 3)))
    receipt = undo(ledger, 2)
    assert (receipt.batch, receipt.counts) == (3, Counts(read=2, withdrawn=2))
    assert prices(ledger) == {"a": 1}
    assert ledger.describe()["tables"]["transactions"]["rows"] == 1


def test_rows_that_the_batch_restated_get_their_former_content(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1), sale("b", 1)))
    append(ledger, staged(tmp_path, sale("a", 2), sale("a", 3), sale("c", 4)))
    assert prices(ledger) == {"a": 3, "b": 1, "c": 4}
    assert undo(ledger, 2).counts == Counts(read=2, withdrawn=1, restatements=1)
    assert prices(ledger) == {"a": 1, "b": 1}


def test_rows_restated_since_stay_as_they_are(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    append(ledger, staged(tmp_path, sale("a", 2), sale("b", 2)))
    append(ledger, staged(tmp_path, sale("a", 3)))
    assert undo(ledger, 2).counts == Counts(read=2, withdrawn=1, already_held=1)
    assert prices(ledger) == {"a": 3}


def test_a_batch_whose_every_row_was_restated_since_changes_nothing_and_is_undone(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    append(ledger, staged(tmp_path, sale("a", 2)))
    assert undo(ledger, 1).counts == Counts(read=1, already_held=1)
    assert prices(ledger) == {"a": 2}
    assert undo(ledger, 2).counts == Counts(read=1, withdrawn=1)
    assert prices(ledger) == {}
    assert totals(ledger) == []


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_the_order_in_which_batches_are_undone_does_not_matter(ledger, tmp_path, order):
    append(ledger, staged(tmp_path, sale("a", 1), sale("b", 1)))
    append(ledger, staged(tmp_path, sale("a", 2), sale("c", 2)))
    append(ledger, staged(tmp_path, sale("a", 3), sale("b", 3), sale("c", 3)))
    for batch in order:
        undo(ledger, batch)
    assert prices(ledger) == {"a": 1, "b": 1}
    assert totals(ledger)[0][3:] == (2, 2)


def test_facts_are_known_as_they_were_before_and_after(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    before = ledger.facts()
    append(ledger, staged(tmp_path, sale("a", 2), sale("b", 2)), at=MARCH)
    imported = ledger.facts()
    undo(ledger, 2, at=APRIL)
    assert ledger.facts().digest == before.digest
    assert ledger.facts(datetime.fromisoformat(MARCH)).digest == imported.digest
    assert prices(ledger, FEBRUARY) == {"a": 1}
    assert prices(ledger, MARCH) == {"a": 2, "b": 2}
    assert prices(ledger, APRIL) == {"a": 1}
    assert totals(ledger, MARCH)[0][3:] == (2, 4)
    assert totals(ledger)[0][3:] == (1, 1)


def test_undoing_twice_is_undoing_once(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    undo(ledger, 1)
    receipt = undo(ledger, 1)
    assert (receipt.batch, receipt.again) == (2, True)
    assert [batch["batch"] for batch in ledger.describe()["batches"]] == [1, 2]


def test_the_file_of_an_undone_batch_can_be_imported_again_and_undone_again(ledger, tmp_path):
    file = staged(tmp_path, sale("a", 1))
    append(ledger, file)
    undo(ledger, 1)
    receipt = append(ledger, file)
    assert (receipt.batch, receipt.again, receipt.counts) == (3, False, Counts(read=1, kept=1))
    assert append(ledger, file).again
    assert prices(ledger) == {"a": 1}
    undo(ledger, 3)
    assert prices(ledger) == {}


def test_every_table_of_the_batch_is_undone(ledger, tmp_path):
    app = {"app_id": "app", "partner_id": "p1", "name": "App", "public": True, "_line": 1}
    number = {"app_number": "1", "app_id": "app", "_line": 1}
    append(ledger, staged(tmp_path, apps=[app]))
    append(ledger, staged(tmp_path, apps=[app | {"name": "New"}], app_numbers=[number]))
    receipt = undo(ledger, 2)
    assert receipt.tables == {
        "apps": Counts(read=1, restatements=1),
        "app_numbers": Counts(read=1, withdrawn=1),
    }
    assert receipt.counts == Counts(read=2, restatements=1, withdrawn=1)
    tables = ledger.describe()["tables"]
    assert (tables["apps"]["rows"], tables["app_numbers"]["rows"]) == (1, 0)


def test_a_batch_that_undoes_another_or_is_not_there_is_refused(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    undo(ledger, 1)
    for number, message in ((2, "the batch undoes batch 1 itself"), (9, "there is no such batch")):
        with pytest.raises(Refused) as refused:
            undo(ledger, number)
        assert [issue.message for issue in refused.value.issues] == [message]
