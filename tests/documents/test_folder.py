"""Opening a folder of facts: what counts, what is told, what refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.core.issues import Issue, Refused
from tests.documents.conftest import rows_of

SALES = "transaction_id,partner_id,hosting,sale_date,purchase_price,currency\n"
NO_FILES = [
    f"There is no file of {name}: it is taken as empty."
    for name in (
        *("partners", "apps", "listings", "installs"),
        *("transactions", "bounty_enrolments", "bounty_submissions", "escalations"),
    )
]


def issues(opened, path):
    with pytest.raises(Refused) as refused:
        opened(path)
    return list(refused.value.issues)


def sale(number, price="1.00", hosting="cloud"):
    return f"s{number},p,{hosting},2025-01-01,{price},USD\n"


def test_an_empty_folder_has_every_table_empty(folder, opened):
    facts = opened(folder())
    assert {name: rows_of(table) for name, table in facts.tables.items()} == {
        name: [] for name in facts.tables
    }
    assert list(facts.notes) == NO_FILES


def test_csv_columns_are_found_by_name_behind_a_byte_order_mark(folder, opened):
    content = (
        "\ufeffhosting,app_id,listed_on,colour,payment\r\n"
        'Data Center,"a\nb",2024-01-01,red,Paid-Via-Atlassian\r\n'
        "CLOUD,a,2024-01-01,,\r\n"
    )
    facts = opened(folder(listings=content))
    assert rows_of(facts.tables["listings"]) == [
        ("a", "cloud", date(2024, 1, 1), None, None, None),
        ("a\nb", "data_center", date(2024, 1, 1), "platform", None, None),
    ]
    assert facts.notes[2] == "Columns of listings.csv that are not used: colour."


def test_the_same_row_twice_is_one_fact(folder, opened):
    facts = opened(folder(transactions=SALES + sale(1) + sale(2) + sale(1, "1.0", "Cloud")))
    held = facts.tables["transactions"]
    assert (held.rows.read, held.rows.repeated) == (3, 1)
    assert [row[0] for row in rows_of(held)] == ["s1", "s2"]
    once = opened(folder(transactions=SALES + sale(2) + sale(1)))
    assert facts.digest == once.digest


def test_a_key_with_other_content_names_both_rows(folder, opened):
    path = folder(transactions=SALES + sale(1) + sale(2) + sale(1) + sale(1, "2.00"))
    assert issues(opened, path) == [
        Issue(
            file="transactions.csv",
            row=4,
            column="transaction_id",
            value="s1",
            message="is the key of transactions.csv, row 1 too, with other content",
            hint="keep the row that holds",
        )
    ]


def test_every_bad_cell_is_told_with_its_place(folder, opened):
    path = folder(
        transactions=SALES + sale(1) + "s2,p,cloudy,31/12/2025,1.00,USD\n",
        escalations="escalation_id,partner_id,opened_at,responded_at\n"
        "e,p,2025-01-02T00:00:00Z,2025-01-01T23:59:59.999999Z\n",
    )
    assert [str(issue) for issue in issues(opened, path)] == [
        (
            "transactions.csv, row 2, column hosting: is not a known hosting ('cloudy') — "
            "write one of cloud, data_center, server"
        ),
        (
            "transactions.csv, row 2, column sale_date: is not a date of the form YYYY-MM-DD "
            "('31/12/2025') — write 2025-12-31"
        ),
        (
            "escalations.csv, row 1, column responded_at: is before opened_at "
            "('2025-01-01T23:59:59.999999Z') — exchange the two, or mend the wrong one"
        ),
    ]


def test_a_response_at_the_moment_of_opening_is_not_too_early(folder, opened):
    facts = opened(
        folder(
            escalations="escalation_id,partner_id,opened_at,responded_at\n"
            "e,p,1970-01-01T00:00:01Z,1970-01-01T01:00:01+01:00\n"
        )
    )
    assert rows_of(facts.tables["escalations"]) == [("e", "p", 1_000_000, 1_000_000)]


def test_a_hundred_problems_are_told_and_the_rest_counted(folder, opened):
    bad = "".join(sale(i, "x") for i in range(130))
    found = issues(opened, folder(transactions=SALES + bad))
    assert [issue.row for issue in found] == [*range(1, 101), None]
    assert found[-1].message == "and 30 more problems"


def test_ragged_rows_are_told_by_their_number(folder, opened):
    path = folder(transactions=SALES + sale(1) + "s2,p\n" + sale(3, "x") + "s4,p,cloud,,,,,\n")
    assert [(issue.row, issue.message) for issue in issues(opened, path)] == [
        (2, "has 2 cells, the header has 6"),
        (4, "has 8 cells, the header has 6"),
        (3, "is not an amount"),
    ]


def test_mixed_line_ends_are_read_by_the_exact_reader(folder, opened):
    content = SALES.replace("\n", "\r\n") + sale(1) + sale(2).replace("\n", "\r\n")
    assert [
        row[0] for row in rows_of(opened(folder(transactions=content)).tables["transactions"])
    ] == [
        "s1",
        "s2",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "apps.csv: is empty — write at least a header row"),
        (b"\xff\xfea\x00p\x00", "apps.csv: is UTF-16 — save it as CSV UTF-8"),
        (
            b"app_id,partner_id\na\x00,b\n",
            "apps.csv: has NUL bytes: it is not a text file — save it as CSV UTF-8",
        ),
        (b"app_id,partner_id\ncaf\xe9,b\n", "apps.csv: is not UTF-8 text — save it as CSV UTF-8"),
        (b"app_id,name\n", "apps.csv, column partner_id: is missing — add the column"),
        (
            b"app_id,partner_id,app_id\n",
            "apps.csv, column app_id: stands twice in the header — remove one",
        ),
        (
            b'app_id,partner_id\na,b\nc,"d',
            (
                "apps.csv, row 1: cannot be read after this row: unexpected end of data — "
                "check the quotes: a quote inside a quoted cell is written twice"
            ),
        ),
        (
            b"app_id,partner_id\na," + b"b" * 10_000_000 + b"\n",
            "apps.csv: has a line longer than 1,048,576 characters — is it a CSV file?",
        ),
        (
            b",".join(b"c%d" % i for i in range(20_000)) + b"\n",
            "apps.csv: has 20,000 columns — keep at most 1,000",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(folder, opened, content, told):
    assert [str(issue) for issue in issues(opened, folder(apps=content))] == [told]


def test_names_that_are_no_tables_are_noted(folder, opened):
    path = folder(colours="a\n1\n")
    (path / "readme.txt").write_text("hello")
    assert opened(path).notes[:2] == (
        "colours.csv is not a table of facts and was not read.",
        "readme.txt is not a table of facts and was not read.",
    )


def test_what_is_no_folder_is_refused(tmp_path, opened):
    found = issues(opened, tmp_path / "nowhere")
    assert [issue.message for issue in found] == ["is not a folder of facts"]


def test_a_table_in_two_forms_is_refused(folder, opened):
    path = folder(apps="app_id,partner_id\n")
    (path / "apps").mkdir()
    pq.write_table(pa.table({"app_id": ["a"], "partner_id": ["p"]}), path / "apps" / "1.parquet")
    assert [str(issue) for issue in issues(opened, path)] == [
        "apps: stands in apps/1.parquet and facts/apps.csv — keep one of them"
    ]


def test_links_to_nowhere_and_empty_folders_are_refused(folder, opened):
    path = folder()
    (path / "apps.csv").symlink_to(path / "nowhere")
    (path / "partners").mkdir()
    assert [str(issue) for issue in issues(opened, path)] == [
        "apps.csv: cannot be opened: No such file or directory",
        "partners: is a folder without Parquet files",
    ]


def sales(prices, kind, **more):
    count = len(prices)
    columns = {
        "transaction_id": [f"s{i}" for i in range(count)],
        "partner_id": ["p"] * count,
        "hosting": ["cloud"] * count,
        "sale_date": [date(2025, 1, 1)] * count,
        "purchase_price": pa.array(prices, kind),
        "currency": ["USD"] * count,
    }
    return pa.table({**columns, **more})


def test_parquet_is_read_where_it_is_and_gives_the_digest_of_the_csv(folder, opened):
    path = folder(transactions=SALES + sale(0, "1.50") + sale(1, "-2.00", "DC"))
    from_csv = opened(path)
    (path / "transactions.csv").unlink()
    (path / "transactions").mkdir()
    both = sales([Decimal("1.50"), Decimal("-2.00")], pa.decimal128(18, 2), hosting=["Cloud", "dc"])
    pq.write_table(both.slice(1), path / "transactions" / "a.parquet")
    whole = sales([1], pa.int64()).set_column(4, "purchase_price", pa.array(["1.5"]))
    pq.write_table(whole, path / "transactions" / "b.parquet")
    facts = opened(path)
    assert [(row[0], row[3], row[6]) for row in rows_of(facts.tables["transactions"])] == [
        ("s0", "cloud", 150),
        ("s1", "data_center", -200),
    ]
    assert facts.digest == from_csv.digest
    assert str(path) in facts.tables["transactions"].sql


def test_binary_floats_for_money_refuse_the_file(folder, opened):
    path = folder()
    pq.write_table(sales([1.5], pa.float64()), path / "transactions.parquet")
    assert [str(issue) for issue in issues(opened, path)] == [
        (
            "transactions.parquet, column purchase_price: is DOUBLE, which cannot be read as "
            "money — cast the column to a decimal with two places: binary floats cannot hold cents"
        )
    ]


def test_bad_cells_of_parquet_are_told_with_file_and_row(folder, opened):
    path = folder()
    (path / "transactions").mkdir()
    good, bad = [Decimal("1.000")], [Decimal("2.000"), Decimal("1.005")]
    pq.write_table(sales(good, pa.decimal128(18, 3)), path / "transactions" / "a.parquet")
    pq.write_table(sales(bad, pa.decimal128(18, 3)), path / "transactions" / "b.parquet")
    assert [str(issue) for issue in issues(opened, path)] == [
        (
            "transactions/b.parquet, row 2, column purchase_price: has more than two decimals "
            "('1.005') — round it where it was computed"
        )
    ]


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("transaction_id", None, "is empty"),
        ("transaction_id", "", "is empty"),
        ("transaction_id", "=1", "looks like a formula"),
        ("partner_id", "@p", "looks like a formula"),
        ("partner_id", "p\0", "has a NUL character"),
        ("hosting", None, "is empty"),
        ("hosting", "cloudy", "is not a known hosting"),
        ("sale_date", None, "is empty"),
        ("purchase_price", None, "is empty"),
        ("purchase_price", Decimal("1000000000000.00"), "is too large an amount"),
        ("sale_type", "gift", "is not a known sale_type"),
        ("currency", "EUR", "is not the program's currency, USD"),
        ("currency", "", "is empty"),
    ],
)
def test_one_bad_cell_is_found_among_the_row_groups(folder, opened, column, cell, told, statistics):
    path = folder()
    rows = sales([Decimal("1.00")] * 10, pa.decimal128(18, 2), sale_type=["new"] * 10)
    cells = rows[column].to_pylist()
    cells[7] = cell
    at = rows.schema.get_field_index(column)
    rows = rows.set_column(at, column, pa.array(cells, rows.schema.field(column).type))
    file = path / "transactions.parquet"
    pq.write_table(rows, file, row_group_size=3, write_statistics=statistics)
    found = [(issue.file, issue.row, issue.column, issue.message) for issue in issues(opened, path)]
    assert found == [("transactions.parquet", 8, column, told)]


def test_parquet_in_other_spellings_gives_the_digest_of_the_stored_one(folder, opened):
    path = folder()
    spelt = {"hosting": ["DC", "cloud"], "sale_type": ["", "NEW"]}
    stored = {"hosting": ["data_center", "cloud"], "sale_type": [None, "new"]}
    pq.write_table(sales([1, 2], pa.int64(), **spelt), path / "transactions.parquet")
    digest = opened(path).digest
    pq.write_table(sales([1, 2], pa.int64(), **stored), path / "transactions.parquet")
    assert opened(path).digest == digest


def test_instants_of_parquet_keep_their_microseconds(folder, opened):
    path = folder()
    moment = datetime(1970, 1, 1, 0, 0, 1, 1, tzinfo=UTC)
    rows = {
        "escalation_id": ["e"],
        "partner_id": ["p"],
        "opened_at": pa.array([moment], pa.timestamp("us", "UTC")),
    }
    pq.write_table(pa.table(rows), path / "escalations.parquet")
    assert rows_of(opened(path).tables["escalations"]) == [("e", "p", 1_000_001, None)]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"hello"])
def test_a_broken_parquet_file_is_refused(folder, opened, content):
    path = folder()
    (path / "apps.parquet").write_bytes(content)
    (issue,) = issues(opened, path)
    assert (issue.file, issue.hint) == ("apps.parquet", "is the file whole?")


def test_names_with_signs_that_databases_expand_are_taken_as_they_are(tmp_path, folder, opened):
    path = folder(apps="app_id,partner_id\na,p\n").rename(tmp_path / "fa[c]ts*?'")
    assert rows_of(opened(path).tables["apps"]) == [("a", "p", None, None)]


def test_the_digest_does_not_depend_on_the_order_of_rows_and_columns(folder, opened):
    one = opened(folder(apps="app_id,partner_id\na,p\nb,q\n")).digest
    other = opened(folder(apps="partner_id,app_id\nq,b\np,a\n")).digest
    assert one == other


def test_parquet_from_data_frames_holds_days_as_moments_and_columns_of_nothing(tmp_path, opened):
    days = pa.array([date(2020, 1, 1), date(2025, 6, 30)])
    rows = pa.table(
        {
            "app_id": ["a", "b"],
            "hosting": ["cloud", "Data Center"],
            "listed_on": days.cast(pa.timestamp("ns")),
            "payment": ["platform", "paid-via-vendor"],
            "retired_on": pa.nulls(2),
        }
    )
    pq.write_table(rows, tmp_path / "listings.parquet")
    facts = opened(tmp_path)
    assert sorted(rows_of(facts.tables["listings"])) == [
        ("a", "cloud", date(2020, 1, 1), "platform", None, None),
        ("b", "data_center", date(2025, 6, 30), "partner", None, None),
    ]


def test_a_day_with_a_time_in_it_is_refused(tmp_path, opened):
    moment = pa.array([1], pa.timestamp("us"))  # a microsecond past midnight
    rows = pa.table({"app_id": ["a"], "enrolled_on": moment})
    pq.write_table(rows, tmp_path / "bounty_enrolments.parquet")
    (issue,) = issues(opened, tmp_path)
    assert (issue.row, issue.column) == (1, "enrolled_on")
