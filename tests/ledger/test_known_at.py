from tests.ledger.sales import append, prices, sale, staged, totals

FEBRUARY, MARCH, APRIL = (f"2025-{month:02}-01T12:00:00+00:00" for month in (2, 3, 4))


def test_a_restated_row_is_read_as_it_was_known_then(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    append(ledger, staged(tmp_path, sale("a", 2), sale("b", 3)), at=MARCH)
    assert prices(ledger, FEBRUARY) == {"a": 1}
    assert prices(ledger, "2025-02-28T23:59:59+00:00") == {"a": 1}
    assert prices(ledger, MARCH) == {"a": 2, "b": 3}
    assert prices(ledger) == {"a": 2, "b": 3}


def test_before_the_first_batch_nothing_was_known(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    assert prices(ledger, "2025-02-01T11:59:59+00:00") == {}


def test_a_moment_is_the_same_in_every_time_zone(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    assert prices(ledger, "2025-02-01T14:00:00+02:00") == {"a": 1}
    assert prices(ledger, "2025-02-01T13:00:00+02:00") == {}


def test_the_digest_as_known_then_is_the_digest_of_then(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    then = ledger.facts()
    append(ledger, staged(tmp_path, sale("a", 2)), at=MARCH)
    assert ledger.facts().digest != then.digest
    append(ledger, staged(tmp_path, sale("a", 1), file="back.csv"), at=APRIL)
    assert ledger.facts().digest == then.digest


def test_a_clock_that_goes_back_makes_no_batch_known_before_the_one_before_it(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=MARCH)
    append(ledger, staged(tmp_path, sale("b", 2)), at=FEBRUARY)
    assert prices(ledger, FEBRUARY) == {}
    assert [batch["imported_at"] for batch in ledger.describe()["batches"]] == [MARCH, MARCH]


def test_totals_as_known_then_are_those_of_then(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 1)), at=FEBRUARY)
    then = totals(ledger)
    for day in range(1, 20):
        append(ledger, staged(tmp_path, sale("b", day), file=f"{day}.csv"), at=MARCH)
    assert totals(ledger, FEBRUARY) == then
