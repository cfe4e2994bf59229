"""What tests of several topics share: an installation whose ledger holds a few partners."""

from __future__ import annotations

import shutil

import pytest

from assay.gateways.installation import Installation
from tests.portal.reviewed import write_ledger


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_ledger(tmp_path_factory.mktemp("written"))


@pytest.fixture
def ledger(tmp_path, settings, written):
    shutil.copytree(written / "ledger", tmp_path / "ledger")
    settings.INSTALLATION = Installation.at(tmp_path)
    return settings.INSTALLATION.ledger
