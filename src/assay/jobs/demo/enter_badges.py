"""Enter into a demo the badges of its tiers."""

from __future__ import annotations

from datetime import datetime

from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.demo.cast import Cast
from assay.jobs.demo.enter_benefits import moments_of_reviews


def enter_badges(_cast: Cast, *, at: datetime) -> None:
    """Issue everybody's badge of each closed review; those of another tier than today's end."""
    for moment in moments_of_reviews(at):
        issue_badges(at=moment)
