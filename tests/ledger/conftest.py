import pytest

from assay.ledger.ledger import Ledger
from tests.ledger.sales import MARKETPLACE


@pytest.fixture
def ledger(tmp_path):
    return Ledger.create(tmp_path / "ledger", vocabulary=MARKETPLACE)
