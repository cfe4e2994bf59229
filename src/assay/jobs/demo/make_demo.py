"""Make a demo installation: a made-up marketplace, its reviews, and people to sign in as."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from assay.core.rights import Role, StaffRole
from assay.gateways.installation import Installation
from assay.jobs.demo.announcements import write_announcements
from assay.jobs.demo.cast import DOMAIN, cast
from assay.jobs.demo.enter_demo import enter_demo
from assay.jobs.demo.partners import Partner as MadeUp
from assay.jobs.demo.run_demo import DemoRun, run_demo
from assay.jobs.notices.tell_changes import tell_changes
from assay.jobs.people.sign_in_links import make_link
from assay.jobs.programs.program_versions import next_review
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.close_review import close_review, may_close_on
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.jobs.reviews.run_calendar import assess_now
from assay.store.models import Decision, Membership, Partner, Person, Review


@dataclass(frozen=True, kw_only=True)
class Persona:
    """Someone to sign in as: a role, the partner's slug (None: no partner), a one-time link."""

    persona: str
    role: str | None
    email: str
    partner: str | None
    sign_in_url: str


_STAFF = {
    "staff-manager": StaffRole.PROGRAM_MANAGER,
    "staff-support": StaffRole.SUPPORT,
    "staff-finance": StaffRole.FINANCE,
    "staff-security": StaffRole.SECURITY,
    "staff-auditor": StaffRole.AUDITOR,
    "staff-administrator": StaffRole.ADMINISTRATOR,
}
_AT_RISK = "at risk this year"
_MEMBERS = {  # persona: the story of its partner, and the role in it
    "owner-safe": ("Gold", Role.OWNER),
    "owner-at-risk": (_AT_RISK, Role.OWNER),
    "owner-promoted": ("to Gold", Role.OWNER),
    "owner-platinum": ("Platinum", Role.OWNER),
    "finance-member": ("Gold", Role.FINANCE),
    "support-member": ("Gold", Role.SUPPORT),
    "viewer-member": ("Gold", Role.VIEWER),
}


def make_demo(
    reference: str,
    installation: Installation,
    *,
    at: datetime,
    on_step: Callable[[str, int, int], None] = lambda *_: None,
) -> DemoRun:
    """Make the marketplace of a demo installation, as of the moment `at`.

    Raises Refused as importing and reviewing do.
    """
    installation.mark(demo=True)
    run = run_demo(reference, installation.folder, at=at, on_step=on_step)
    source = Source(ledger=installation.ledger)
    reviews = []
    for done, day in enumerate(run.demo.reviews):
        on_step("Recording decisions", done, 3)
        reviews.append(record_review(reference, source, on=day, kind=Review.Kind.REVIEW, at=at))
    _close(reviews[0], at=at)
    on_step("Recording decisions", 2, 3)
    standing = record_review(reference, source, on=at.date(), kind=Review.Kind.STANDING, at=at)
    _seat_people(run.demo.partners, at=at)
    _close(reviews[-1], at=at)  # now there are people to tell
    program = program_of(reference)
    tell_changes(standing, program, at=at)
    enter_demo(cast(), at=at)
    record_review(reference, source, on=at.date(), kind=Review.Kind.STANDING, at=at)
    assess_now(installation.ledger, at=at, by=cast().people["staff-manager"])
    on_step("Recording decisions", 3, 3)
    coming = next_review(program, at.date()).on
    write_announcements(program, review=run.demo.reviews[-1], coming=coming, at=at)
    installation.mark(made_at=at.isoformat())
    return run


def _close(review: Review, *, at: datetime) -> None:
    """Close a review whose settling days are over; its tiers count from their end on."""
    days = settings.REVIEW_SETTLING_DAYS
    first = may_close_on(review, days)
    if first <= at.date():
        close_review(review.pk, by=None, at=at, settling_days=days, effective_on=first)


def _seat_people(made_up: Iterable[MadeUp], *, at: datetime) -> None:
    """Give the personas their accounts and seats.

    Who is at risk holds a tier that today's facts would not give, if there is such a partner.
    """
    first: dict[str, str] = {}
    for told in made_up:
        first.setdefault(told.story.title, told.id)
    first[_AT_RISK] = _first_at_risk() or first[_AT_RISK]
    with transaction.atomic():
        for name, staff_role in _STAFF.items():
            _person(name, at, staff_role=staff_role)
        for name, (story, role) in _MEMBERS.items():
            partner = Partner.objects.get(key=first[story])
            Partner.objects.filter(pk=partner.pk).update(**_whole_profile(partner, at))
            Membership.objects.get_or_create(
                partner=partner, person=_person(name, at), defaults={"role": role, "since": at}
            )
        _person("newcomer", at)


def _whole_profile(partner: Partner, at: datetime) -> dict[str, object]:
    """Say of a partner what facts do not tell, as its owner would have."""
    return {
        "state": Partner.State.ACTIVE,
        "legal_name": f"{partner.name} Ltd",
        "street": "1 Made-up Street",
        "city": "Demo Town",
        "country": partner.country or "DE",
        "time_zone": partner.time_zone or "Europe/Berlin",
        "website": f"https://{partner.slug}.example/",
        "support_email": f"support@{partner.slug}.example",
        "support_hours": "Monday to Friday, 9:00 to 17:00",
        "description": f"**{partner.name}** makes made-up apps for teams that try the program out.",
        "agreement_version": settings.AGREEMENT_VERSION,
        "agreed_at": at,
    }


def _first_at_risk() -> str | None:
    """Return the first partner whose tier of the newest review today's facts would not give."""
    standing, review = (
        Review.objects.filter(kind=kind).first()
        for kind in (Review.Kind.STANDING, Review.Kind.REVIEW)
    )
    performing = dict(Decision.objects.filter(review=standing).values_list("partner_id", "tier"))
    credited = (
        Decision.objects.filter(review=review)
        .exclude(tier__in=("none", "partner"))
        .order_by("partner__key")
        .values_list("partner_id", "partner__key", "tier")
    )
    lost = (key for pk, key, _ in credited if performing.get(pk) in ("none", "partner"))
    return next(lost, None)


def _person(persona: str, at: datetime, staff_role: str = "") -> Person:
    email = f"{persona}@{DOMAIN}"
    found = Person.objects.filter(email=email).first()
    if found is not None:
        return found
    person = Person.objects.create_user(
        email, name=persona.replace("-", " ").capitalize(), joined_at=at, staff_role=staff_role
    )
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def write_personas(path: Path, *, base_url: str, at: datetime) -> tuple[Persona, ...]:
    """Write a fresh one-time link for every persona to `path` as JSON, and return them."""
    personas = tuple(_persona(name, base_url, at) for name in (*_STAFF, *_MEMBERS, "newcomer"))
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(p) for p in personas], indent=2) + "\n", encoding="utf-8")
    return personas


def _persona(name: str, base_url: str, at: datetime) -> Persona:
    person = Person.objects.get(email=f"{name}@{DOMAIN}")
    seat = Membership.objects.filter(person=person).select_related("partner").first()
    return Persona(
        persona=name,
        role=person.staff_role or (seat.role if seat else None),
        email=person.email,
        partner=seat.partner.slug if seat else None,
        sign_in_url=make_link(person, base_url=base_url, at=at, both_factors=True),
    )
