import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.ledger.ledger import Ledger
from assay.ledger.undoing import Undoing
from tests.killed import calls_of, server, started
from tests.ledger.sales import MARKETPLACE, append, prices, sale, staged, totals
from tests.ledger.test_kills import files_held, files_on_disk, placed

IMPORTED = {"a": 100, "b": 500, "c": 800}
UNDONE = {"a": 100, "b": 200}
KILLS = 50


def undone(path: Path):
    ledger = Ledger.open(path, vocabulary=MARKETPLACE)
    with ledger.scratch() as scratch:
        at = datetime(2025, 3, 1, tzinfo=UTC)
        return ledger.undo(Undoing(batch=2, undone_at=at), scratch=scratch)


def list_calls(path: Path, told):
    told.put(calls_of(lambda: undone(path)))


def be_killed(path: Path, last: int):  # pragma: no cover - dies before it tells
    calls_of(lambda: undone(path), last=last)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A ledger whose second batch restates a sale and adds another."""
    folder = tmp_path_factory.mktemp("imported")
    ledger = Ledger.create(folder / "ledger", vocabulary=MARKETPLACE)
    append(ledger, staged(folder, sale("a", 100), sale("b", 200)))
    append(ledger, staged(folder, sale("b", 500), sale("c", 700), sale("c", 800)))
    return ledger.path


def test_an_undoing_killed_at_fifty_calls_is_all_or_nothing(imported, tmp_path):
    shutil.copytree(imported, tmp_path / "calls")
    told = server.Queue()
    process = started(list_calls, tmp_path / "calls", told)
    calls = told.get(timeout=60)
    process.join()
    seen = []
    for last in placed(calls):
        path = tmp_path / str(last)
        shutil.copytree(imported, path)
        process = started(be_killed, path, last)
        process.join()
        assert (process.exitcode, last) == (-signal.SIGKILL, last)
        ledger = Ledger.open(path, vocabulary=MARKETPLACE)
        found = prices(ledger)
        assert found in (IMPORTED, UNDONE), calls[last - 1]
        seen.append(found == UNDONE)
        assert undone(path).again == (found == UNDONE), calls[last - 1]
        assert prices(ledger) == UNDONE, calls[last - 1]
        assert totals(ledger)[0][3:] == (2, 300), calls[last - 1]
        assert files_on_disk(path) >= files_held(path), calls[last - 1]
        assert [batch.number for batch in ledger.batches()] == [1, 2, 3]
        shutil.rmtree(path)
    assert len(seen) == KILLS
    assert seen == sorted(seen)  # nothing before the commit, everything after it
    assert set(seen) == {False, True}
