import os
import signal
import time

import pytest

from assay.core.issues import Refused
from assay.ledger.ledger import Ledger
from tests.killed import started
from tests.ledger.sales import MARKETPLACE, append, prices, sale, staged

CANNOT = "the ledger cannot be read or written"


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    (issue,) = refused.value.issues
    return issue


def test_no_ledger_is_told(tmp_path):
    issue = refusal(lambda: Ledger.open(tmp_path / "none", vocabulary=MARKETPLACE))
    assert issue.message == "there is no ledger here"


def test_a_file_where_the_ledger_should_be_is_told(tmp_path):
    (tmp_path / "ledger").write_text("not a folder", encoding="utf-8")
    issue = refusal(lambda: Ledger.create(tmp_path / "ledger", vocabulary=MARKETPLACE))
    assert (issue.message, issue.value) == (CANNOT, "File exists")


def test_a_folder_that_takes_no_files_is_told_and_nothing_is_lost(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    (ledger.path / "facts" / "fact=transactions").rename(tmp_path / "aside")
    (ledger.path / "facts" / "fact=transactions").write_text("in the way", encoding="utf-8")
    issue = refusal(lambda: append(ledger, staged(tmp_path, sale("b", 2))))
    assert issue.message == CANNOT
    (ledger.path / "facts" / "fact=transactions").unlink()
    (tmp_path / "aside").rename(ledger.path / "facts" / "fact=transactions")
    assert prices(ledger) == {"a": 1}
    append(ledger, staged(tmp_path, sale("b", 2)))
    assert prices(ledger) == {"a": 1, "b": 2}


def test_a_scratch_that_cannot_be_made_is_told(ledger, tmp_path):
    (ledger.path / "scratch").write_text("in the way", encoding="utf-8")
    issue = refusal(lambda: append(ledger, staged(tmp_path, sale("a", 1))))
    assert issue.message == CANNOT


def test_a_torn_log_is_told(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    log = ledger.path / "facts" / "_delta_log" / f"{1:020}.json"
    log.write_bytes(log.read_bytes()[:40])
    assert refusal(ledger.facts).message == "the ledger's log cannot be read"


def test_an_empty_last_log_entry_is_a_batch_that_never_was(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    (ledger.path / "facts" / "_delta_log" / f"{2:020}.json").touch()
    assert prices(ledger) == {"a": 1}
    append(ledger, staged(tmp_path, sale("b", 2)))
    assert prices(ledger) == {"a": 1, "b": 2}


def lend(path, told):  # pragma: no cover - dies before it tells
    with Ledger.open(path, vocabulary=MARKETPLACE).scratch() as folder:
        (folder / "rows.parquet").touch()
        told.touch()
        time.sleep(60)


def test_scratch_is_swept_once_its_borrower_is_dead_and_not_before(ledger, tmp_path):
    told = tmp_path / "told"
    borrower = started(lend, ledger.path, told)
    while not told.exists():
        time.sleep(0.01)
    with ledger.scratch() as mine:
        (theirs,) = (folder for folder in mine.parent.iterdir() if folder != mine)
    assert (theirs / "rows.parquet").exists()
    os.kill(borrower.pid, signal.SIGKILL)
    borrower.join()
    with ledger.scratch() as mine:
        assert list(mine.parent.iterdir()) == [mine]
