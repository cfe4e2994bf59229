"""The demo: the same bytes for a seed and a day, and every story comes true."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from assay.jobs.demo import make_marketplace
from assay.jobs.demo.partners import Times, make_partners
from assay.jobs.demo.run_demo import run_demo
from assay.jobs.demo.sales import make_sales
from assay.jobs.demo.stories import STORIES
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from tests.untraced import untraced

PROGRAM = "atlassian-marketplace@2024-06-13"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory):
    steps = []
    folder = tmp_path_factory.mktemp("demo")
    done = run_demo(PROGRAM, folder, at=AT, on_step=lambda *step: steps.append(step))
    return done, steps


@pytest.mark.parametrize(
    ("today", "reviews"),
    [
        (date(2026, 6, 30), (date(2024, 7, 1), date(2025, 7, 1))),
        (date(2026, 7, 1), (date(2025, 7, 1), date(2026, 7, 1))),
        (date(2028, 2, 29), (date(2026, 7, 1), date(2027, 7, 1))),
    ],
    ids=str,
)
def test_the_reviews_are_the_newest_july_that_has_begun_and_the_one_before(today, reviews):
    assert Times(today).reviews == reviews


def test_there_are_300_partners_and_everyone_is_marked_as_made_up():
    partners = make_partners(1, Times(AT.date()))
    assert len(partners) == 300
    assert {partner.name[:13] for partner in partners} == {"Demo Partner "}


def test_every_tier_is_held_in_both_years_and_every_direction_is_moved():
    assert {tier for story in STORIES for tier in story.tiers} == {
        "none",
        "partner",
        "silver",
        "gold",
        "platinum",
    }
    ranks = ("none", "partner", "silver", "gold", "platinum")
    moves = {
        (ranks.index(after) > ranks.index(before)) - (ranks.index(after) < ranks.index(before))
        for before, after in (story.tiers for story in STORIES)
    }
    assert moves == {-1, 0, 1}


@pytest.mark.parametrize(
    "today", [date(2026, 7, 1), date(2026, 11, 23), date(2028, 2, 29)], ids=str
)
@untraced()
def test_the_sales_of_each_year_add_up_to_what_the_story_says(today):
    times = Times(today)
    for partner in make_partners(5, times):
        sales = make_sales(partner, times, seed=5)
        starts = (times.first_day, *times.reviews)
        for year, start, end in zip(partner.story.years, starts[:2], starts[1:], strict=True):
            gross = sum(sale.price for sale in sales if start <= sale.sale_on < end)
            low, high = year.gross
            assert low * 100 <= gross <= high * 100 + 99
        assert all(times.first_day <= sale.sale_on <= today for sale in sales)


@untraced()
def test_the_same_seed_and_day_give_the_same_bytes(tmp_path):
    digests = []
    for name in ("one", "two"):
        demo = make_marketplace(tmp_path / name, seed=3, today=AT.date())
        digests.append({r.path.name: sha256(r.path.read_bytes()).hexdigest() for r in demo.reports})
    assert digests[0] == digests[1]
    assert len(digests[0]) == len(demo.reports)


def test_every_row_of_every_report_is_kept_held_or_restated(demo_run):
    done, _ = demo_run
    assert [
        imported.file
        for imported in done.imported
        if imported.refused or imported.rejected or imported.unresolved
    ] == []
    counts = Counter()
    for imported in done.imported:
        counts += Counter(vars(imported.receipt.counts))
    assert counts["read"] == counts["kept"] + counts["already_held"] + counts["restatements"]
    assert min(counts["kept"], counts["already_held"], counts["restatements"]) > 500


@pytest.mark.parametrize("year", [0, 1])
def test_every_partner_holds_the_tier_of_its_story(demo_run, year):
    done, _ = demo_run
    reviewed = (done.years.earlier, done.years.later)[year].done
    expected = {partner.id: partner.story.tiers[year] for partner in done.demo.partners}
    decisions = reviewed.decisions.to_pydict()
    assert dict(zip(decisions["partner_id"], decisions["tier"], strict=True)) == expected
    assert reviewed.left_out == ()


def test_a_review_as_it_was_known_then_counts_what_was_restated_since(demo_run):
    done, _ = demo_run
    earlier = done.demo.reviews[0]
    known_at = datetime.combine(earlier, datetime.min.time(), UTC) + timedelta(days=10)

    def gross(source):
        found = review_facts(PROGRAM, source, on=earlier).done.judged.to_pydict()
        return dict(zip(found["partner_id"], found["gross_sales"], strict=True))

    then = gross(Source(ledger=done.ledger, known_at=known_at))
    now = gross(Source(ledger=done.ledger))
    restated = {
        partner.id: sum(
            sale.before - sale.price
            for sale in make_sales(partner, done.demo.times, seed=17)
            if sale.before is not None and sale.sale_on < earlier
        )
        for partner in done.demo.partners
    }
    assert {partner: then[partner] - now[partner] for partner in then} == {
        partner: restated[partner] for partner in then
    }
    assert sum(restated.values()) > 0


def test_steps_and_results_are_told(demo_run):
    done, steps = demo_run
    assert steps[0] == ("Making a marketplace", 0, 1)
    assert ("Importing reports", 31, 31) in steps
    assert steps[-1] == ("Reviewing", 2, 2)
    written = sorted(path.relative_to(done.years.folder) for path in done.years.folder.rglob("*"))
    assert [str(path) for path in written if path.suffix] == [
        "2025-07-01/decisions.csv",
        "2025-07-01/findings.csv",
        "2025-07-01/review.json",
        "2026-07-01/decisions.csv",
        "2026-07-01/findings.csv",
        "2026-07-01/review.json",
        "report.html",
    ]
    assert [sum(summary.counts.values()) for summary in done.years.summaries] == [300, 300]
