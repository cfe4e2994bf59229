"""Consent to being named among those that moved up, or take the consent back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.jobs.operations.events import record
from assay.store.models import Partner, Person


def announce_moves(partner_id: int, *, consents: bool, by: Person, at: datetime) -> None:
    """Set whether a partner's moves up may be announced; recorded where it changes."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        if partner.announce_moves == consents:
            return
        partner.announce_moves = consents
        partner.save(update_fields=["announce_moves"])
        said = "consents" if consents else "does not consent any more"
        record(
            "announcing_chosen",
            f"{by} {said} to being announced when it moves up",
            at=at,
            by=by,
            partner=partner,
            consents=consents,
        )
