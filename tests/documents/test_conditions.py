"""Conditions: small trees of comparisons over named measures."""

from datetime import date
from decimal import Decimal

import pytest

from assay.core.facts import Type
from assay.core.program import (
    Aggregate,
    AllOf,
    AnyOf,
    Comparison,
    Measure,
    Not,
    Operator,
    Share,
    comparisons,
)
from assay.documents.conditions import read_condition
from assay.documents.expressions import Unreadable


def measure(name, kind):
    return Measure(
        name=name,
        title=name,
        clause="R1",
        since=date(2024, 1, 1),
        source="deeds",
        aggregate=Aggregate.SUM,
        value=None,
        where=(),
        window=None,
        type=kind,
        unit="x",
        none=Decimal(0),
    )


MEASURES = {
    "sales": measure("sales", Type.MONEY),
    "cloud": measure("cloud", Type.MONEY),
    "apps": measure("apps", Type.INTEGER),
    "part": Share(
        name="part",
        title="part",
        clause="R1",
        since=date(2024, 1, 1),
        part="cloud",
        whole="sales",
        when_not_positive=False,
    ),
}


def compared(name, operator, bound):
    return Comparison(measure=name, operator=Operator(operator), bound=bound)


SALES = compared("sales", ">=", Decimal("0.5"))
APPS = compared("apps", "=", Decimal(0))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("sales >= 0.5", SALES),
        ("0.5 <= sales", SALES),
        ("(apps) = (0)", APPS),
        ("apps > -1", compared("apps", ">", Decimal(-1))),
        ("part >= 0.15", compared("part", ">=", Decimal("0.15"))),
        ("cloud <= sales", compared("cloud", "<=", "sales")),
        ("apps != 2", compared("apps", "<>", Decimal(2))),
        ("not apps = 0", Not(APPS)),
        ("sales >= 0.5 and apps = 0", AllOf((SALES, APPS))),
        ("sales >= 0.5 or (apps = 0 or apps = 0)", AnyOf((SALES, APPS, APPS))),
        ("sales >= 0.5 and apps = 0 or apps = 0", AnyOf((AllOf((SALES, APPS)), APPS))),
        ("sales >= 0.5 and (apps = 0 or sales >= 0.5)", AllOf((SALES, AnyOf((APPS, SALES))))),
    ],
)
def test_conditions_as_trees(text, condition):
    assert read_condition(text, MEASURES) == condition


def test_the_comparisons_of_a_condition_from_left_to_right():
    condition = read_condition("not (sales >= 0.5 and apps = 0) or apps = 0", MEASURES)
    assert list(comparisons(condition)) == [SALES, APPS, APPS]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sales", "`sales` is no condition"),
        ("true", "`TRUE` is no condition"),
        ("salse >= 1", "no measure `salse`"),
        ("x.sales >= 1", "no measure `x.sales`"),
        ("sales >= salse", "no measure `salse`"),
        ("1 > 0", "`1 > 0` compares no measure"),
        ("sales >= 'x'", "`'x'` is no number in range"),
        ("sales >= 1e30", "`1e30` is no number in range"),
        ("sales >= 1 + 1", "`1 + 1` is no number in range"),
        ("sales >= 0.001", "0.001 is finer than money is kept"),
        ("apps >= 0.5", "0.5 is finer than integer is kept"),
        ("part >= 2", "`part >= 2`: a share lies between 0 and 1"),
        ("part >= -0.1", "`part >= -0.1`: a share lies between 0 and 1"),
        ("part >= 0.1234567", "`part >= 0.1234567`: a share lies between 0 and 1"),
        ("part >= apps", "`part >= apps` compares measures of different kinds"),
        ("sales >= apps", "`sales >= apps` compares measures of different kinds"),
        ("sales between 1 and 2", "`sales BETWEEN 1 AND 2` is no condition"),
        ("sum(sales) > 1", "`SUM(sales) > 1` compares no measure"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(Unreadable) as fault:
        read_condition(text, MEASURES)
    assert fault.value.message == message
    assert fault.value.hint


def test_every_fault_of_a_condition_is_told_once():
    text = "sale >= 1 and (app = 0 or part >= 2) and sale >= 3 and cloud <= sles and apps = 0"
    with pytest.raises(Unreadable) as unreadable:
        read_condition(text, MEASURES)
    assert [fault.message for fault in unreadable.value.faults] == [
        "no measure `sale`",
        "no measure `app`",
        "`part >= 2`: a share lies between 0 and 1",
        "no measure `sles`",
    ]
