"""Compare what pandas and Polars decide with what Assay decides, partner by partner."""

from pathlib import Path

import polars as pl

from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from tests.bench import PROGRAM, REVIEW_ON, checked_in_polars, in_pandas, in_polars


def same_decisions(*, folder):
    """Tell how many tiers and outcomes are compared; stops where one is not the same."""
    reviewed = review_facts(PROGRAM, Source(folder=Path(folder)), on=REVIEW_ON)
    ours = pl.from_arrow(reviewed.done.judged).sort("partner_id")
    for name, found in (
        ("pandas", pl.from_pandas(in_pandas.review(folder))),
        ("Polars", in_polars.review(folder)),
        ("Polars, facts checked", checked_in_polars.review(folder)),
    ):
        theirs = found.select(sorted(found.columns)).sort("partner_id")
        if not theirs.equals(ours.select(theirs.columns)):
            raise SystemExit(f"{name} decides something else")
    return {"compared": theirs.height * (theirs.width - 1)}
