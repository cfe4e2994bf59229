"""What tests of several topics share: an installation whose ledger holds a few partners."""

from __future__ import annotations

from tests.portal.reviewed import ledger as ledger  # noqa: PLC0414 - a fixture
from tests.portal.reviewed import written as written  # noqa: PLC0414 - a fixture
