"""Cells of text and of typed columns: their stored value, or what is wrong and how to mend it."""

from datetime import date
from types import MappingProxyType

import pytest

from assay.core.facts import Column, Table, Type
from assay.documents.columns import Source, TypeNotReadable, cells
from assay.documents.faults import explained
from assay.tables.duck import connect

HOSTING = Column(
    name="hosting",
    type=Type.CHOICE,
    values=("cloud", "data_center"),
    spellings=MappingProxyType({"dc": "data_center", "data center": "data_center"}),
)
SEVERITY = Column(name="severity", type=Type.CHOICE, values=("P1", "P2"))
COLUMNS = {
    "text": Column(name="name", type=Type.TEXT),
    "note": Column(name="note", type=Type.TEXT, optional=True),
    "hosting": HOSTING,
    "severity": SEVERITY,
    "country": Column(name="country", type=Type.COUNTRY),
    "zone": Column(name="zone", type=Type.TIME_ZONE),
    "currency": Column(name="currency", type=Type.CURRENCY),
    "flag": Column(name="flag", type=Type.BOOLEAN),
    "count": Column(name="count", type=Type.INTEGER),
    "price": Column(name="price", type=Type.MONEY, may_be_negative=True),
    "award": Column(name="award", type=Type.MONEY),
    "day": Column(name="day", type=Type.DATE),
    "moment": Column(name="moment", type=Type.INSTANT),
}
NEW_YEAR_2025 = 1_735_689_600_000_000


def look(column, source):
    """Give the stored value of one cell and whether it is bad."""
    table = Table(
        name="t", title="T", columns=MappingProxyType({column.name: column}), key=(column.name,)
    )
    (cell,) = cells(table, {column.name: source}, currency="USD")
    with connect() as connection:
        value, bad, lean, other = connection.execute(
            f"SELECT {cell.value}, {cell.bad}, {cell.lean}, {cell.at_a_glance} OR {cell.other}"
        ).fetchone()
    if not other:
        assert (bad, lean) == (False, value)
    return value, bad


def text(written):
    return Source(
        sql="NULL::VARCHAR" if written is None else "'" + written.replace("'", "''") + "'"
    )


@pytest.mark.parametrize(
    ("column", "written", "stored"),
    [
        ("text", "Made, up", "Made, up"),
        ("text", " spaces stay ", " spaces stay "),
        ("text", "-", "-"),
        ("text", "+1", "+1"),
        ("note", "", None),
        ("note", None, None),
        ("hosting", "cloud", "cloud"),
        ("hosting", "CLOUD", "cloud"),
        ("hosting", "Data Center", "data_center"),
        ("hosting", "DC", "data_center"),
        ("severity", "p1", "P1"),
        ("country", "SE", "SE"),
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("currency", "USD", "USD"),
        ("flag", "true", True),
        ("flag", "False", False),
        ("count", "0", 0),
        ("count", "9223372036854775807", 9_223_372_036_854_775_807),
        ("price", "0", 0),
        ("price", "1234.5", 123_450),
        ("price", "-0.01", -1),
        ("price", "0.1", 10),
        ("price", "007.00", 700),
        ("price", "999999999999.99", 99_999_999_999_999),
        ("price", "-999999999999.99", -99_999_999_999_999),
        ("price", "450359962737.97", 45_035_996_273_797),
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("day", "0001-01-01", date(1, 1, 1)),
        ("moment", "2025-01-01T00:00:00Z", NEW_YEAR_2025),
        ("moment", "2025-01-01T00:00Z", NEW_YEAR_2025),
        ("moment", "2025-01-01T05:30:00+05:30", NEW_YEAR_2025),
        ("moment", "2024-12-31 19:00:00-0500", NEW_YEAR_2025),
        ("moment", "2025-01-01T00:00:00.000001Z", NEW_YEAR_2025 + 1),
        ("moment", "2025-01-01 00:00:00+00", NEW_YEAR_2025),
    ],
)
def test_a_good_text_is_stored_exactly(column, written, stored):
    assert look(COLUMNS[column], text(written)) == (stored, False)


@pytest.mark.parametrize(
    ("column", "written", "message", "hint"),
    [
        ("text", "", "is empty", "every row needs a value here"),
        ("text", None, "is empty", "every row needs a value here"),
        ("text", "=SUM(A1)", "looks like a formula", "write the value itself"),
        ("text", "@SUM(A1)", "looks like a formula", "write the value itself"),
        ("note", "=1+1", "looks like a formula", "write the value itself"),
        ("hosting", "cloudy", "is not a known hosting", "write one of cloud, data_center"),
        ("country", "Sweden", "is not a country code", "write two letters, as in SE or BR"),
        ("country", "se", "is not a country code", "write two letters, as in SE or BR"),
        ("zone", "Europe/berlin", "is not a time zone", "write Europe/Berlin"),
        ("zone", "the moon", "is not a time zone", "write an IANA name, as in Europe/Berlin"),
        ("currency", "EUR", "is not the program's currency, USD", "convert the amounts to USD"),
        ("currency", "usd", "is not the program's currency, USD", "convert the amounts to USD"),
        ("flag", "yes", "is neither true nor false", "write true or false"),
        ("count", "-1", "is not a whole number of zero or more", "write digits only, as in 1200"),
        ("count", "1.0", "is not a whole number of zero or more", "write digits only, as in 1200"),
        ("count", "9223372036854775808", "is too large", "whole numbers stay below 2^63"),
        ("price", "1,234.50", "is not an amount", "write 1234.50"),
        ("price", "1 234.50", "is not an amount", "write 1234.50"),
        ("price", "12,50", "is not an amount", "write 12.50"),
        (
            "price",
            "1e3",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        (
            "price",
            "NaN",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        (
            "price",
            "inf",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        (
            "price",
            "$5",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        (
            "price",
            "5.",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        (
            "price",
            ".5",
            "is not an amount",
            "write digits with at most two decimals, as in 1234.50",
        ),
        ("price", "+5", "looks like a formula", "write the value itself"),
        ("price", "10.005", "has more than two decimals", "round it where it was computed"),
        (
            "price",
            "1000000000000",
            "is too large an amount",
            "amounts stay below 1,000,000,000,000 units",
        ),
        ("award", "-1.00", "is negative", "write zero or more"),
        ("day", "31/12/2025", "is not a date of the form YYYY-MM-DD", "write 2025-12-31"),
        ("day", "12/31/2025", "is not a date of the form YYYY-MM-DD", "write 2025-12-31"),
        ("day", "01/02/2025", "is not a date of the form YYYY-MM-DD", "write it as in 2025-12-31"),
        ("day", "2025-1-2", "is not a date of the form YYYY-MM-DD", "write 2025-01-02"),
        ("day", "2025-01-02T00:00", "is not a date of the form YYYY-MM-DD", "write 2025-01-02"),
        ("day", "2025-02-29", "is not a day of the calendar", "write a real day as YYYY-MM-DD"),
        ("day", "0000-01-01", "is not a day of the calendar", "write a real day as YYYY-MM-DD"),
        ("day", "infinity", "is not a date of the form YYYY-MM-DD", "write it as in 2025-12-31"),
        (
            "moment",
            "2025-01-01T00:00:00",
            "has no offset from UTC",
            "write 2025-01-01T00:00:00Z if it is UTC, else add its offset",
        ),
        (
            "moment",
            "2025-01-01",
            "is a day and not a moment",
            "write it as in 2025-01-01T09:00:00Z",
        ),
        (
            "moment",
            "2025-02-30T00:00:00Z",
            "is not an instant",
            "write it as in 2025-01-31T09:00:00Z",
        ),
        (
            "moment",
            "2025-01-01T00:00:00.1234567Z",
            "is not an instant",
            "write it as in 2025-01-31T09:00:00Z",
        ),
        (
            "moment",
            "0001-01-01T00:00:00+14:00",
            "is not an instant",
            "write it as in 2025-01-31T09:00:00Z",
        ),
    ],
)
def test_a_bad_text_is_explained(column, written, message, hint):
    assert look(COLUMNS[column], text(written))[1] is True
    assert explained(COLUMNS[column], written, currency="USD") == (message, hint)


def test_a_nul_character_is_bad():
    assert look(COLUMNS["text"], Source(sql="'a' || chr(0)"))[1] is True
    assert explained(COLUMNS["text"], "a\0", currency="USD") == ("has a NUL character", "remove it")


@pytest.mark.parametrize(
    ("column", "sql", "kind", "stored"),
    [
        ("price", "1.50::DECIMAL(38, 2)", "DECIMAL(38,2)", 150),
        ("price", "1.500::DECIMAL(18, 3)", "DECIMAL(18,3)", 150),
        ("price", "-7::BIGINT", "BIGINT", -700),
        ("count", "7::UTINYINT", "UTINYINT", 7),
        ("text", "42::INTEGER", "INTEGER", "42"),
        ("flag", "true", "BOOLEAN", True),
        ("day", "DATE '2025-01-01'", "DATE", date(2025, 1, 1)),
        ("hosting", "'dc'::ENUM('dc', 'cloud')", "ENUM('dc', 'cloud')", "data_center"),
        (
            "moment",
            "'2025-01-01 00:00:00+00'::TIMESTAMPTZ",
            "TIMESTAMP WITH TIME ZONE",
            NEW_YEAR_2025,
        ),
        ("moment", "'2025-01-01 00:00:00+00'::TIMESTAMPTZ_NS", "TIMESTAMPTZ_NS", NEW_YEAR_2025),
    ],
)
def test_a_typed_cell_is_stored_exactly(column, sql, kind, stored):
    assert look(COLUMNS[column], Source(sql=sql, type=kind)) == (stored, False)


@pytest.mark.parametrize(
    ("column", "sql", "kind"),
    [
        ("price", "1.505::DECIMAL(18, 3)", "DECIMAL(18,3)"),
        ("price", "1000000000000::BIGINT", "BIGINT"),
        ("price", "(10::HUGEINT ** 30)::DECIMAL(38, 2)", "DECIMAL(38,2)"),
        ("price", "NULL::DECIMAL(18, 2)", "DECIMAL(18,2)"),
        ("award", "-0.01::DECIMAL(18, 2)", "DECIMAL(18,2)"),
        ("count", "-1::BIGINT", "BIGINT"),
        ("count", "9223372036854775808::HUGEINT", "HUGEINT"),
        ("day", "'infinity'::DATE", "DATE"),
        ("moment", "'infinity'::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"),
        ("moment", "'2025-01-01 00:00:00.0000001+00'::TIMESTAMPTZ_NS", "TIMESTAMPTZ_NS"),
    ],
)
def test_a_typed_cell_that_cannot_be_exact_is_bad(column, sql, kind):
    assert look(COLUMNS[column], Source(sql=sql, type=kind))[1] is True


@pytest.mark.parametrize(
    ("column", "kind", "hint"),
    [
        (
            "price",
            "DOUBLE",
            "cast the column to a decimal with two places: binary floats cannot hold cents",
        ),
        ("count", "DOUBLE", "write the column as whole numbers (int64)"),
        ("text", "DOUBLE", "write identifiers and names as text"),
        ("flag", "INTEGER", "write the column as booleans"),
        ("day", "TIMESTAMP WITH TIME ZONE", "cast the column to a date without a time"),
        (
            "moment",
            "TIMESTAMP",
            "give the instants a time zone (UTC): without one the moment is not known",
        ),
        ("hosting", "INTEGER", "write the column as text"),
    ],
)
def test_a_type_that_would_be_guessed_is_refused(column, kind, hint):
    with pytest.raises(TypeNotReadable) as refused:
        look(COLUMNS[column], Source(sql="x", type=kind))
    assert refused.value.hint == hint
