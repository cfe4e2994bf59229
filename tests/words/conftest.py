"""A few partners explained and reviewed for 1 July 2025, by the real engine."""

from datetime import date

import pytest

from assay.jobs.reviews.explain import explain_decision
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from tests.few_partners import PROGRAM, write_facts

ON = date(2025, 7, 1)


@pytest.fixture(scope="session")
def facts(tmp_path_factory):
    return write_facts(tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="session")
def explained(facts):
    """Explain a partner: program and explanation."""

    def explain(partner, *, rows=True):
        return explain_decision(PROGRAM, Source(folder=facts), partner, on=ON, rows=rows)

    return explain


@pytest.fixture(scope="session")
def summarised(facts):
    """Review everybody: program and summary."""

    def review(*, before=True, source=facts):
        reviewed = review_facts(
            PROGRAM,
            Source(folder=source),
            on=ON,
            summarised=True,
            before=facts.parent / "before.csv" if before else None,
        )
        return reviewed.done.program, reviewed.summary

    return review
