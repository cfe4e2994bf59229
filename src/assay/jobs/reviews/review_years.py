"""Review two years: the newest review that has begun and the one before, and who moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assay.core.program import Program
from assay.core.summaries import ReviewSummary
from assay.documents.programs import load_program
from assay.jobs.operations.pages import write_page
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import Reviewed, review_facts, summary_of, write_review
from assay.words.review_page import review_page


@dataclass(frozen=True, kw_only=True)
class YearsReviewed:
    """Both reviews, the folder that holds their results, `DAY` by day, and the report as a page.

    The later one is summarised against the decisions of the earlier.
    """

    program: Program
    earlier: Reviewed
    later: Reviewed
    folder: Path
    report: Path

    @property
    def summaries(self) -> tuple[ReviewSummary, ReviewSummary]:
        """The summaries of both reviews: they were asked for, so they are there."""
        return summary_of(self.earlier), summary_of(self.later)


def review_days(program: Program, today: date) -> tuple[date, date]:
    """Return the days of the newest review that has begun by `today` and of the one before."""
    newest = date(today.year, program.review.month, 1)
    if newest > today:
        newest = newest.replace(year=today.year - 1)
    return newest.replace(year=newest.year - 1), newest


def review_years(
    reference: str,
    source: Source,
    folder: Path,
    *,
    today: date,
    on_review: Callable[[date], None] = lambda _: None,
) -> YearsReviewed:
    """Review the facts of `source` for both years and write the results to `folder`.

    `on_review` is told the day of each review before it runs. Raises Refused for a bad program,
    bad facts, or results that cannot be written.
    """
    program = load_program(reference)
    earlier_on, later_on = review_days(program, today)
    on_review(earlier_on)
    earlier = review_facts(reference, source, on=earlier_on, summarised=True)
    write_review(earlier, folder / str(earlier_on), file_format="csv")
    on_review(later_on)
    later = review_facts(
        reference, source, on=later_on, summarised=True, before=folder / str(earlier_on)
    )
    write_review(later, folder / str(later_on), file_format="csv")
    years = YearsReviewed(
        program=program,
        earlier=earlier,
        later=later,
        folder=folder,
        report=folder / "report.html",
    )
    write_page(years.report, review_page(years.summaries[1], program))
    return years
