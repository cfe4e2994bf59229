"""Attached files on their way out."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from assay.jobs.content.attach import attachments
from assay.store.models import AppealFile, Attachment, EscalationFile, EvidenceFile


def streamed(
    attached: AppealFile | Attachment | EscalationFile | EvidenceFile | None,
) -> HttpResponseBase:
    """Answer with a file as a download; it is never shown within a page."""
    content = None if attached is None else attachments().open(attached.file)
    if attached is None or content is None:
        raise Http404
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=attached.name,
        content_type=attached.media_type,
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
