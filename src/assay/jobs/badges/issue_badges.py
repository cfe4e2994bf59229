"""Issue the badges of the tiers that are credited, and revoke those of tiers that no longer are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from assay.core.badges import badge_words, held_until
from assay.core.events import Act
from assay.core.program import Program
from assay.core.status_lists import PLACES
from assay.gateways.keys import Keys
from assay.jobs.badges.addresses import issuer
from assay.jobs.badges.attest import attest
from assay.jobs.operations.events import record_all
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.programs.programs import program_of
from assay.store.models import Badge, Grant
from assay.store.queries.reviews.credited import in_force
from assay.words.badge_words import badge_name, revoked_words

_LOCK = 0x42414447  # one run at a time
_MOST_IN_A_LIST = 100_000  # so that a free place is found at once


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What a run did: badges issued and revoked."""

    issued: int
    revoked: int


def issue_badges(*, at: datetime) -> Issued:
    """Bring badges to the grants in force at a moment; run again, nothing is new.

    Who holds a tier with a badge has one of it. A badge of another tier than the one held is
    revoked, whether the partner fell or rose; one of the same tier is left to run out. Badges in
    the name of an address that these pages had before are revoked and issued anew.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        day = at.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()
        held = {
            grant.partner_id: grant
            for grant in in_force(day).select_related("partner", "decision__review")
        }
        revoked = _revoke(held, day, at)
        return Issued(issued=_issue(held, day, at), revoked=revoked)


def _revoke(held: Mapping[int, Grant], day: date, at: datetime) -> int:
    revoked = []
    for badge in Badge.objects.filter(revoked_at=None, until_on__gt=day):
        why = _why(badge, held.get(badge.partner_id))
        if why:
            badge.revoked_at, badge.revoked_why = at, why
            revoked.append(badge)
    Badge.objects.bulk_update(revoked, ["revoked_at", "revoked_why"])
    record_all(
        _act("badge_revoked", badge, f"Revoked the badge {badge.words}. {badge.revoked_why}", at)
        for badge in revoked
    )
    return len(revoked)


def _why(badge: Badge, grant: Grant | None) -> str:
    """Say why a badge is revoked; "" where it is not."""
    if badge.issuer != issuer().did:
        return f"Issued anew: the program's pages have moved to {settings.BASE_URL}/."
    if _tier(grant) == badge.tier:
        return ""
    return revoked_words(
        program_labelled(settings.PROGRAM, badge.program),
        badge.tier,
        _tier(grant),
        since_on=grant.since_on if grant else None,
        reviewed_on=grant.reviewed_on if grant else None,
    )


def _issue(held: Mapping[int, Grant], day: date, at: datetime) -> int:
    ours = Badge.objects.filter(until_on__gt=day, issuer=issuer().did)
    there = {*ours.values_list("grant", "until_on")}
    wanted = []
    for grant in held.values():
        program = program_labelled(settings.PROGRAM, grant.decision.review.program)
        until_on = held_until(program, grant.since_on, grant.until_on, on=day)
        if badge_words(program, grant.tier) and (grant.pk, until_on) not in there:
            wanted.append((grant, program, until_on))
    if not wanted:
        return 0
    number = 1 + Badge.objects.count() // _MOST_IN_A_LIST
    taken = {*Badge.objects.filter(list_number=number).values_list("place", flat=True)}
    key = Keys.of(settings.INSTALLATION).current()
    issued = []
    for grant, program, until_on in wanted:
        badge = _badge(grant, program, until_on, at)
        badge.list_number, badge.place = number, _free(taken)
        badge.token = attest(badge, program, key)
        issued.append(badge)
    Badge.objects.bulk_create(issued)
    record_all(
        _act(
            "badge_issued", badge, f"Issued the badge {badge_name(badge.words, badge.since_on)}", at
        )
        for badge in issued
    )
    return len(issued)


def _act(act: str, badge: Badge, words: str, at: datetime) -> Act:
    target = f"badge:{badge.number}"
    return Act(at=at, partner=badge.partner_id, act=act, target=target, words=words)


def _free(taken: set[int]) -> int:
    """Take a place at random: which it is tells nothing of when the badge was issued."""
    place = secrets.randbelow(PLACES)
    while place in taken:
        place = secrets.randbelow(PLACES)
    taken.add(place)
    return place


def _tier(grant: Grant | None) -> str:
    return grant.tier if grant else "none"


def _badge(grant: Grant, program: Program, until_on: date, at: datetime) -> Badge:
    return Badge(
        number=secrets.token_hex(8),
        partner=grant.partner,
        grant=grant,
        issuer=issuer().did,
        program=program.label,
        tier=grant.tier,
        words=badge_words(program, grant.tier),
        since_on=grant.since_on,
        until_on=until_on,
        issued_at=at,
    )
