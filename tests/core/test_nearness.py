"""How near a condition is to holding."""

from decimal import Decimal
from fractions import Fraction

import pytest

from assay.core.explanations import Distance, JudgedComparison, JudgedGroup, Measured, Outcome
from assay.core.facts import Type
from assay.core.nearness import scale_of, type_of, way_to
from assay.core.program import AllOf, AnyOf, Comparison, Operator
from assay.documents.programs import load_program

MONEY = {
    "gross_sales": Measured(measure="gross_sales", type=Type.MONEY, low=400_00, high=400_00),
    "cloud_sales": Measured(measure="cloud_sales", type=Type.MONEY, low=100_00, high=100_00),
}


@pytest.fixture(scope="module")
def program():
    return load_program("atlassian-marketplace@2024-06-13")


def compared(measure, operator, bound, missing, *, outcome=None):
    distance = None
    if missing is not None:
        distance = Distance(measure=measure, type=Type.MONEY, missing=missing)
    known = Outcome.MET if missing is not None and missing <= 0 else Outcome.NOT_MET
    return JudgedComparison(
        comparison=Comparison(measure=measure, operator=operator, bound=bound),
        outcome=outcome or (Outcome.UNKNOWN if missing is None else known),
        distance=distance,
    )


def grouped(kind, outcome, *parts):
    return JudgedGroup(kind=kind, outcome=outcome, parts=parts)


NEAR = compared("gross_sales", Operator.GE, Decimal(500), 100_00)
FAR = compared("gross_sales", Operator.GE, Decimal(800), 400_00)
MET = compared("gross_sales", Operator.GE, Decimal(300), -100_00)
OPEN = compared("gross_sales", Operator.GE, Decimal(300), None)


def test_what_holds_is_no_way_off(program):
    assert way_to(MET, MONEY, program, scale=None) == 0


def test_a_hundred_dollars_of_five_hundred(program):
    assert way_to(NEAR, MONEY, program, scale=None) == Fraction(1, 5)


def test_on_a_common_scale_a_dollar_is_as_far_in_every_alternative(program):
    assert way_to(FAR, MONEY, program, scale=500_00) == Fraction(4, 5)


def test_of_alternatives_the_nearest_counts(program):
    judged = grouped("any", Outcome.NOT_MET, FAR, NEAR)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(1, 5)


def test_of_parts_that_must_all_hold_the_furthest_counts(program):
    judged = grouped("all", Outcome.NOT_MET, MET, NEAR, FAR)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(1, 2)


def test_an_open_part_leaves_the_whole_way_open(program):
    judged = grouped("all", Outcome.NOT_MET, NEAR, OPEN)
    assert way_to(judged, MONEY, program, scale=None) is None


def test_an_open_alternative_leaves_the_others(program):
    judged = grouped("any", Outcome.UNKNOWN, NEAR, OPEN)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(1, 5)


def test_what_must_not_hold_is_off_by_what_is_to_spare_and_a_step(program):
    judged = grouped("not", Outcome.NOT_MET, MET)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(100_01, 300_00)


def test_where_zero_is_asked_parts_are_of_one_unit(program):
    judged = compared("gross_sales", Operator.LE, Decimal(0), 400_00)
    assert way_to(judged, MONEY, program, scale=None) == 400


def test_against_another_measure_its_value_is_what_is_asked(program):
    judged = compared("cloud_sales", Operator.GE, "gross_sales", 300_00)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(3, 4)


def test_a_share_is_off_by_a_part_of_the_whole(program):
    judged = compared("cloud_share", Operator.GE, Decimal("0.5"), 200_00)
    assert way_to(judged, MONEY, program, scale=None) == Fraction(1, 2)


def test_the_scale_of_one_type_is_the_least_that_is_asked(program):
    three = Comparison(measure="gross_sales", operator=Operator.GE, bound=Decimal(3))
    two = Comparison(measure="gross_sales", operator=Operator.GE, bound=Decimal(2))
    share = Comparison(measure="cloud_share", operator=Operator.GE, bound=Decimal("0.25"))
    assert scale_of(AnyOf((three, AllOf((two, share)))), program) == 200


def test_different_types_have_no_common_scale(program):
    money = Comparison(measure="gross_sales", operator=Operator.GE, bound=Decimal(3))
    apps = Comparison(measure="paid_cloud_apps", operator=Operator.GE, bound=Decimal(1))
    assert scale_of(AllOf((money, apps)), program) is None


def test_a_share_changes_by_what_its_part_is_of(program):
    assert type_of(program.measures["cloud_share"], program) is Type.MONEY


def test_a_share_is_no_measure_of_its_own(program):
    assert program.measure("gross_sales") is program.measures["gross_sales"]
    with pytest.raises(TypeError):
        program.measure("cloud_share")
