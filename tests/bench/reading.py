"""What DuckDB alone takes: reading the columns of the window once, and CSV to Parquet.

`max(…)` under the window's condition needs every value of the five columns in the window's rows:
no metadata answers it, and dates are spread over all row groups.
"""

from pathlib import Path

import duckdb

from tests.bench import CUT_OFF, SINCE

FOUR = ("partner_id", "hosting", "sale_date", "purchase_price")
FIVE = ("transaction_id", *FOUR)


def five_columns(*, files):
    """Read the five columns, the key among them."""
    return _read(files, FIVE)


def four_columns(*, files):
    """Read the four columns that a sum needs."""
    return _read(files, FOUR)


def _read(files, columns):
    paths = ", ".join(f"'{file}'" for file in files)
    largest = ", ".join(f"max({column})" for column in columns)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"SELECT {largest} FROM read_parquet([{paths}]) "
            f"WHERE sale_date >= DATE '{SINCE}' AND sale_date < DATE '{CUT_OFF}'"
        ).fetchone()


def csv_to_parquet(*, report, to):
    """Let DuckDB find out the dialect and types of a CSV file, and write it as Parquet."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"COPY (FROM read_csv('{report}')) TO '{to}' (FORMAT parquet)")
    return {"bytes": Path(to).stat().st_size}
