"""What coverage need not trace: a crowd takes the ways that a few partners take."""

from __future__ import annotations

from contextlib import contextmanager

from coverage import Coverage


@contextmanager
def untraced():
    """Do at full speed what other tests do, traced, for a few."""
    tracing = Coverage.current()
    if tracing:
        tracing.stop()
    try:
        yield
    finally:
        if tracing:
            tracing.start()
