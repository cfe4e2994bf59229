from __future__ import annotations

import pytest

from tests.three_years import write_installation


@pytest.fixture(scope="session")
def three_years(tmp_path_factory):
    """The installation whose ledger holds three years of a small marketplace."""
    return write_installation(tmp_path_factory.mktemp("three-years"))


@pytest.fixture(scope="session")
def three_years_of_demo(tmp_path_factory):
    """The same among the 300 partners of the demo's marketplace."""
    return write_installation(tmp_path_factory.mktemp("three-years-of-demo"), crowd=True)
