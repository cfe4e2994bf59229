"""What tests of access and free tools start from: a partner that is public and has a paid app."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django.conf import settings

from assay.store.models import App, Decision, Grant, Listing, Mail, Partner, Review

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
ASKER = "ann@acme-tools.com"


def active(partner: Partner) -> Partner:
    """Let a partner be one that the public pages show, once it has an app."""
    Partner.objects.filter(pk=partner.pk).update(state=Partner.State.ACTIVE)
    return partner


def paid_app(partner: Partner, *, public: bool = True, payment: str = "platform") -> Listing:
    """List an app of a partner for the cloud."""
    app = App.objects.create(
        partner=partner,
        key=f"{partner.key}.app",
        slug=f"{partner.slug}-app",
        name=f"{partner.name} App",
        public=public,
        state=App.State.LISTED,
        created_at=AT,
        changed_at=AT,
    )
    return Listing.objects.create(app=app, hosting="cloud", payment=payment)


def decided(
    partner: Partner, tier: str = "partner", *, credited: bool = False, until: date | None = None
) -> Decision:
    """Let a review have given a partner a tier; `credited` lets it hold the tier, until a day."""
    review, _ = Review.objects.get_or_create(
        kind=Review.Kind.REVIEW,
        on=AT.date(),
        defaults={
            "program": settings.PROGRAM,
            "program_digest": "p",
            "facts_digest": "f",
            "cut_off": AT.date(),
            "known_at": AT,
            "closed_at": AT,
            "made_at": AT,
            "state": Review.State.CLOSED,
        },
    )
    made = Decision.objects.create(review=review, partner=partner, tier=tier, explanation="{}")
    if credited:
        Grant.objects.create(
            partner=partner,
            tier=tier,
            rank=1,
            since_on=AT.date(),
            until_on=until,
            decision=made,
            cause=Grant.Cause.REVIEW,
            reviewed_on=AT.date(),
            made_at=AT,
        )
    return made


def secret_in(mail: Mail) -> str:
    """Return the secret of the link to a request in a mail."""
    return re.search(r"/access/([^/\s]+)/", mail.text)[1]
