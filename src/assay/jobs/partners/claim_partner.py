"""Claim a partner that facts know: at once where the e-mail proves it, else staff decide."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from assay.core.addresses import is_everybodys
from assay.core.issues import Issue, Refused
from assay.core.notices.people import CLAIM_DECIDED, CLAIM_MADE, MEMBER_JOINED
from assay.core.profiles import domain_is_of_website
from assay.core.rights import Role
from assay.documents.mail_lists import shipped_lists
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.partners.edit_profile import leave_paths, path_of
from assay.store.models import Claim, Membership, Partner, Person
from assay.store.queries.people.people import confirmed_addresses

MOST_OPEN_CLAIMS = 3  # of one person


def claim_partner(slug: str, person: Person, *, evidence: str, at: datetime) -> Claim:
    """Claim a partner for a person; raises Refused where there is nothing to claim.

    Where nobody owns the partner and the person has a verified address at exactly the domain of
    its website, the claim is granted at once; else it waits for staff. Both are recorded, and
    staff and members are told.
    """
    with transaction.atomic():
        partner = Partner.objects.select_for_update().filter(slug=slug).first()
        if partner is None or partner.state == Partner.State.DRAFT:
            raise _refused("there is no such partner")
        if partner.memberships.filter(person=person).exists():
            raise _refused("you are in this partner already")
        already = partner.claims.filter(person=person, state=Claim.State.OPEN).first()
        if already is not None:
            return already
        if person.claims.filter(state=Claim.State.OPEN).count() >= MOST_OPEN_CLAIMS:
            raise _refused("you have three open claims; wait until one is decided")
        claim = Claim.objects.create(
            partner=partner, person=person, evidence=evidence, claimed_at=at
        )
        record(
            "claim_made",
            f"{person} claimed {partner}",
            at=at,
            by=person,
            partner=partner,
            target=f"claim:{claim.pk}",
        )
        domain = proving_domain(partner, person)
        if domain:
            _grant(claim, reason=f"Verified address at {domain}, the website's domain", at=at)
        else:
            _tell_of_claim(claim, at)
    return claim


def proving_domain(partner: Partner, person: Person) -> str:
    """Return the domain that proves at once that a partner is a person's; "" where none does."""
    if partner.state != Partner.State.KNOWN or partner.memberships.exists():
        return ""
    host = website_host(partner.website)
    if is_everybodys(host, shipped_lists()):
        return ""
    domains = sorted(email.rpartition("@")[2] for email in confirmed_addresses(person))
    return next((domain for domain in domains if domain_is_of_website(domain, host)), "")


def website_host(website: str) -> str:
    """Return the host of an address; "" where there is none."""
    try:
        return urlsplit(website).hostname or ""
    except ValueError:
        return ""


def _tell_of_claim(claim: Claim, at: datetime) -> None:
    words = f"{claim.person.email} says that {claim.partner} is theirs."
    tell(
        CLAIM_MADE,
        occasion=f"claim:{claim.pk}",
        subject=f"{claim.partner} is claimed",
        body=f"{words}\n\nDecide whether they may have it.",
        link="/staff/claims/",
        at=at,
    )
    owners = [
        seat.person
        for seat in claim.partner.memberships.filter(role=Role.OWNER).select_related("person")
    ]
    if owners:
        tell(
            MEMBER_JOINED,
            occasion=f"claim:{claim.pk}",
            subject=f"Somebody claims {claim.partner}",
            body=f"{words}\n\nThe program team decides. If you know them, invite them instead; "
            "if you do not, tell the program team.",
            at=at,
            partner=claim.partner,
            people=owners,
        )


def decide_claim(
    claim_id: int, *, granted: bool, reason: str, role: Role, by: Person, at: datetime
) -> Claim:
    """Grant or refuse a claim, with the reason; raises Refused where it is decided already."""
    with transaction.atomic():
        claim = (
            Claim.objects.select_for_update(of=("self",))
            .select_related("partner", "person")
            .get(pk=claim_id)
        )
        if claim.state != Claim.State.OPEN:
            raise _refused(f"this claim was {claim.state} already")
        if not reason.strip():
            raise _refused("say why", column="reason")
        if granted:
            _grant(claim, reason=reason, role=role, by=by, at=at)
        else:
            _decide(claim, Claim.State.REFUSED, reason=reason, by=by, at=at)
            record(
                "claim_refused",
                f"{by} refused {claim.person} the partner {claim.partner}",
                at=at,
                by=by,
                partner=claim.partner,
                target=f"claim:{claim.pk}",
                reason=reason,
            )
            tell(
                CLAIM_DECIDED,
                occasion=f"claim:{claim.pk}",
                subject=f"Your claim to {claim.partner} is refused",
                body=f"The reason: {reason}",
                link="/portal/claim/",
                at=at,
                people=[claim.person],
            )
    return claim


def _decide(
    claim: Claim, state: Claim.State, *, reason: str, by: Person | None, at: datetime
) -> None:
    claim.state, claim.reason, claim.decided_by, claim.decided_at = state, reason, by, at
    claim.save()


def _grant(
    claim: Claim,
    *,
    reason: str,
    at: datetime,
    role: Role = Role.OWNER,
    by: Person | None = None,
) -> None:
    """Give the person the partner, begin its path where the profile is not whole, and say so."""
    partner, person = claim.partner, claim.person
    _decide(claim, Claim.State.GRANTED, reason=reason, by=by, at=at)
    others = [seat.person for seat in partner.memberships.select_related("person")]
    Membership.objects.get_or_create(
        partner=partner, person=person, defaults={"role": role, "since": at}
    )
    _begin_path(partner, person, role)
    record(
        "claim_granted",
        f"{by or 'The verified address'} gave {person} the partner {partner} as {role}",
        at=at,
        by=by,
        partner=partner,
        target=f"claim:{claim.pk}",
        reason=reason,
        person=person.email,
    )
    _tell_granted(claim, role, others, at=at, at_once=by is None)


def _tell_granted(
    claim: Claim, role: Role, others: list[Person], *, at: datetime, at_once: bool
) -> None:
    """Tell the person, whoever is in the partner, and of a claim nobody decided the staff."""
    partner, person, reason = claim.partner, claim.person, claim.reason.rstrip(".")
    tell(
        CLAIM_DECIDED,
        occasion=f"claim:{claim.pk}",
        subject=f"{partner} is yours",
        body=f"You have access to {partner} as {role}. {reason}.",
        link=f"/portal/{partner.slug}/",
        at=at,
        people=[person],
    )
    if others:
        tell(
            MEMBER_JOINED,
            occasion=f"claim:{claim.pk}:granted",
            subject=f"{person.email} is now in {partner}",
            body=f"{person.email} claimed {partner} and has access as {role}. {reason}.",
            link=f"/portal/{partner.slug}/team/",
            at=at,
            partner=partner,
            people=others,
        )
    if at_once:
        tell(
            CLAIM_MADE,
            occasion=f"claim:{claim.pk}",
            subject=f"{partner} was claimed by a verified address",
            body=f"{person.email} has {partner} as {role}. {reason}.",
            link="/staff/claims/",
            at=at,
        )


def _begin_path(partner: Partner, person: Person, role: Role) -> None:
    """Put a new owner on the path to the partner's profile, in place of one of a new partner."""
    begun = path_of(person)
    elsewhere = begun is not None and begun.state == Partner.State.KNOWN
    if role is Role.OWNER and partner.state == Partner.State.KNOWN and not elsewhere:
        leave_paths(person)
        partner.begun_by = person
        partner.save(update_fields=["begun_by"])


def set_website(slug: str, website: str, *, by: Person, at: datetime) -> Partner:
    """Say which website a partner that nobody owns has: people of its domain may claim it.

    Raises Refused for partners with members, and for sites where anybody has an address.
    """
    with transaction.atomic():
        partner = Partner.objects.select_for_update().filter(slug=slug).first()
        if partner is None or partner.state != Partner.State.KNOWN:
            raise _refused("is not a partner that waits to be claimed", column="partner")
        if partner.memberships.exists():
            raise _refused("has members, who keep its website themselves", column="partner")
        host = website_host(website).removeprefix("www.").lower()
        if is_everybodys(host, shipped_lists()) or "." not in host or not host.isascii():
            raise _refused("is not a site whose addresses prove anything", column="website")
        partner.website = website
        partner.save(update_fields=["website"])
        record(
            "website_told",
            f"{by} told the website of {partner}: {website}",
            at=at,
            by=by,
            partner=partner,
        )
    return partner


def _refused(message: str, *, column: str | None = None) -> Refused:
    return Refused(Issue(file="claim", column=column, message=message))
