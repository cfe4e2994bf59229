"""Claims to partners, as staff decide them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.store.models import App, Claim, Partner
from assay.store.queries.people.people import confirmed_addresses


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """A claim: whose, to what, on which evidence, and what became of it."""

    claim_id: int
    partner: str
    partner_slug: str
    partner_key: str
    website: str
    members: int
    person: str
    addresses: tuple[str, ...]
    evidence: str
    state: str
    claimed_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


def claims(state: str = "") -> tuple[ClaimLine, ...]:
    """Return claims, open ones and the longest waiting first."""
    rows = Claim.objects.select_related("partner", "person", "decided_by").prefetch_related(
        "partner__memberships"
    )
    if state:
        rows = rows.filter(state=state)
    lines = [_line(row) for row in rows.order_by("claimed_at")]
    return tuple(sorted(lines, key=lambda line: line.state != Claim.State.OPEN))


def claim(claim_id: int) -> ClaimLine | None:
    """Return one claim; None where there is none."""
    found = Claim.objects.select_related("partner", "person", "decided_by").filter(pk=claim_id)
    row = found.first()
    return None if row is None else _line(row, addresses=True)


def _line(row: Claim, *, addresses: bool = False) -> ClaimLine:
    return ClaimLine(
        claim_id=row.pk,
        partner=row.partner.name,
        partner_slug=row.partner.slug,
        partner_key=row.partner.key,
        website=row.partner.website,
        members=len(row.partner.memberships.all()),
        person=row.person.email,
        addresses=tuple(sorted(confirmed_addresses(row.person))) if addresses else (),
        evidence=row.evidence,
        state=row.state,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
        decided_by=str(row.decided_by) if row.decided_by else "",
        reason=row.reason,
    )


def apps_named(slug: str) -> tuple[str, ...]:
    """Return the names of a partner's apps, at most ten."""
    partner = Partner.objects.get(slug=slug)
    return tuple(App.objects.filter(partner=partner).values_list("name", flat=True)[:10])
