import pytest
from deltalake.exceptions import CommitFailedError

from assay.ledger.batches import Counts
from assay.ledger.ledger import Ledger
from assay.ledger.log import Change, commit, read_log
from assay.tables.duck import connect
from tests.killed import server, started
from tests.ledger.sales import MARKETPLACE, append, prices, sale, staged, totals


def deliver(path, file, ready, told):
    """Append a file when everybody is ready, and tell what came of it."""
    ledger = Ledger.create(path, vocabulary=MARKETPLACE)
    ready.wait(timeout=60)
    receipt = append(ledger, file)
    told.put((receipt.again, receipt.counts))


def delivered_at_once(path, files):
    ready, told = server.Barrier(len(files)), server.Queue()
    processes = [started(deliver, path, file, ready, told) for file in files]
    receipts = [told.get(timeout=60) for _ in files]
    for process in processes:
        process.join()
    return sorted(receipts, key=str)


@pytest.mark.parametrize("writers", [2, 4])
def test_one_file_by_several_at_once_is_held_once(tmp_path, writers):
    file = staged(tmp_path, sale("a", 1), sale("b", 2))
    receipts = delivered_at_once(tmp_path / "ledger", [file] * writers)
    again = (True, Counts(read=2, already_held=2))
    assert receipts == [(False, Counts(read=2, kept=2)), *[again] * (writers - 1)]
    ledger = Ledger.open(tmp_path / "ledger", vocabulary=MARKETPLACE)
    assert prices(ledger) == {"a": 1, "b": 2}
    assert [batch["batch"] for batch in ledger.describe()["batches"]] == [1]


def test_files_that_overlap_at_once_are_both_kept_and_nothing_doubles(tmp_path):
    first = staged(tmp_path, sale("a", 1), sale("b", 2), file="first.csv")
    second = staged(tmp_path, sale("b", 2), sale("c", 3), file="second.csv")
    receipts = delivered_at_once(tmp_path / "ledger", [first, second])
    assert receipts == [
        (False, Counts(read=2, kept=1, already_held=1)),
        (False, Counts(read=2, kept=2)),
    ]
    ledger = Ledger.open(tmp_path / "ledger", vocabulary=MARKETPLACE)
    assert prices(ledger) == {"a": 1, "b": 2, "c": 3}


def test_four_different_files_at_once_are_all_kept(tmp_path):
    files = [staged(tmp_path, sale(key, 1), file=f"{key}.csv") for key in "abcd"]
    receipts = delivered_at_once(tmp_path / "ledger", files)
    assert receipts == [(False, Counts(read=1, kept=1))] * 4
    ledger = Ledger.open(tmp_path / "ledger", vocabulary=MARKETPLACE)
    assert prices(ledger) == dict.fromkeys("abcd", 1)
    assert [row[3:] for row in totals(ledger)] == [(4, 4)]


def deliver_many(path, files):
    ledger = Ledger.open(path, vocabulary=MARKETPLACE)
    for file in files:
        append(ledger, file)


def test_a_reader_beside_a_writer_sees_whole_batches(ledger, tmp_path):
    files = [
        staged(tmp_path, sale("a", n), sale(f"b{n}", n), file=f"{n}.csv") for n in range(1, 12)
    ]
    writer = started(deliver_many, ledger.path, files)
    seen = set()
    while writer.is_alive():
        facts = ledger.facts()
        table = facts.tables["transactions"]
        with connect() as duck:
            counted = "count(*), count(*) FILTER (transaction_id = 'a'), max(purchase_price)"
            ((rows, one, most),) = duck.sql(table.sql).aggregate(counted).fetchall()
        assert rows == table.rows.read
        assert (rows, one) == ((most or 0) + (most is not None), min(rows, 1))
        seen.add(rows)
    writer.join()
    assert writer.exitcode == 0
    assert len(seen) > 1
    assert prices(ledger) == {"a": 11} | {f"b{n}": n for n in range(1, 12)}


def test_of_two_commits_on_one_version_the_second_fails(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)))
    facts = ledger.path / "facts"
    one, other = read_log(facts), read_log(facts)
    nothing = Change(added=(), removed=(), fields=())
    commit(facts, one, nothing, batch=one.batch, known_as={"file:one": 1})
    with pytest.raises(CommitFailedError):
        commit(facts, other, nothing, batch=other.batch, known_as={"file:other": 1})
