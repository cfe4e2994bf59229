"""Assay: decide, explain and run a marketplace partner program.

As a library::

    reviewed = assay.review("atlassian-marketplace@2024-06-13", "facts", on=date(2025, 7, 1))
    reviewed.decisions  # a pyarrow.Table: partner_id, tier
    reviewed.findings  # a pyarrow.Table: partner_id, tier, requirement, outcome, measured
"""

from __future__ import annotations

from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from assay.core.issues import Issue, Refused

if TYPE_CHECKING:
    from assay.engine.reviews import Review

__all__ = ["Issue", "Refused", "Review", "review"]


def review(
    program: str | PathLike[str],
    facts: str | PathLike[str],
    *,
    on: date,
    engine: str = "duckdb",
    strict: bool = False,
) -> Review:
    """Review the facts folder `facts` with `program`, a path or `NAME@VERSION`, on day `on`.

    `engine` is `duckdb`, `spark://HOST:PORT` or `sc://HOST:PORT`; the outcome is the same.
    Raises Refused with every fault of the program or the facts.
    """
    from assay.jobs.reviews.facts import Source
    from assay.jobs.reviews.review import review_facts

    source = Source(folder=Path(facts))
    return review_facts(str(program), source, on=on, engine=engine, strict=strict).done


def __getattr__(name: str) -> object:
    """Import `Review` where somebody asks for it: with it comes everything that computes one."""
    if name != "Review":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from assay.engine.reviews import Review

    return Review
