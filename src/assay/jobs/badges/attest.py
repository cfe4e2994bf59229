"""Write and sign what a badge says."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from joserfc.jwk import OKPKey

from assay.core.credentials import (
    REVOCATION,
    SUSPENSION,
    Achieved,
    Attested,
    credential,
    signed_credential,
)
from assay.core.program import Program
from assay.jobs.badges.addresses import badge_url, issuer, list_url, picture_url
from assay.store.models import Badge
from assay.words.badge_words import badge_name, criteria_words, description_words


def attest(badge: Badge, program: Program, key: OKPKey) -> str:
    """Return a badge's signed credential: of the partner, its tier, from when, until when.

    Nothing of the partner but its name and its public page is in it.
    """
    by = issuer()
    attested = Attested(
        url=badge_url(badge.number),
        name=badge_name(badge.words, badge.since_on),
        subject_url=f"{settings.BASE_URL}/partners/{badge.partner.slug}/",
        subject_name=badge.partner.name,
        achieved=_achieved(badge, program),
        valid_from=begins_at(badge.since_on, program),
        valid_until=begins_at(badge.until_on, program),
        revocations_url=list_url(REVOCATION, badge.list_number),
        suspensions_url=list_url(SUSPENSION, badge.list_number),
        place=badge.place,
    )
    return signed_credential(credential(attested, by), key, by)


def begins_at(day: date, program: Program) -> datetime:
    """Return the moment a day begins where the program's days begin and end."""
    return datetime.combine(day, time(), ZoneInfo(program.time_zone))


def _achieved(badge: Badge, program: Program) -> Achieved:
    return Achieved(
        url=f"{settings.BASE_URL}/program/{program.version}/#tier-{badge.tier}",
        name=badge.words,
        version=program.version,
        description=description_words(program, badge.tier),
        criteria=criteria_words(program, badge.tier),
        image=picture_url(badge.number, "png"),
    )
