"""What coverage need not trace: a crowd takes the ways that a few partners take."""

from __future__ import annotations

import os
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


@contextmanager
def untraced_processes():
    """Start processes that trace nothing, nor do those that they start."""
    config = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    try:
        yield
    finally:
        if config is not None:
            os.environ["COVERAGE_PROCESS_CONFIG"] = config
