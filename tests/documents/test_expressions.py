"""Row expressions: what is read, in which stored types, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from assay.core.facts import Column, Type
from assay.core.program import Amounts
from assay.documents.expressions import RowReader, Unreadable, conjuncts, parse, stored_number

COLUMNS = {
    column.name: column
    for column in (
        Column(name="app", type=Type.TEXT),
        Column(name="country", type=Type.COUNTRY),
        Column(name="kind", type=Type.CHOICE, values=("red", "green")),
        Column(name="open", type=Type.BOOLEAN),
        Column(name="known", type=Type.BOOLEAN, optional=True),
        Column(name="size", type=Type.INTEGER, optional=True),
        Column(name="price", type=Type.MONEY),
        Column(name="fee", type=Type.MONEY),
        Column(name="day", type=Type.DATE),
        Column(name="at", type=Type.INSTANT),
        Column(name="took", type=Type.HOURS),
    )
}
MINIMUM = Amounts(
    name="minimum",
    title="Minimum",
    clause="R1",
    by="kind",
    since={
        date(2000, 1, 1): {"red": Decimal("10.50")},
        date(2020, 1, 1): {"red": Decimal(30), "green": Decimal(0)},
    },
)
ODD = Amounts(
    name="odd", title="Odd", clause="R1", by="kind", since={date(2000, 1, 1): {"blue": Decimal(1)}}
)
LOOKED_UP = (
    '("fee" < (CASE WHEN "day" >= DATE \'2020-01-01\' THEN CASE "kind" '
    "WHEN 'red' THEN 3000 WHEN 'green' THEN 0 END "
    "WHEN \"day\" >= DATE '2000-01-01' THEN CASE \"kind\" WHEN 'red' THEN 1050 END END))"
)


def reader():
    return RowReader(COLUMNS, where="`deeds`", amounts={"minimum": MINIMUM, "odd": ODD})


@pytest.mark.parametrize(
    ("text", "sql", "unknown"),
    [
        ("open", '"open"', False),
        ("known", '"known"', True),
        ("not known", '(NOT "known")', True),
        ("true", "TRUE", False),
        ("open = false", '("open" = FALSE)', False),
        ("price >= 499999.99", '("price" >= 49999999)', False),
        ("0.5 < price", '(50 < "price")', False),
        ("price > -1", '("price" > -100)', False),
        ("(price) > (5)", '("price" > 500)', False),
        ("took < 48", '("took" < 172800000000)', False),
        ("took < 0.5", '("took" < 1800000000)', False),
        ("size > 100", '("size" > 100)', True),
        ("size is null", '("size" IS NULL)', False),
        ("size is not null", '(NOT ("size" IS NULL))', False),
        ("kind = 'red'", "(\"kind\" = 'red')", False),
        ("kind <> 'red'", "(\"kind\" <> 'red')", False),
        ("kind in ('red', 'green')", "(\"kind\" IN ('red', 'green'))", False),
        ("app not in ('x')", "(NOT (\"app\" IN ('x')))", False),
        ("app = 'it''s'", "(\"app\" = 'it''s')", False),
        ("app = country", '("app" = "country")', False),
        ("day >= '2024-07-01'", "(\"day\" >= DATE '2024-07-01')", False),
        ("price = fee", '("price" = "fee")', False),
        ("size between 1 and 3", '(("size" >= 1) AND ("size" <= 3))', True),
        ("open and known and not open", '("open" AND "known" AND (NOT "open"))', True),
        ("(open or known) and open", '(("open" OR "known") AND "open")', True),
        ("open -- a remark", '"open"', False),
        ("fee < minimum(kind, day)", LOOKED_UP, True),
    ],
)
def test_conditions_in_stored_types(text, sql, unknown):
    read = reader().condition(parse(text))
    assert (read.sql, read.may_be_unknown, read.type) == (sql, unknown, Type.BOOLEAN)


def test_an_expression_keeps_its_text_and_columns():
    read = reader().condition(parse("price > 5 /* cents */ and fee < minimum(kind, day)"))
    assert read.text == "price > 5 AND fee < minimum(kind, day)"
    assert read.columns == {"price", "fee", "kind", "day"}


def test_a_value():
    read = reader().value(parse("size"))
    assert (read.sql, read.type, read.may_be_unknown) == ('"size"', Type.INTEGER, True)


def test_conjuncts_are_told_apart():
    parts = conjuncts(parse("open and (known and size > 1) and (open or known)"))
    assert [part.sql() for part in parts] == ["open", "known", "size > 1", "open OR known"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("app", "`app` is of type text, not boolean"),
        ("5", "`5` is of type integer, not boolean"),
        ("opne", "`deeds` has no column `opne`"),
        ("deeds.open", "`deeds` has no column `deeds.open`"),
        ("app and open", "`app` is text, not a condition"),
        ("not app", "`app` is text, not a condition"),
        ("open < true", "`open < TRUE` has no order"),
        ("kind > 'red'", "`kind > 'red'` has no order"),
        ("kind = 'blue'", "'blue' is no value of `kind`"),
        ("kind = 5", "5 cannot be compared with a value of type choice"),
        ("size >= 'x'", "'x' cannot be compared with a value of type integer"),
        ("size >= 0.5", "0.5 is finer than integer is kept"),
        ("price > 0.001", "0.001 is finer than money is kept"),
        ("price > 1e999999999", "1e999999999 is no number"),
        ("price > 10000000000000000", "10000000000000000 is out of range"),
        ("price > day", "`price > day` compares money with date"),
        ("price > size", "`price > size` compares money with integer"),
        ("day > '2024-02-30'", "'2024-02-30' is no date"),
        ("day > 5", "5 cannot be compared with a value of type date"),
        ("at > 5", "5 cannot be compared with a value of type instant"),
        ("1 < 2", "`1 < 2` compares two literals"),
        ("kind in (select 1)", "`kind IN (SELECT 1)` must list literals"),
        ("size in (1, size)", "`size IN (1, size)` must list literals"),
        ("open is true", "`open IS TRUE` is not allowed here"),
        ("size > - price", "`-price` is not allowed here"),
        ("size > -'1'", "`-'1'` is not allowed here"),
        ("size + 1 > 2", "`size + 1` is not allowed here"),
        ("lower(app) = 'x'", "`LOWER(app)` is not allowed here"),
        ("app like 'x%'", "`app LIKE 'x%'` is not allowed here"),
        ("app::integer = 1", "`CAST(app AS INT)` is not allowed here"),
        ("getenv('HOME') = 'x'", "`getenv` is no function here"),
        ("read_csv('/etc/passwd')", "`READ_CSV('/etc/passwd')` is not allowed here"),
        ("exists (select 1 from apps)", "`EXISTS(SELECT 1 FROM apps)` is not allowed here"),
        ("(select true)", "`(SELECT TRUE)` is not allowed here"),
        ("pragma version", "`PRAGMA version` is not allowed here"),
        ("case when open then true end", "`CASE WHEN open THEN TRUE END` is not allowed here"),
        ("fee < minimum(kind)", "`MINIMUM(kind)` has wrong arguments"),
        ("fee < minimum(day, kind)", "`MINIMUM(day, kind)` has wrong arguments"),
        ("fee < odd(kind, day)", "amounts `odd`: `blue` is no kind"),
        ("open or or open", None),
        ("-- nothing", None),
        ("(" * 600 + "open" + ")" * 600, None),
        ("(" * 20 + "open" + ")" * 20, "the expression is nested too deeply"),
        ("not " * 20 + "open", "the expression is nested too deeply"),
        ("open and " * 250 + "open", "the expression is too long"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(Unreadable) as fault:
        reader().condition(parse(text))
    assert message in (None, fault.value.message)
    assert len(fault.value.message) < 250
    assert fault.value.hint


def test_a_long_chain_is_flat():
    text = " or ".join(["open"] * 200)
    assert reader().condition(parse(text)).sql.count("(") == 1


@pytest.mark.parametrize(
    ("written", "kind", "stored"),
    [("1.25", Type.MONEY, 125), ("-3", Type.INTEGER, -3), ("0.5", Type.HOURS, 1_800_000_000)],
)
def test_numbers_in_stored_units(written, kind, stored):
    assert stored_number(written, kind) == stored
