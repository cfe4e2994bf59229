"""The installation that tests run in: a folder of its own with an embedded PostgreSQL.

Loaded before Django's settings are; the workers of one run share the server, and each has a
database of its own. The folder is gone when the run is.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["ASSAY_DIR"] = tempfile.mkdtemp(prefix="assay-tests-")
    os.environ.pop("DATABASE_URL", None)
    atexit.register(shutil.rmtree, os.environ["ASSAY_DIR"], ignore_errors=True)
