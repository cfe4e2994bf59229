"""Enter into a demo the badges of its tiers."""

from __future__ import annotations

from datetime import datetime

from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.demo.cast import Cast


def enter_badges(_cast: Cast, *, at: datetime) -> None:
    """Issue everybody's badge."""
    issue_badges(at=at)
