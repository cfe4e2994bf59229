"""The clock of the worker."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
