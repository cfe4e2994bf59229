"""Access and free tools: a request, its link, a domain, a code to end."""

from __future__ import annotations

from datetime import UTC, datetime

from assay.jobs.people.one_time import digest_of
from assay.store.models import AccessRequest, MailDomain, ToolKey

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
SECRET = "the-secret-of-a-request-for-access"  # noqa: S105 - of a made-up person


def values(world):
    """Make a request that waits, a domain and a code."""
    support = world.people["staff support"]
    asked = AccessRequest.objects.create(
        email="ann@corp.example",
        name="Ann",
        partner=world.acme,
        why="W",
        state=AccessRequest.State.OPEN,
        asked_at=AT,
        confirmed_at=AT,
    )
    asked.links.create(digest=digest_of(SECRET), made_at=AT)
    domain = MailDomain.objects.create(
        domain="corp.example", allowed=True, reason="R", by=support, at=AT
    )
    key = ToolKey.objects.create(
        tool="code_hosting",
        kind=ToolKey.Kind.CODE,
        sealed="",
        digest="0" * 64,
        ending="0000",
        loaded_at=AT,
        loaded_by=support,
    )
    pages = ("request", "back", "refuse", "grant")
    return {
        **{f"staff_access_{page}.number": asked.pk for page in pages},
        "tool": "code_hosting",
        "access_request.secret": SECRET,
        "staff_domain_drop.number": domain.pk,
        "staff_tool_ended.number": key.pk,
    }
