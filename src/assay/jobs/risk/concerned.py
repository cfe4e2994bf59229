"""Say whom a risk concerns: the program file names whose work cures each requirement."""

from __future__ import annotations

from django.conf import settings

from assay.core.notices.standing import TIER_AT_RISK
from assay.core.rights import Role
from assay.core.risk import Level
from assay.jobs.programs.programs import program_on
from assay.store.models import Notice, Person, RiskAssessment


def concerned(row: RiskAssessment) -> tuple[Person, ...]:
    """Return the owners, and the members whose work cures a requirement that is in danger."""
    program = program_on(settings.PROGRAM, row.assessment.on)
    keys = [one["requirement"] for one in row.document["requirements"]]
    roles = frozenset({Role.OWNER}).union(*(program.requirements[key].acting for key in keys))
    seated = Person.objects.filter(memberships__partner=row.partner_id, memberships__role__in=roles)
    return tuple(seated.order_by("pk"))


def told_of_it(row: RiskAssessment) -> tuple[Person, ...]:
    """Return the members who were told of the risk that is over with this assessment."""
    earlier = RiskAssessment.objects.filter(partner=row.partner_id, pk__lt=row.pk)
    fine = earlier.filter(level=Level.FINE).order_by("-pk").first()
    notices = Notice.objects.filter(kind=TIER_AT_RISK.key, partner=row.partner_id)
    if fine is not None:
        notices = notices.filter(told_at__gt=fine.made_at)
    members = Person.objects.filter(memberships__partner=row.partner_id)
    return tuple(members.filter(pk__in=notices.values("person")).order_by("pk"))
