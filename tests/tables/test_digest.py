"""Digests of sets of facts."""

from __future__ import annotations

from types import MappingProxyType

from assay.core.facts import Column, Table, Type
from assay.tables.digest import TableDigest, digest_columns, facts_digest
from assay.tables.duck import connect

SALES = Table(
    name="sales",
    title="Sales",
    columns=MappingProxyType(
        {
            "sale_id": Column(name="sale_id", type=Type.TEXT),
            "sale_date": Column(name="sale_date", type=Type.DATE),
            "price": Column(name="price", type=Type.MONEY, optional=True),
        }
    ),
    key=("sale_id",),
)
ROWS = ("('s1', DATE '2025-06-30', 49999999::BIGINT)", "('s2', DATE '2025-07-01', NULL)")


def digest(*rows: str) -> TableDigest:
    """Digest rows written as SQL tuples."""
    with connect() as connection:
        found = connection.execute(
            f"SELECT {digest_columns(SALES)} FROM (VALUES {', '.join(rows)}) "
            "AS t(sale_id, sale_date, price)"
        ).fetchone()
    assert found is not None
    return TableDigest(*found)


def test_the_hash_is_the_one_that_the_scheme_stands_for() -> None:
    """A DuckDB with another hash fails here: give the scheme a new name then."""
    assert digest(ROWS[0]) == TableDigest(1, 8_805_408_124_065_268_574)
    assert digest(ROWS[1]) == TableDigest(1, 2_272_977_088_523_449_217)


def test_order_does_not_matter_and_sums_add_up() -> None:
    both = digest(*ROWS)
    assert digest(*reversed(ROWS)) == both
    assert digest(ROWS[0]) + digest(ROWS[1]) == both
    assert both - digest(ROWS[1]) == digest(ROWS[0])


def test_an_empty_table_counts_as_none() -> None:
    assert facts_digest({"sales": TableDigest()}) == facts_digest({})
    assert facts_digest({}) == (
        "d2:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
