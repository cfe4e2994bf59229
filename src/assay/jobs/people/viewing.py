"""Staff view the portal as a partner sees it: when they begin and stop, and every page."""

from __future__ import annotations

from datetime import datetime

from assay.core.issues import Issue, Refused
from assay.jobs.operations.events import record
from assay.store.models import Partner, Person
from assay.store.queries.people.seats import Seat

MOST_OF_A_REASON = 300


def begin_viewing(person: Person, slug: str, *, reason: str, at: datetime) -> str:
    """Begin to view as the partner of an address, for a reason; return the partner's name.

    Raises Refused without a reason or a partner.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_OF_A_REASON:
        raise Refused(
            Issue(
                file="viewing",
                message="Say why you look, in at most 300 characters.",
                hint="The reason stands in the record.",
            )
        )
    partner = Partner.objects.filter(slug=slug).first()
    if partner is None:
        raise Refused(Issue(file="viewing", value=slug, message="There is no such partner."))
    words = f"{person} began to view the portal as {partner}: {reason}"[:400]
    record(
        "viewing_began", words, at=at, by=person, partner=partner, as_partner=True, reason=reason
    )
    return partner.name


def record_view(person: Person, seat: Seat, path: str, *, at: datetime) -> None:
    """Record one page that staff opened while they view as a partner."""
    record(
        "page_viewed",
        f"{person} opened {path} as {seat.name}"[:400],
        at=at,
        by=person,
        partner=Partner(pk=seat.partner_id),
        target=f"page:{path}"[:200],
        as_partner=True,
    )


def stop_viewing(person: Person, slug: str, *, at: datetime) -> None:
    """Record that somebody stopped viewing as a partner."""
    partner = Partner.objects.filter(slug=slug).first()
    if partner is not None:
        record(
            "viewing_stopped",
            f"{person} stopped viewing the portal as {partner}",
            at=at,
            by=person,
            partner=partner,
            as_partner=True,
        )
