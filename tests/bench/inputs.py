"""Made-up inputs: a facts folder and the transactions reports of the same sales, by DuckDB.

Sizes, prices and cloud shares of partners are spread over orders of magnitude and sit on no
boundary; rows stand in no order. The same number makes the same row, so that a report of rows
`first` to `last` is a piece of the folder.
"""

import shutil
from pathlib import Path

import duckdb

PARTNERS = 10_000
STAMP = f"inputs 4, duckdb {duckdb.__version__}"  # the number counts changes of what is made

MACROS = """
CREATE MACRO share(i, k) AS (hash((128 * i + k)::BIGINT) >> 11) / 9007199254740992.0;
CREATE MACRO partner_id(p) AS (1210000 + p)::VARCHAR;
CREATE MACRO app_id(p, j) AS 'com.example.app-' || (3 * p + j);
CREATE MACRO payment(p, j) AS CASE WHEN share(3 * p + j, 20) < 0.03 THEN 'partner'
    WHEN share(3 * p + j, 20) < 0.08 THEN 'free' ELSE 'platform' END;
CREATE MACRO installs(p, j, k) AS (pow(10, 4 * share(3 * p + j, 21)) * (1 + k / 10.0))::BIGINT;
"""

# One row a sale; `cents` from about ten to ten thousand units, a few negative or nothing.
SALES = """
SELECT number, p, j,
    lpad(((number * 387420489) % 1000000007)::VARCHAR, 10, '0') AS transaction_id,
    partner_id(p) AS partner_id, app_id(p, j) AS app_id,
    CASE WHEN share(number, 3) < share(p, 30) THEN 'cloud'
        WHEN share(number, 4) < 0.8 THEN 'data_center' ELSE 'server' END AS hosting,
    DATE '2023-07-01' + (731 * share(number, 5))::INTEGER AS sale_date,
    CASE WHEN kind < 0.02 THEN 'refund' WHEN kind < 0.2 THEN 'new' WHEN kind < 0.3 THEN 'upgrade'
        WHEN kind < 0.33 THEN 'downgrade' ELSE 'renewal' END AS sale_type,
    (CASE WHEN kind < 0.02 THEN -1 WHEN kind > 0.99 THEN 0 ELSE 1 END
        * (100 * pow(10, 1 + 2 * share(p, 31) + share(number, 6)))::BIGINT) AS cents
FROM (
    SELECT number, (10000 * pow(share(number, 1), 3))::INTEGER % 10000 AS p,
        (3 * share(number, 2))::INTEGER % 3 AS j, share(number, 7) AS kind
    FROM range({first}, {last}) AS made (number)
)
"""

TRANSACTIONS = """
SELECT transaction_id, partner_id, app_id, hosting, sale_date, sale_type,
    (cents / 100)::DECIMAL(14, 2) AS purchase_price,
    (cents * 17 // 20 / 100)::DECIMAL(14, 2) AS vendor_amount, 'USD' AS currency
FROM ({sales})
"""

REPORT = """
SELECT transaction_id AS "transactionLineItemId", 'AT-' || (100000000 + number) AS "transactionId",
    number AS "addonLicenseId", 'SEN-' || number AS "licenseId", app_id AS "addonKey",
    'App ' || (3 * p + j) AS "addonName", partner_id AS "vendorId",
    sale_date + 2 AS "lastUpdated",
    'Customer ' || (number % 900007) || CASE WHEN number % 1000 = 0 THEN chr(10) || 'Unit 2'
        WHEN number % 10 = 0 THEN ', Inc.' ELSE '' END AS "company",
    ['SE', 'US', 'DE', 'JP', 'AU'][1 + number % 5] AS "country", 'EMEA' AS "region",
    'Contact ' || (number % 900007) AS "technicalContactName",
    'it' || (number % 900007) || '@customer.example' AS "technicalContactEmail",
    sale_date AS "saleDate", (25 * (1 + number % 40)) || ' Users' AS "tier",
    'COMMERCIAL' AS "licenseType",
    CASE hosting WHEN 'cloud' THEN 'Cloud' WHEN 'server' THEN 'Server' ELSE 'Data Center' END
        AS "hosting",
    'Annual' AS "billingPeriod", (cents / 100)::DECIMAL(14, 2) AS "purchasePrice",
    (cents * 17 // 20 / 100)::DECIMAL(14, 2) AS "vendorAmount",
    upper(sale_type[1]) || sale_type[2:] AS "saleType", sale_date AS "maintenanceStartDate",
    sale_date + 365 AS "maintenanceEndDate"
FROM ({sales})
"""

OTHER_TABLES = {
    "partners": """
        SELECT partner_id(p) AS partner_id, 'Partner ' || p AS name, 'SE' AS country,
            ['Europe/Stockholm', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney',
             'Asia/Jerusalem', 'UTC', 'Europe/London', 'America/Sao_Paulo'][1 + p % 8] AS time_zone,
            DATE '2015-01-01' + (p % 3000)::INTEGER AS joined_on
        FROM range(10000) AS made (p)""",
    "apps": """
        SELECT app_id(p, j) AS app_id, partner_id(p) AS partner_id, 'App ' || (3 * p + j) AS name,
            share(3 * p + j, 22) < 0.9 AS public
        FROM range(10000) AS made (p), range(3) AS also (j)""",
    "listings": """
        SELECT app_id(p, j) AS app_id, hosting,
            DATE '2016-01-01' + (share(3 * p + j, k) * 3000)::INTEGER AS listed_on,
            payment(p, j) AS payment,
            CASE WHEN share(3 * p + j, k + 10) < 0.05
                THEN DATE '2024-01-01' + (700 * share(3 * p + j, k + 20))::INTEGER
                END AS retired_on,
            CASE WHEN hosting = 'data_center' AND share(3 * p + j, 24) < 0.9
                THEN DATE '2024-03-01' END AS approved_on
        FROM range(10000) AS made (p), range(3) AS also (j),
            (VALUES ('cloud', 1.0, 40), ('data_center', 0.6, 41), ('server', 0.3, 42))
                AS hosted (hosting, chance, k)
        WHERE share(3 * p + j, k + 70) < chance""",
    "installs": """
        SELECT app_id(p, j) AS app_id, hosting, DATE '2024-08-15' + (k * 90)::INTEGER AS on_date,
            installs(p, j, k) AS active_installs
        FROM range(10000) AS made (p), range(3) AS also (j), range(4) AS quarters (k),
            (VALUES ('cloud', 1.0, 110), ('data_center', 0.6, 111), ('server', 0.3, 112))
                AS hosted (hosting, chance, listed)
        WHERE share(3 * p + j, listed) < chance""",
    "bounty_enrolments": """
        SELECT app_id(p, j) AS app_id,
            DATE '2022-01-01' + (1000 * share(3 * p + j, 25))::INTEGER AS enrolled_on,
            NULL::DATE AS left_on
        FROM range(10000) AS made (p), range(3) AS also (j)
        WHERE share(3 * p + j, 26) < CASE WHEN share(p, 32) < 0.7 THEN 0.98 ELSE 0.3 END""",
    "bounty_submissions": """
        SELECT 'S-' || number AS submission_id, app_id(number % 10000, number // 10000) AS app_id,
            'P' || (1 + number % 5) AS severity,
            DATE '2023-01-01' + (1000 * share(number, 27))::INTEGER AS submitted_on,
            CASE WHEN share(number, 28) < 0.01 THEN 50.00 WHEN share(number, 28) < 0.8
                THEN 1500 + number % 700 END::DECIMAL(14, 2) AS awarded
        FROM range(30000) AS made (number)""",
    "escalations": """
        SELECT 'E-' || number AS escalation_id, partner_id(number % 10000) AS partner_id, opened_at,
            CASE WHEN share(number, 33) < 0.999 THEN opened_at
                + to_seconds((3600 * pow(10, 1.75 * share(number, 34)))::BIGINT) END AS responded_at
        FROM (
            SELECT number, TIMESTAMPTZ '2024-01-01 00:00:00+00'
                + to_seconds((share(number, 35) * 560 * 86400)::BIGINT) AS opened_at
            FROM range(20000) AS made (number)
        )""",
}


def facts_folder(home: Path, *, rows: int) -> Path:
    """Make a facts folder of `rows` transactions in Parquet, or find the one made before."""
    folder = home / f"facts-{rows}"
    if _is_made(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with connection(folder) as duck:
        tables = OTHER_TABLES | {
            "transactions": TRANSACTIONS.format(sales=SALES.format(first=0, last=rows))
        }
        for name, select in tables.items():
            duck.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")
    return _made(folder)


def report(home: Path, *, first: int, last: int) -> Path:
    """Make the CSV report of the transactions `first` to `last`, every cell quoted."""
    path = home / f"report-{first}-{last}.csv"
    if _is_made(path):
        return path
    home.mkdir(parents=True, exist_ok=True)
    with connection(home) as duck:
        select = REPORT.format(sales=SALES.format(first=first, last=last))
        duck.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER, FORCE_QUOTE *)")
    return _made(path)


def _stamp(path):
    return path.with_name(f"{path.name}.stamp")


def _is_made(path):
    stamp = _stamp(path)
    return path.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == STAMP


def _made(path):
    _stamp(path).write_text(STAMP, encoding="utf-8")
    return path


def connection(scratch):
    """Open DuckDB with the macros that make rows."""
    opened = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(scratch)})
    opened.execute("SET TimeZone = 'UTC'")
    opened.execute("SET enable_progress_bar = false")
    opened.execute("SET preserve_insertion_order = false")
    opened.execute(MACROS)
    return opened
