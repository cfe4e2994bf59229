"""Figures of six partners, worked out by hand, and when they are computed again."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from assay.core.analytics import FIGURES
from assay.engine.duck import Session
from assay.jobs.analytics.ask_figures import ask_figures
from assay.jobs.analytics.refresh_analytics import refresh_analytics
from assay.jobs.analytics.show_analytics import show_analytics
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.store.models import AnalyticsRun, App, CategoryFigure, PartnerFigure
from assay.store.queries.analytics.figures import categories_of, kept_figures, placed_apps
from tests.compared import AT, UNTIL, make_partners, write_facts
from tests.few_partners import PROGRAM
from tests.people_of_partners import partner

pytestmark = pytest.mark.django_db
TOMORROW = datetime(2026, 7, 10, 0, 1, tzinfo=UTC)


@pytest.fixture
def source(tmp_path):
    return Source(folder=write_facts(tmp_path))


@pytest.fixture
def partners():
    return make_partners()


@pytest.fixture
def run(source, partners):  # noqa: ARG001 - they are there
    return refresh_analytics(PROGRAM, source, at=AT)


def quartiles(category, figure, period="newest"):
    group = CategoryFigure.objects.get(category=category, figure=figure, period=period)
    return group.partners, group.lower, group.median, group.upper


def test_every_figure_of_a_partner(partners, run):
    assert run.until == UNTIL
    assert kept_figures(partners["P1"].pk, "Reports").own == {
        ("gross_sales", "newest"): Fraction("900.37"),
        ("gross_sales", "before"): 40,
        ("active_installs", "newest"): 70,
        ("active_installs", "before"): 30,
        ("renewals_missing", "newest"): Fraction(1, 4),
        ("refunded", "newest"): Fraction(10010, 100047),
        ("refunded", "before"): 0,
        ("response_median", "newest"): 20,
        ("response_slowest", "newest"): 27,
        ("bounty_submissions", "newest"): 3,
        ("bounty_awarded", "newest"): 100001,
        ("awards_below_minimum", "newest"): Fraction(1, 2),
    }


def test_quartiles_of_six_partners_are_rounded_to_two_digits(run):  # noqa: ARG001 - it is made
    assert quartiles("Reports", "gross_sales") == (6, 1400, 2800, 4200)


def test_a_sale_whose_kind_nobody_tells_leaves_its_partner_out(run):  # noqa: ARG001 - it is made
    # P5 is out: five partners are left, of whom P1 alone has refunds
    assert quartiles("Reports", "refunded") == (5, 0, 0, 0)


def test_the_median_of_five_is_kept_and_that_of_four_is_not(run):
    assert quartiles("Workflow", "gross_sales") == (5, Decimal(200), Decimal(300), Decimal(400))
    assert not run.groups.filter(category="Macros", figure="gross_sales").exists()


def test_own_figures_are_kept_of_those_who_have_the_benefit(partners, run):
    assert set(run.figures.values_list("partner__key", flat=True)) == {"P1", "P6"}
    assert kept_figures(partners["P2"].pk, "Reports").own == {}


def test_on_the_same_day_nothing_is_computed_again(source, run):
    App.objects.update(categories=["Reports"])
    assert refresh_analytics(PROGRAM, source, at=AT.replace(hour=23)) == run


def test_on_another_day_the_same_facts_are_not_computed_again(source, run):
    assert refresh_analytics(PROGRAM, source, at=TOMORROW) == run


def test_another_category_is_computed_on_the_next_day_and_the_old_run_goes(source, partners, run):
    App.objects.filter(key="rP6").update(categories=["Workflow"])
    newer = refresh_analytics(PROGRAM, source, at=TOMORROW)
    assert list(AnalyticsRun.objects.all()) == [newer]
    assert newer.pk != run.pk
    assert categories_of(partners["P6"].pk) == ("Workflow",)
    assert quartiles("Workflow", "gross_sales") == (6, 230, 350, 480)
    assert not PartnerFigure.objects.filter(run_id=run.pk).exists()


def test_nobody_with_the_benefit_means_no_figures(source):
    partner()
    assert refresh_analytics(PROGRAM, source, at=AT) is None
    assert kept_figures(1, "Reports") is None


def test_a_program_that_has_no_minimum_has_no_share_below_it(source, partners, tmp_path):  # noqa: ARG001 - they are there
    whole = program_of(PROGRAM)
    every = replace(whole.measures["awards_below_minimum"], where=())
    program = replace(whole, measures={"awards": every, "share": whole.measures["cloud_share"]})
    facts = source.open(program, scratch=tmp_path)
    with Session.open(facts, program.vocabulary, scratch=tmp_path) as session:
        asked = {one.figure for one in ask_figures(session, program, placed_apps(), until=UNTIL)}
    assert asked == {one.key for one in FIGURES} - {"awards_below_minimum"}


def test_a_program_without_the_benefit_names_no_tier(partners):
    program = replace(program_of(PROGRAM), benefits={})
    assert show_analytics(partners["P2"].pk, program, category="").tiers == ()
