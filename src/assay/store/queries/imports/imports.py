"""Imports: the files that staff sent in, and where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assay.store.models import Partner, Upload

MOVING = (Upload.State.READING, Upload.State.COMMITTING, Upload.State.UNDOING)
_MOST_SOURCES = 8


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the worker is with a file: rows read, about how many there are, rows a second."""

    stage: str
    rows: int
    expected: int
    share: int | None  # percent
    per_second: int | None


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that was sent, as pages show it; `by` and the like are names of people.

    `partner` is the public name of `partner_key`, empty where nobody of this key is known.
    """

    id: int
    name: str
    file: str
    size: int
    source: str
    partner_key: str
    partner: str
    as_of: date | None
    state: str
    kind: str
    rows: int
    new: int
    same: int
    restated: int
    refused: int
    batch: int | None
    undo_batch: int | None
    rejected_file: str
    trouble: list[dict[str, Any]]
    preview: dict[str, Any]
    report: dict[str, Any]
    undo_report: dict[str, Any]
    progress: Progress
    by: str
    uploaded_at: datetime
    committed_by: str
    committed_at: datetime | None
    undone_by: str
    undone_at: datetime | None
    undone_why: str

    @property
    def moving(self) -> bool:
        """Whether the worker is at it, or will be."""
        return self.state in MOVING

    @property
    def unknown(self) -> list[dict[str, Any]]:
        """What rows name that is not known: as imported, else as previewed."""
        told = self.report or self.preview
        found: list[dict[str, Any]] = told.get("unresolved", [])
        return found


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A row of the list of files."""

    id: int
    name: str
    source: str
    kind: str
    by: str
    uploaded_at: datetime
    state: str
    rows: int
    new: int
    same: int
    restated: int
    refused: int
    batch: int | None


def files_sent() -> tuple[FileRow, ...]:
    """Return every file that was sent, the newest first."""
    names = [name for name in FileRow.__dataclass_fields__ if name != "by"]
    found = Upload.objects.values(*names, "by__name", "by__email")
    return tuple(
        FileRow(by=row.pop("by__name") or row.pop("by__email"), **{n: row[n] for n in names})
        for row in found
    )


def file_sent(pk: int) -> SentFile | None:
    """Return one file that was sent, None where there is none."""
    people = ("by", "committed_by", "undone_by")
    upload = Upload.objects.select_related(*people).filter(pk=pk).first()
    if upload is None:
        return None
    same = set(SentFile.__dataclass_fields__) - {"id", "partner", "progress", *people}
    told: dict[str, Any] = {name: getattr(upload, name) for name in same}
    told |= {name: str(getattr(upload, name) or "") for name in people}
    return SentFile(
        id=upload.pk,
        partner=_partner_name(upload.partner_key),
        progress=_progress(upload),
        **told,
    )


def uploads_by_batch() -> dict[int, int]:
    """Return which file each batch of the ledger came with."""
    return {
        batch: pk
        for pk, batch, report in Upload.objects.exclude(batch=None).values_list(
            "pk", "batch", "report__ours"
        )
        if report and batch is not None
    }


def sources_used() -> tuple[str, ...]:
    """Return the sources that files came from, the most recent first."""
    found = Upload.objects.values_list("source", flat=True)[:200]
    return tuple(dict.fromkeys(found))[:_MOST_SOURCES]


def waiting_files() -> int:
    """Return how many files wait for a decision."""
    return Upload.objects.filter(state=Upload.State.READY).count()


def partner_key_of(said: str) -> str:
    """Return the key of the partner named by key, slug or name; else what was said."""
    for field in ("key", "slug", "name__iexact"):
        found = list(Partner.objects.filter(**{field: said}).values_list("key", flat=True)[:2])
        if len(found) == 1:
            return found[0]
    return said


def _partner_name(key: str) -> str:
    if not key:
        return ""
    return Partner.objects.filter(key=key).values_list("name", flat=True).first() or ""


def _progress(upload: Upload) -> Progress:
    seconds = (upload.changed_at - upload.started_at).total_seconds() if upload.started_at else 0.0
    share = min(99, 100 * upload.done // upload.total) if upload.total else None
    return Progress(
        stage=upload.stage,
        rows=upload.done,
        expected=upload.total,
        share=share,
        per_second=round(upload.done / seconds) if seconds >= 1 and upload.done else None,
    )
