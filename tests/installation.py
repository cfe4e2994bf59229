"""The installation that tests run in: a folder of its own with an embedded PostgreSQL.

Loaded before Django's settings are; the workers of one run share the server, and each has a
database of its own.
"""

from __future__ import annotations

import os
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["ASSAY_DIR"] = tempfile.mkdtemp(prefix="assay-tests-")
    os.environ.pop("DATABASE_URL", None)
