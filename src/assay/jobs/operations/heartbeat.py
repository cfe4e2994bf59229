"""Say that a part of the installation is alive."""

from __future__ import annotations

from datetime import datetime

from assay.store.models import Heartbeat


def beat(part: str, *, at: datetime, words: str = "") -> None:
    """Remember that `part` was alive, or done, at a moment."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": at, "words": words})
