from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.ledger.ledger import Ledger
from assay.ledger.rows import totals_of
from assay.ledger.totals import MOST_FILES
from assay.tables.digest import TableDigest, digest_columns, facts_digest
from assay.tables.duck import connect
from tests.ledger.sales import MARKETPLACE, append, sale, staged, totals

SALES = st.builds(
    sale,
    st.sampled_from("abcde"),
    st.integers(-3, 3),
    seen=st.none() | st.integers(1, 3),
    partner_id=st.sampled_from(["p1", "p2"]),
    hosting=st.sampled_from(["cloud", "server"]),
    sale_date=st.sampled_from([date(2025, 1, 31), date(2025, 2, 1)]),
)


def content(row):
    return {name: cell for name, cell in row.items() if name != "_seen_at"}


def is_older(row, held):
    return None not in (row["_seen_at"], held["_seen_at"]) and row["_seen_at"] < held["_seen_at"]


def told(held, file):
    """What is held after a file, by the words of the facts contract, one key at a time.

    Returns the rows by key, and how many rows of the file were kept and were restatements.
    """
    outcome = Counter()
    after = dict(held)
    for key in {row["transaction_id"] for row in file}:
        now = held.get(key)
        chain = [r for r in file if r["transaction_id"] == key and not (now and is_older(r, now))]
        chain.sort(key=lambda row: -1 if row["_seen_at"] is None else row["_seen_at"])
        if not chain or (now and content(chain[-1]) == content(now)):
            continue
        for row in chain:
            is_new = now is None or content(row) != content(now)
            outcome["kept" if now is None else "restatements"] += is_new
            after[key] = now = row if is_new else now
    return after, outcome


def totals_in_python(held):
    rows, sums = Counter(), Counter()
    for row in held.values():
        group = (row["sale_date"].replace(day=1), row["partner_id"], row["hosting"])
        rows[group] += 1
        sums[group] += row["purchase_price"]
    return [(*group, count, sums[group]) for group, count in sorted(rows.items())]


def rows_and_digest(ledger):
    table, facts = MARKETPLACE.tables["transactions"], ledger.facts()
    with connect() as duck:
        held = duck.sql(facts.tables["transactions"].sql)
        cells = held.project("transaction_id, partner_id, hosting, sale_date, purchase_price")
        cells = cells.fetchall()
        (digest,) = held.aggregate(digest_columns(table)).fetchall()
    return sorted(cells), facts_digest({"transactions": TableDigest(*digest)}), facts.digest


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(SALES, min_size=1, max_size=6), min_size=1, max_size=4))
def test_rows_totals_and_digest_are_those_of_a_plain_model(files):
    held = {}
    with TemporaryDirectory() as folder:
        ledger = Ledger.create(Path(folder) / "ledger", vocabulary=MARKETPLACE)
        for number, file in enumerate(files):
            held, outcome = told(held, file)
            receipt = append(ledger, staged(Path(folder), *file, file=f"{number}.csv"))
            counts = receipt.counts
            assert (counts.kept, counts.restatements) == (outcome["kept"], outcome["restatements"])
            assert counts.read == counts.kept + counts.already_held + counts.restatements
            rows, counted, digest = rows_and_digest(ledger)
            assert rows == sorted(
                (key, r["partner_id"], r["hosting"], r["sale_date"], r["purchase_price"])
                for key, r in held.items()
            )
            assert totals(ledger) == totals_in_python(held)
            assert digest == counted


def test_many_files_of_totals_are_put_together_and_earlier_versions_keep_theirs(ledger, tmp_path):
    for day in range(1, MOST_FILES + 2):
        file = staged(tmp_path, sale(f"s{day}", day), file=f"{day}.csv")
        append(ledger, file, at=f"2025-02-{day:02}T00:00:00+00:00")
    version = ledger._version(None)  # noqa: SLF001
    assert len(version.of(totals_of("transactions"))) == 1
    assert totals(ledger) == [(date(2025, 1, 1), "p1", "cloud", 9, 45)]


def test_a_group_that_lost_its_last_row_is_gone_from_the_totals(ledger, tmp_path):
    append(ledger, staged(tmp_path, sale("a", 5, partner_id="p1")))
    append(ledger, staged(tmp_path, sale("a", 5, partner_id="p2")))
    with connect() as duck:
        kept = duck.execute(ledger.facts().totals["transactions"].sql).fetchall()
    assert [(row[1], row[3], int(row[4])) for row in kept] == [("p2", 1, 5)]
