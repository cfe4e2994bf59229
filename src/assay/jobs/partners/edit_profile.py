"""Walk the path to a profile, step by step, and change the profile later."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.profiles import Profile, ProfileStep, open_steps
from assay.core.rights import Role
from assay.documents.places import zones_of
from assay.gateways.files import LOGO
from assay.jobs.imports.state_facts import say
from assay.jobs.operations.events import record
from assay.jobs.partners.know_partners import free_slug
from assay.jobs.partners.pictures import forget_pictures, keep_picture
from assay.store.models import Membership, Partner, Person
from assay.store.queries.partners.profiles import paths_of

_AS_FACTS = ("name", "country", "time_zone")
_STEP_FIELDS = frozenset(
    field.name for field in fields(Profile) if field.name not in ("logo", "agreement_version")
)


def profile_of(partner: Partner) -> Profile:
    """Return what a partner says of itself."""
    return Profile(**{field.name: getattr(partner, field.name) for field in fields(Profile)})


def path_of(person: Person) -> Partner | None:
    """Return the partner whose path a person is on, None where they are on none."""
    return paths_of(person).first()


def begin_path(person: Person, *, at: datetime) -> Partner:
    """Return the partner whose path a person is on; begun anew where they are on none."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        found = path_of(person)
        if found is not None:
            return found
        leave_paths(person)
        own = f"draft-{person.pk}-"
        mark = f"{own}{1 + Partner.objects.filter(key__startswith=own).count()}"
        partner = Partner.objects.create(
            key=mark, slug=mark, name="", begun_by=person, created_at=at
        )
        record("path_begun", f"{person} began a partner profile", at=at, by=person, partner=partner)
    return partner


def leave_paths(person: Person) -> None:
    """Leave the path a person is on; a partner that facts know stays known."""
    Partner.objects.filter(begun_by=person).exclude(state=Partner.State.ACTIVE).update(
        begun_by=None
    )


def save_profile(
    partner_id: int,
    said: Mapping[str, str],
    *,
    by: Person,
    at: datetime,
    logo: IO[bytes] | None = None,
) -> Partner:
    """Save what is said of a partner, field by field; raises Refused with what is wrong.

    Where a country has one time zone, it is taken over with the country. What reports need to
    know of an active partner is stated as facts.
    """
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        before = profile_of(partner)
        if "name" in said:
            refuse_known_name(said["name"], of=partner)
        for field in _STEP_FIELDS & set(said):
            setattr(partner, field, said[field])
        if partner.country != before.country and "time_zone" not in said:
            _take_zone(partner)
        if logo is not None:
            partner.logo = keep_picture(partner, logo, LOGO, column="logo", at=at).name
        partner.save()
        forget_pictures(partner, {before.logo} - {partner.logo})
        changed = _changed(before, profile_of(partner))
        if changed and partner.state == Partner.State.ACTIVE:
            _refuse_gaps(before, profile_of(partner))
            record(
                "profile_changed",
                f"{by} changed {', '.join(changed).replace('_', ' ')}",
                at=at,
                by=by,
                partner=partner,
                fields=changed,
            )
            if set(changed) & set(_AS_FACTS):
                say(partner, partner_rows(partner), why="profile changed", at=at, by=by)
    return partner


def _take_zone(partner: Partner) -> None:
    """Take the time zone of a new country over; an active partner always keeps one."""
    zones = zones_of(partner.country)
    if len(zones) == 1:
        partner.time_zone = zones[0]
    elif partner.state != Partner.State.ACTIVE:
        partner.time_zone = ""


def _changed(before: Profile, after: Profile) -> list[str]:
    return [
        field.name
        for field in fields(Profile)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


def _refuse_gaps(before: Profile, after: Profile) -> None:
    """What was whole in an active profile stays whole; what never was is filled step by step."""
    gaps = [step for step in open_steps(after) if step not in open_steps(before)]
    if gaps:
        raise Refused(
            Issue(
                file="profile",
                message=f"{gaps[0].words} would be incomplete",
                hint="an active partner keeps every step of its profile filled in",
            )
        )


def accept_agreement(partner_id: int, version: str, *, by: Person, at: datetime) -> Partner:
    """Accept the agreement in force, which ends the path: the partner is active, its maker owner.

    Raises Refused where a step is open or another version is in force by now.
    """
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        if version != settings.AGREEMENT_VERSION:
            raise Refused(
                Issue(
                    file="profile",
                    column="agreed",
                    message=f"version {settings.AGREEMENT_VERSION} is in force by now",
                    hint="read it and accept it again",
                )
            )
        still = [s for s in open_steps(profile_of(partner)) if s is not ProfileStep.AGREEMENT]
        if still:
            raise Refused(
                Issue(
                    file="profile",
                    message=f"{', '.join(step.words for step in still)}: still open",
                    hint="finish these steps first",
                )
            )
        refuse_known_name(partner.name, of=partner)
        partner.agreement_version, partner.agreed_at, partner.agreed_by = version, at, by
        if partner.state != Partner.State.ACTIVE:
            _activate(partner, by=by, at=at)
        partner.save()
        record(
            "agreement_accepted",
            f"{by} accepted the partner agreement {version}",
            at=at,
            by=by,
            partner=partner,
            version=version,
        )
    return partner


def _activate(partner: Partner, *, by: Person, at: datetime) -> None:
    """Make a partner active and whoever walked its path an owner; state its facts.

    The key of a new partner cannot be guessed, so that no report ever means it by accident.
    """
    if partner.state == Partner.State.DRAFT:
        taken = set(Partner.objects.values_list("slug", flat=True))
        partner.slug = free_slug(partner.name, taken)
        partner.key = f"{partner.slug[:60]}-{secrets.token_hex(4)}"
        partner.joined_on = at.date()
    partner.state, partner.begun_by = Partner.State.ACTIVE, None
    partner.save()
    Membership.objects.get_or_create(
        partner=partner, person=by, defaults={"role": Role.OWNER, "since": at}
    )
    say(partner, partner_rows(partner), why="partner active", at=at, by=by)
    record("partner_activated", f"{partner} is active", at=at, by=by, partner=partner)


def partner_rows(partner: Partner) -> dict[str, list[dict[str, object]]]:
    """Return what facts tell of a partner."""
    row: dict[str, object] = {
        "partner_id": partner.key,
        "name": partner.name,
        "country": partner.country,
        "time_zone": partner.time_zone,
        "joined_on": partner.joined_on,
    }
    return {"partners": [row]}


def refuse_known_name(name: str, *, of: Partner) -> None:
    """Refuse a name that another partner has, however it is written: that one is claimed."""
    folded = _folded(name)
    others = Partner.objects.exclude(pk=of.pk).exclude(state=Partner.State.DRAFT)
    if any(_folded(other) == folded for other in others.values_list("name", flat=True)):
        raise Refused(
            Issue(
                file="profile",
                column="name",
                message="is the name of a partner that is known here already",
                hint="if it is yours, claim it; if not, choose a name that nobody takes for it",
            )
        )


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
