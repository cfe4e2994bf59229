"""Reading reports: the kinds, their columns, the rows that are staged and the notes."""

import gzip
import hashlib
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.core.issues import Refused
from tests.documents.conftest import rejected, staged_rows
from tests.documents.workbooks import Day, workbook

DAY = 86_400_000_000
THIRD_OF_JANUARY = 20_091 * DAY  # 2025-01-03, days since 1970
FIRST_OF_JULY = 20_635 * DAY  # 2026-07-01


def sale(line, **changes):
    """Give a transaction in the shape of the marketplace's report."""
    details = {
        "saleDate": "2025-01-02",
        "tier": "100 Users",
        "hosting": "Cloud",
        "purchasePrice": 1000.0,
        "vendorAmount": 850.0,
        "saleType": "New",
    }
    details |= {name: changes.pop(name) for name in list(changes) if name in details}
    return {
        "transactionId": "AT-1",
        "transactionLineItemId": line,
        "addonKey": "com.example.app",
        "lastUpdated": "2025-01-03",
        "customerDetails": {"company": "Acme", "technicalContact": {"email": "RTBF"}},
        "purchaseDetails": details,
        **changes,
    }


STORED = (
    *("p1", "com.example.app", "cloud", date(2025, 1, 2), "new"),
    *(100_000, 85_000, "USD", THIRD_OF_JANUARY),
)


def stored(number, line, **changes):
    names = ("partner", "app", "hosting", "day", "type", "price", "amount", "currency", "seen")
    cells = {**dict(zip(names, STORED, strict=True)), **changes}
    return (number, *cells.values(), line)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_json_report_is_a_list_or_has_one(read, wrapped):
    rows = [sale("L1"), sale("L2", hosting="DATA_CENTER", purchasePrice=-10.5, saleType="Refund")]
    document = {"_links": {"next": ["x"]}, "transactions": rows} if wrapped else rows
    reading = read("report.json", json.dumps(document), partner_id="p1")
    assert (reading.kind, reading.rows, reading.rejected) == ("transactions report", 2, 0)
    assert staged_rows(reading, "transactions") == [
        stored("L1", 1),
        stored("L2", 2, hosting="data_center", type="refund", price=-1050),
    ]


def test_numbers_of_json_are_judged_by_their_exact_value(read):
    prices = ["1e3", "1000.00", "10.500", "10.005", "1e400", "999999999999.99", "1E-400", "-0"]
    rows = ",".join(json.dumps(sale("L", purchasePrice="@")) for _ in prices)
    for price in prices:
        rows = rows.replace('"@"', price, 1)
    reading = read("report.json", f"[{rows}]", partner_id="p1")
    assert [row[6] for row in staged_rows(reading, "transactions")] == [
        *(100_000, 100_000, 1_050, 99_999_999_999_999, 0)
    ]
    assert rejected(reading) == [
        (
            *(4, "purchasePrice", "10.005", "has more than two decimals"),
            "round it where it was computed",
        ),
        *[
            (
                *(row, "purchasePrice", value, "is not an amount"),
                "write digits with at most two decimals, as in 1234.50",
            )
            for row, value in [(5, "1E+400"), (7, "1E-400")]
        ],
    ]


def test_the_key_is_the_line_item_else_the_transaction(read):
    rows = [sale("L1"), sale(None), sale("", transactionId="AT-7")]
    reading = read("report.json", json.dumps(rows), partner_id="p1")
    assert [row[0] for row in staged_rows(reading, "transactions")] == ["L1", "AT-1", "AT-7"]


def test_the_partner_is_the_one_said_else_of_the_row_else_of_the_app(read, held):
    facts = held(apps="app_id,partner_id\ncom.example.app,owner\n")
    rows = [sale("L1", vendorId=12), sale("L2"), sale("L3", addonKey="com.example.other")]
    text = json.dumps(rows)
    said = read("report.json", text, facts=facts, partner_id="p1")
    assert [row[1] for row in staged_rows(said, "transactions")] == ["p1", "p1", "p1"]
    found = read("report.json", text, facts=facts)
    assert [row[1] for row in staged_rows(found, "transactions")] == ["12", "owner"]
    assert rejected(found) == [
        (
            3,
            "vendorId",
            None,
            "is empty",
            "say whose report it is (--partner), or import the apps first",
        )
    ]


def test_a_csv_report_is_read_by_its_header_in_any_order(read):
    content = (
        "\ufeffpurchasePrice,technicalContactName,saleDate,hosting,transactionId,saletype,ADDONKEY\n"
        '1000.00,"two\nlines",2025-01-02,Data Center,AT-1,Renewal,a\n'
        "5,x,2025-01-02,Server,AT-2,,a\n"
    )
    reading = read("anything.txt", content, partner_id="p1")
    assert (reading.kind, reading.rows) == ("transactions report", 2)
    assert staged_rows(reading, "transactions") == [
        stored("AT-1", 1, app="a", hosting="data_center", type="renewal", amount=None, seen=None),
        stored("AT-2", 2, app="a", hosting="server", type=None, price=500, amount=None, seen=None),
    ]


def test_another_currency_is_rejected_and_a_missing_one_is_the_programs(read):
    rows = [sale("L1", currency="EUR"), sale("L2", currency="USD"), sale("L3")]
    reading = read("report.json", json.dumps(rows), partner_id="p1")
    assert [row[0] for row in staged_rows(reading, "transactions")] == ["L2", "L3"]
    assert rejected(reading) == [
        (
            *(1, "currency", "EUR", "is not the program's currency, USD"),
            "convert the amounts to USD",
        )
    ]


def test_records_that_are_no_transactions_are_rejected(read):
    reading = read("report.json", json.dumps([sale("L1"), 5, ["x"]]), partner_id="p1")
    assert (reading.rows, reading.staged_rows, reading.rejected) == (3, {"transactions": 1}, 2)
    assert [row[3] for row in rejected(reading)] == ["is not a transaction"] * 2


@pytest.mark.parametrize("text", ["[]", '{"transactions": []}'])
def test_an_empty_report_has_no_rows(read, text):
    reading = read("report.json", text)
    assert (reading.kind, reading.rows, dict(reading.staged)) == ("transactions report", 0, {})


def test_the_same_line_twice_is_staged_twice_in_order(read):
    rows = [sale("L1"), sale("L1", purchasePrice=5)]
    reading = read("report.json", json.dumps(rows), partner_id="p1")
    assert staged_rows(reading, "transactions") == [stored("L1", 1), stored("L1", 2, price=500)]


def test_lines_stay_in_the_order_of_a_long_file(read):
    count = 300_000
    lines = "".join(f"{i},p,cloud,2025-01-01,{i}.00,USD\n" for i in range(1, count + 1))
    header = "transaction_id,partner_id,hosting,sale_date,purchase_price,currency\n"
    seen = []
    reading = read("sales.csv", header + lines, on_progress=seen.append)
    assert [(row[0], row[6], row[-1]) for row in staged_rows(reading, "transactions")] == [
        (str(i), i * 100, i) for i in range(1, count + 1)
    ]
    assert seen[-1] == count


def test_the_digest_is_of_the_bytes_as_given(read):
    packed = gzip.compress(json.dumps([sale("L1")]).encode(), mtime=0)
    reading = read("report.json.gz", packed, partner_id="p1")
    assert reading.sha256 == hashlib.sha256(packed).hexdigest()
    assert staged_rows(reading, "transactions") == [stored("L1", 1)]


# --- the product catalog -----------------------------------------------------------------------

CATALOG = (
    "product_id,released_at,vendor_name,install_count,publicly_visible,marketplace_app_key,"
    "app_software_hosting,marketplace_app_name,supported_payment_model\n"
)
VERSIONS = (
    "1,2020-01-01T10:00:00Z,Example,900,true,a,CLOUD,Old name,free\n"
    '1,2025-01-01,Example,1000,true,a,CLOUD,"New, name",paid-via-atlassian\n'
    "1,2019-05-05,Example,50,true,a,DATA_CENTER,Old name,paid-via-vendor\n"
)


def catalog(read, rows, **more):
    return read("catalog-2026-07-01.csv", CATALOG + rows, **more)


def test_a_catalog_gives_apps_numbers_listings_and_installs(read, held):
    facts = held(partners="partner_id,name\np1,Example\n")
    reading = catalog(read, VERSIONS, facts=facts)
    assert (reading.kind, reading.rows) == ("product catalog", 3)
    assert staged_rows(reading, "apps") == [("a", "p1", "New, name", True, 2, FIRST_OF_JULY)]
    assert staged_rows(reading, "app_numbers") == [("1", "a", 2, FIRST_OF_JULY)]
    assert staged_rows(reading, "listings") == [
        ("a", "cloud", date(2020, 1, 1), "platform", None, None, 2, FIRST_OF_JULY),
        ("a", "data_center", date(2019, 5, 5), "partner", None, None, 3, FIRST_OF_JULY),
    ]
    assert staged_rows(reading, "installs") == [
        ("a", "cloud", date(2026, 7, 1), 1000, 2, FIRST_OF_JULY),
        ("a", "data_center", date(2026, 7, 1), 50, 3, FIRST_OF_JULY),
    ]


@pytest.mark.parametrize(
    ("partners", "apps", "said", "partner"),
    [
        ("p1,Example\n", "", "p9", "p1"),
        ("p1,Example\np2,Example\n", "", "p9", "p9"),
        ("", "a,p3\n", None, "p3"),
        ("", "", None, "Example"),
    ],
)
def test_whose_app_it_is(read, held, partners, apps, said, partner):
    facts = held(partners="partner_id,name\n" + partners, apps="app_id,partner_id\n" + apps)
    reading = catalog(read, VERSIONS, facts=facts, partner_id=said)
    assert staged_rows(reading, "apps")[0][1] == partner


@pytest.mark.parametrize(
    ("held_listing", "expected"),
    [
        ("a,cloud,2018-03-03,platform,,2021-01-01", [("2018-03-03", "platform", None)]),
        (
            "a,cloud,2018-03-03,partner,,2021-01-01",
            [("2018-03-03", "partner", "2026-07-01"), ("2026-07-01", "platform", None)],
        ),
        ("a,cloud,2018-03-03,,,2021-01-01", [("2018-03-03", "platform", None)]),
        ("a,cloud,2026-07-02,partner,,2021-01-01", [("2026-07-02", "partner", None)]),
        ("a,cloud,2026-07-01,partner,,2021-01-01", [("2026-07-01", "platform", None)]),
        ("a,cloud,2018-03-03,partner,2020-01-01,", [("2026-07-01", "platform", None)]),
    ],
)
def test_a_listing_held_goes_on_until_its_payment_changes(read, held, held_listing, expected):
    header = "app_id,hosting,listed_on,payment,retired_on,approved_on\n"
    facts = held(listings=header + held_listing + "\n")
    reading = catalog(read, VERSIONS.splitlines(keepends=True)[1], facts=facts)
    listings = staged_rows(reading, "listings")
    assert [tuple(str(c) if c else None for c in row[2:5]) for row in listings] == expected
    approved = None if held_listing.endswith(",") else date(2021, 1, 1)
    assert {row[5] for row in listings} == {approved}


def test_a_catalog_row_that_cannot_be_read_is_rejected(read):
    reading = catalog(read, VERSIONS + "2,yesterday,Example,ten,true,b,MAINFRAME,B,free\n")
    assert rejected(reading) == [
        (
            *(4, "app_software_hosting", "MAINFRAME"),
            "is not a known hosting; also look at released_at, install_count",
            "write one of cloud, data_center, server",
        )
    ]


def test_a_catalog_without_a_day_is_refused(read):
    with pytest.raises(Refused, match="does not say its day — say its day \\(--as-of YYYY-MM-DD"):
        read("catalog.csv", CATALOG + VERSIONS)


# --- the scope list ----------------------------------------------------------------------------


def scope(*addresses):
    target = [{"type": "website", "target": address, "uri": address} for address in addresses]
    beside = [{"target": "https://marketplace.atlassian.com/apps/999/out"}]
    return {"name": "n", "targets": {"in_scope": target, "out_of_scope": beside}}


AT = "https://marketplace.atlassian.com/apps/"


def test_app_numbers_in_scope_become_enrolments(read):
    glued = f"{AT}2?hosting=cloud{AT}3/name?hosting=server"
    programs = [scope(f"{AT}1?tab=overview"), scope(glued, f"{AT}1/other", "https://example.com")]
    reading = read("list.json", json.dumps(programs), as_of=date(2026, 7, 1))
    assert (reading.kind, reading.rows) == ("bug bounty scope list", 2)
    assert staged_rows(reading, "bounty_enrolments") == [
        ("1", date(2026, 7, 1), None, 1, FIRST_OF_JULY),
        ("2", date(2026, 7, 1), None, 2, FIRST_OF_JULY),
        ("3", date(2026, 7, 1), None, 2, FIRST_OF_JULY),
    ]


def test_an_open_enrolment_is_staged_as_it_is_and_one_that_ended_anew(read, held):
    facts = held(
        bounty_enrolments="app_id,enrolled_on,left_on\n"
        "1,2025-01-01,\n2,2025-01-01,2025-06-01\ncom.three,2025-02-02,\ncom.gone,2025-01-01,\n",
        app_numbers="app_number,app_id\n3,com.three\n",
    )
    programs = [scope(f"{AT}1", f"{AT}2", f"{AT}3")]
    reading = read("list-2026-07-01.json", json.dumps(programs), facts=facts)
    assert [row[:3] for row in staged_rows(reading, "bounty_enrolments")] == [
        ("1", date(2025, 1, 1), None),
        ("2", date(2026, 7, 1), None),
        ("com.three", date(2025, 2, 2), None),
    ]
    assert reading.notes == (
        (
            "1 apps enrolled before are not on this list (com.gone): "
            "if they left, import bounty_enrolments with left_on."
        ),
    )


# --- tables of facts ---------------------------------------------------------------------------


def test_the_table_is_chosen_by_its_header(read):
    reading = read("anything.csv", "on_date,app_id,hosting,active_installs\n2025-01-01,a,DC,5\n")
    assert (reading.kind, list(reading.staged)) == ("facts", ["installs"])
    assert staged_rows(reading, "installs") == [("a", "data_center", date(2025, 1, 1), 5, None, 1)]


def test_the_day_said_is_when_facts_were_seen(read):
    content = "app_id,partner_id,colour\na,p,red\n"
    reading = read("apps.csv", content, as_of=date(2026, 7, 1))
    assert staged_rows(reading, "apps") == [("a", "p", None, None, FIRST_OF_JULY, 1)]
    assert reading.notes == ("Columns of apps.csv that are not used: colour.",)


def test_a_parquet_table_is_read_by_its_columns(read, tmp_path):
    pq.write_table(pa.table({"app_id": ["a"], "partner_id": [7]}), tmp_path / "x")
    reading = read("table.bin", (tmp_path / "x").read_bytes())
    assert staged_rows(reading, "apps") == [("a", "7", None, None, None, 1)]


def test_a_workbook_gives_a_table_for_each_sheet(read):
    content = workbook(
        apps=[["app_id", "partner_id", "public"], ["a", 7.0, True], [], ["b", "p", None]],
        Sales=[
            ["transaction_id", "partner_id", "hosting", "sale_date", "purchase_price", "currency"],
            ["s1", "p", "Cloud", Day(45_658), 1000.1, "USD"],
            ["s2", "p", "Cloud", "2025-01-01", 0.1 + 0.2, "USD"],
        ],
        Notes=[["remember", "the milk"]],
    )
    reading = read("facts.xlsx", content)
    assert (reading.rows, reading.rejected) == (4, 1)
    assert staged_rows(reading, "apps") == [
        ("a", "7", None, True, None, 1),
        ("b", "p", None, None, None, 3),
    ]
    assert staged_rows(reading, "transactions") == [
        (
            *("s1", "p", None, "cloud", date(2025, 1, 1), None, 100_010, None, "USD"),
            *(None, 1),
        )
    ]
    assert rejected(reading) == [
        (
            *(2, "purchase_price", "0.30000000000000004", "has more than two decimals"),
            "round it where it was computed",
        )
    ]
    assert reading.notes == ("Sheet Notes of facts.xlsx is not a table of facts.",)


def test_a_line_break_in_quotes_is_read_wherever_the_parts_of_a_long_file_meet(read):
    """Cells full of what looks like rows, longer than any part a thread reads."""
    cell = '"' + "1,a,b\n" * 20_000 + '"'
    rows = "".join(f"{number},p,{cell}\n" for number in range(300))
    reading = read("apps.csv", "app_id,partner_id,name\n" + rows)
    assert (reading.rows, reading.rejected) == (300, 0)
    assert [row[0] for row in staged_rows(reading, "apps")] == [str(n) for n in range(300)]
