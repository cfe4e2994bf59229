"""The operator's own lists of mail domains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.store.models import MailDomain


@dataclass(frozen=True, kw_only=True)
class DomainLine:
    """A domain on the operator's list, by whom, when and why."""

    number: int
    domain: str
    allowed: bool
    reason: str
    by: str
    at: datetime


def own_domains() -> dict[str, bool]:
    """Return the operator's domains, each with whether it is allowed."""
    return dict(MailDomain.objects.values_list("domain", "allowed"))


def domain_lines() -> tuple[DomainLine, ...]:
    """Return the operator's domains by name."""
    return tuple(
        DomainLine(
            number=row.pk,
            domain=row.domain,
            allowed=row.allowed,
            reason=row.reason,
            by=str(row.by),
            at=row.at,
        )
        for row in MailDomain.objects.select_related("by")
    )
