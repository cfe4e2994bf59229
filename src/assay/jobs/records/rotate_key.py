"""Sign with a new key from now on."""

from __future__ import annotations

from datetime import datetime

from assay.gateways.installation import Installation
from assay.gateways.keys import Jwk, Keys
from assay.jobs.operations.events import record


def rotate_key(installation: Installation, *, at: datetime) -> Jwk:
    """Make a new key that signs, keep the former as public, and record it; return the new one."""
    key = Keys.of(installation).rotate()
    record(
        "key_rotated",
        f"A new key signs from now on: {key['kid']}",
        at=at,
        target=f"key:{key['kid']}",
    )
    return key
