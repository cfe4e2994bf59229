from __future__ import annotations

import pytest

from assay.core.rights import StaffRole
from tests.jobs.reviews.lives import staff
from tests.three_years import write_installation
from tests.untraced import untraced


@pytest.fixture(scope="session")
def three_years(tmp_path_factory):
    """The installation whose ledger holds three years of a small marketplace."""
    return write_installation(tmp_path_factory.mktemp("three-years"))


@pytest.fixture(scope="session")
def three_years_of_demo(tmp_path_factory):
    """The same among the 300 partners of the demo's marketplace."""
    with untraced():
        return write_installation(tmp_path_factory.mktemp("three-years-of-demo"), crowd=True)


@pytest.fixture
def ann():
    return staff("ann")


@pytest.fixture
def ben():
    return staff("ben", StaffRole.FINANCE)
