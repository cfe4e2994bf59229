"""What coverage need not trace: a crowd takes the ways that a few partners take."""

from __future__ import annotations

import sys
from contextlib import contextmanager


@contextmanager
def untraced():
    """Do at full speed what other tests do, traced, for a few."""
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracing)
