from __future__ import annotations

import shutil

import pytest

from assay.core.rights import StaffRole
from assay.gateways.installation import Installation
from tests.jobs.reviews.lives import staff
from tests.portal.reviewed import write_ledger
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


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_ledger(tmp_path_factory.mktemp("written"))


@pytest.fixture
def ledger(tmp_path, settings, written):
    shutil.copytree(written / "ledger", tmp_path / "ledger")
    settings.INSTALLATION = Installation.at(tmp_path)
    return settings.INSTALLATION.ledger


@pytest.fixture
def ann():
    return staff("ann")


@pytest.fixture
def ben():
    return staff("ben", StaffRole.FINANCE)
