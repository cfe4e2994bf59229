"""Assign a technical partner manager to a partner whose tier gives one (B2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import MANAGER_ASSIGNED, MANAGES_PARTNER
from assay.core.program import BenefitKind, Program
from assay.core.rights import MANAGE_PARTNERS
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import ManagerAssignment, ManagerCard, Partner, Person
from assay.store.queries.benefits.benefits import held_by, values_of_all


def manager_benefits(program: Program) -> frozenset[str]:
    """Return the benefits of a program that are a person."""
    return frozenset(key for key, row in program.benefits.items() if row.kind is BenefitKind.PERSON)


def assign_manager(
    partner_id: int, person_id: int, program: Program, *, note: str, by: Person, at: datetime
) -> ManagerAssignment:
    """Make a person the manager of a partner; whoever was hands over with `note`.

    Raises Refused for a partner whose tier gives no manager, and for people who cannot be one.
    """
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        if not manager_benefits(program) & held_by(partner_id).keys():
            raise Refused(_issue("partner", f"the tier of {partner} gives no manager"))
        person = Person.objects.filter(pk=person_id, staff_role__in=MANAGE_PARTNERS.staff).first()
        if person is None or not person.is_active:
            raise Refused(_issue("person", "choose somebody of the program team"))
        former = ManagerAssignment.objects.filter(partner=partner, until_at=None).first()
        if former is not None and former.person_id == person.pk:
            raise Refused(_issue("person", f"{person} is the manager already"))
        if former is not None and not note.strip():
            raise Refused(_issue("note", "say what the next manager has to know"))
        if former is not None:
            _end(former, f"Handed over to {person}", at=at)
        made = ManagerAssignment.objects.create(
            partner=partner, person=person, since_at=at, assigned_by=by, note=note.strip()
        )
        record(
            "manager_assigned",
            f"{by} made {person} the manager of {partner}",
            at=at,
            by=by,
            partner=partner,
            target=f"person:{person.pk}",
        )
        _tell(made, former, at=at)
    return made


def end_assignments(program: Program, *, at: datetime) -> int:
    """End the managers of partners whose tier gives none any more; returns how many ended."""
    held, given = values_of_all(), manager_benefits(program)
    running = ManagerAssignment.objects.filter(until_at=None).values_list("pk", "partner_id")
    over = [pk for pk, partner in running if not given & held.get(partner, {}).keys()]
    for pk in over:
        with transaction.atomic():
            one = ManagerAssignment.objects.select_for_update().get(pk=pk)
            if one.until_at is not None:
                continue
            _end(one, "The tier gives no manager any more", at=at)
            words = f"{one.person} is no longer the manager of {one.partner}"
            record("manager_ended", words, at=at, partner=one.partner)
            tell(
                MANAGES_PARTNER,
                occasion=f"ended:{one.pk}",
                subject=words,
                body="Its tier gives no technical partner manager any more.",
                link=f"/staff/partners/{one.partner.slug}/",
                at=at,
                people=[one.person],
            )
    return len(over)


def set_reach(person: Person, reach: str, *, at: datetime) -> None:
    """Keep how partners reach a manager; raises Refused for nothing."""
    if not reach.strip():
        raise Refused(_issue("reach", "say how partners reach you"))
    with transaction.atomic():
        ManagerCard.objects.update_or_create(
            person=person, defaults={"reach": reach.strip(), "changed_at": at}
        )
        record("manager_reach_set", f"{person} said how partners reach them", at=at, by=person)


def _end(one: ManagerAssignment, why: str, *, at: datetime) -> None:
    one.until_at, one.ended_why = at, why[:400]
    one.save(update_fields=["until_at", "ended_why"])


def _tell(made: ManagerAssignment, former: ManagerAssignment | None, *, at: datetime) -> None:
    partner, person = made.partner, made.person
    card = ManagerCard.objects.filter(person=person).first()
    reach = f"\n\n{card.reach}" if card else ""
    tell(
        MANAGER_ASSIGNED,
        occasion=f"{made.pk}",
        subject=f"{person} is your technical partner manager",
        body=f"Write to {person.email} with questions about your apps and the program.{reach}",
        link=f"/portal/{partner.slug}/benefits/",
        at=at,
        partner=partner,
    )
    people = [person] if former is None else [person, former.person]
    tell(
        MANAGES_PARTNER,
        occasion=f"assigned:{made.pk}",
        subject=f"{person} manages {partner} now",
        body=made.note or "There is no note.",
        link=f"/staff/managers/{partner.slug}/",
        at=at,
        people=people,
    )


def _issue(column: str, message: str) -> Issue:
    return Issue(file="manager", column=column, message=message)
