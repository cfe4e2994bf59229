"""Receive a file that staff send: it lies under a name of ours, and the worker will read it."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from assay.jobs.imports.uploads import hand_over, path_of
from assay.jobs.operations.events import record
from assay.ledger.disk import sync_file
from assay.store.models import Person, Upload

LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the sender says of a file: who made it, whose report it is, the day it shows."""

    source: str
    partner_key: str = ""
    as_of: date | None = None


def receive_upload(path: Path, name: str, said: Said, *, by: Person, at: datetime) -> Upload:
    """Take over the file at `path`, called `name` by its sender; on disk when this returns."""
    ours = secrets.token_hex(16)
    size = path.stat().st_size
    path.replace(path_of(ours))
    sync_file(path_of(ours))
    sync_file(path_of(ours).parent)
    with transaction.atomic():
        upload = Upload.objects.create(
            name=harmless(name),
            file=ours,
            size=size,
            source=said.source,
            partner_key=said.partner_key,
            as_of=said.as_of,
            by=by,
            uploaded_at=at,
            changed_at=at,
        )
        record(
            "upload_received",
            f"{by} sent {upload.name}",
            at=at,
            by=by,
            target=f"upload:{upload.pk}",
            source=said.source,
            size=size,
        )
        hand_over(upload)
    return upload


def harmless(name: str) -> str:
    """Return a file's name without folders and characters that are not seen, shortened."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    if len(seen) > LONGEST_NAME:
        half = LONGEST_NAME // 2
        seen = f"{seen[: half - 1]}…{seen[-half:]}"
    return seen or "file"
