"""A review as a job: from where facts are to files, all of them or none."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pyarrow.parquet as pq
import pytest

from assay.core.issues import Refused
from assay.documents.programs import load_program
from assay.engine.reviews import review
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import read_decisions, review_facts, write_review
from assay.tables.duck import connect
from assay.tables.watch import watched
from tests.marketplace import write_marketplace

PROGRAM = "atlassian-marketplace@2024-06-13"
ON = date(2025, 7, 1)
TABLES = {
    "partners.csv": "partner_id,time_zone\noak,Europe/Berlin\nelm,UTC\n",
    "apps.csv": "app_id,partner_id,public\na1,oak,true\n",
    "listings.csv": "app_id,hosting,listed_on,payment\na1,cloud,2020-01-01,platform\n",
    "installs.csv": "app_id,hosting,on_date,active_installs\na1,cloud,2025-06-30,10\n",
    "bounty_enrolments.csv": "app_id,enrolled_on\na1,2025-06-30\n",
    "transactions.csv": (
        "transaction_id,partner_id,hosting,sale_date,purchase_price,currency\n"
        "t1,oak,cloud,2024-07-01,499999.99,USD\n"
        "t2,oak,cloud,2025-06-30,0.01,USD\n"
        "t3,oak,cloud,2025-07-01,1000000,USD\n"
    ),
}


@pytest.fixture
def facts(tmp_path):
    folder = tmp_path / "facts"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_500_000_in_the_window_to_the_cent_is_gold(facts, tmp_path):
    out = tmp_path / "out"
    write_review(review_facts(PROGRAM, Source(folder=facts), on=ON), out)
    assert (out / "decisions.csv").read_text() == "partner_id,tier\nelm,none\noak,gold\n"
    sales = '"{""gross_sales"": ""500000.00"", ""cloud_sales"": ""500000.00""}"'
    findings = (out / "findings.csv").read_text().splitlines()
    assert f"oak,gold,annual_gross_sales,met,{sales}" in findings
    assert len(findings) == 1 + 2 * 3 * 7
    record = json.loads((out / "review.json").read_text())
    assert record["window"]["year"] == {"from": "2024-07-01", "to": "2025-06-30"}
    assert record["counts"] == {"none": 1, "partner": 0, "silver": 0, "gold": 1, "platinum": 0}
    assert record["rows"]["transactions"] == {"read": 3, "rejected": 0, "repeated": 0}
    assert [path.name for path in sorted(out.iterdir())] == [
        "decisions.csv",
        "findings.csv",
        "review.json",
    ]


def test_parquet_holds_what_csv_holds(facts, tmp_path):
    done = review_facts(PROGRAM, Source(folder=facts), on=ON)
    write_review(done, tmp_path / "out", file_format="parquet")
    rows = pq.read_table(tmp_path / "out" / "decisions.parquet").to_pylist()
    assert rows == [{"partner_id": "elm", "tier": "none"}, {"partner_id": "oak", "tier": "gold"}]
    assert read_decisions(tmp_path / "out").to_pylist() == rows


def test_movers_are_those_whose_tier_differs_from_the_earlier_decisions(facts, tmp_path):
    earlier = tmp_path / "decisions.csv"
    earlier.write_text("partner_id,tier\noak,silver\nelm,none\n", encoding="utf-8")
    done = review_facts(PROGRAM, Source(folder=facts), on=ON, summarised=True, before=earlier)
    moved = [(m.subject, m.before, m.after) for m in done.summary.movers]
    assert moved == [("oak", "silver", "gold")]


def test_monthly_totals_and_rows_give_the_same_review(tmp_path):
    folder, ledger = tmp_path / "facts", tmp_path / "ledger"
    write_marketplace(folder, seed=3, partners=150, cut_off=ON)
    program = load_program(PROGRAM)
    order = Order.under(PROGRAM, source="test", partner_id=None, as_of=None)
    files = sorted(folder.glob("*.csv"))
    import_reports(ledger, files, order, imported_at=datetime(2025, 7, 2, tzinfo=UTC))
    kept = Source(ledger=ledger).open(program, scratch=tmp_path)
    assert list(kept.totals) == ["transactions"]
    by_rows = replace(kept, totals=MappingProxyType({}))
    from_totals = review(program, kept, on=ON, scratch=tmp_path)
    from_rows = review(program, by_rows, on=ON, scratch=tmp_path)
    in_folder = review_facts(PROGRAM, Source(folder=folder), on=ON)
    assert from_totals.decisions.equals(from_rows.decisions)
    assert from_totals.findings.equals(from_rows.findings)
    assert in_folder.done.findings.equals(from_rows.findings)
    assert in_folder.facts.digest == kept.digest


def test_strict_refuses_a_row_that_refers_to_something_not_known(facts):
    with (facts / "transactions.csv").open("a", encoding="utf-8") as file:
        file.write("t4,nobody,cloud,2025-01-01,1,USD\n")
    done = review_facts(PROGRAM, Source(folder=facts), on=ON).done
    assert [(out.table, out.rows, out.values) for out in done.left_out] == [
        ("transactions", 1, ("nobody",))
    ]
    with pytest.raises(Refused, match="transactions, column partner_id: 1 rows refer to"):
        review_facts(PROGRAM, Source(folder=facts), on=ON, strict=True)


def test_facts_come_from_a_folder_or_a_ledger(facts):
    with pytest.raises(Refused, match="one of two"):
        review_facts(PROGRAM, Source(), on=ON)
    known_at = datetime(2025, 7, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="only a ledger knows moments"):
        review_facts(PROGRAM, Source(folder=facts, known_at=known_at), on=ON)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("nothing", None, "no decisions there"),
        ("decisions.csv", b"", "cannot be read"),
        ("decisions.parquet", b"PAR1", "cannot be read"),
        ("decisions.csv", b"partner_id\noak\n", "no such column"),
        ("decisions.csv", b"partner_id,tier\noak,bronze\n", "no tier of"),
    ],
)
def test_earlier_decisions_that_are_none_are_refused(facts, tmp_path, name, content, problem):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused, match=problem):
        review_facts(PROGRAM, Source(folder=facts), on=ON, summarised=True, before=file)


def test_what_cannot_be_written_is_refused_and_leaves_nothing(facts, tmp_path):
    done = review_facts(PROGRAM, Source(folder=facts), on=ON)
    with pytest.raises(Refused, match="no such format"):
        write_review(done, tmp_path / "out", file_format="xml")
    assert not (tmp_path / "out").exists()
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    with pytest.raises(Refused, match="choose another --out"):
        write_review(done, taken)
    assert taken.read_text(encoding="utf-8") == "a file"


def test_long_work_is_told_while_it_runs(tmp_path):
    told = []
    with (
        connect(scratch=tmp_path) as connection,
        watched(connection, "counting", rows=7, on_work=told.append),
    ):
        connection.execute(
            "SELECT count(DISTINCT hash(a.i, b.i)) FROM range(3000) a(i), range(3000) b(i)"
        ).fetchall()
    assert {(work.what, work.rows) for work in told} == {("counting", 7)}
    assert all(0 <= work.done <= 1 for work in told)
