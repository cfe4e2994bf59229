"""Tests that share something dear run in one worker: a served demo, a cluster, three years."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "tests/journeys/": "a served demo",
    "tests/portal/test_every_address.py": "every address",
    "tests/portal/test_object_swap.py": "every address",
    "tests/portal/test_forged_fields.py": "every address",
    "tests/portal/test_naughty_fields.py": "every address",
    "tests/engine/test_spark.py": "a cluster",
    "tests/site/test_installation.py": "an installation",
    "tests/jobs/test_demo.py": "a made-up marketplace",
    "tests/jobs/reviews/test_three_years.py": "three years",
    "tests/jobs/reviews/kills/": "kills of a year",
}


class Sharing(LoadScopeScheduling):
    """Every test for itself but for the groups, of which the largest begin first.

    Groups are told by path: the mark that pytest-xdist has for this goes unheard since pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((group for path, group in GROUPS.items() if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give the workers of one run their tests."""
    return Sharing(config, log)
