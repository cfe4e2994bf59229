"""Enter into a demo the benefits of its tiers, and orders for credits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from assay.core.credits import year_of
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.credits.orders import approve_order, place_order
from assay.jobs.demo.cast import Cast
from assay.jobs.partner_managers.assign_manager import assign_manager, manager_benefits, set_reach
from assay.jobs.programs.programs import program_of
from assay.store.queries.benefits.benefits import held_by
from assay.store.queries.credits.credits import years_of

_ORDERS = (("25 made-up seats for a year", "1875"), ("A made-up data centre licence", "6400"))


def enter_benefits(cast: Cast, *, at: datetime) -> None:
    """Settle everybody's benefits; one partner orders twice, and the first order is approved."""
    program = program_of(settings.PROGRAM)
    settle_benefits(settings.PROGRAM, on=at.date(), at=at)
    partner = cast.partners["owner-safe"]
    year = year_of(at.date(), program.review.month)
    if year not in {one.year_from for one in years_of(partner.pk)}:
        return
    made = [
        place_order(
            partner.pk,
            year,
            what=what,
            amount=Decimal(amount),
            by=cast.people["finance-member"],
            at=at,
        )
        for what, amount in _ORDERS
    ]
    approve_order(made[0].pk, limit=made[0].amount, by=cast.people["staff-finance"], at=at)


def enter_managers(cast: Cast, *, at: datetime) -> None:
    """Assign a manager to one partner whose tier gives one; others want one still."""
    program = program_of(settings.PROGRAM)
    manager, partner = cast.people["staff-manager"], cast.partners["owner-platinum"]
    set_reach(manager, "Monday to Friday, 9:00 to 17:00. A made-up person.", at=at)
    if manager_benefits(program) & held_by(partner.pk).keys():
        assign_manager(partner.pk, manager.pk, program, note="", by=manager, at=at)
