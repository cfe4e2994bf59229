"""Enter into a demo the benefits of its tiers, and orders for credits."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal

from django.conf import settings

from assay.core.credits import year_of
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.credits.expire_credits import expire_credits
from assay.jobs.credits.orders import approve_order, place_order
from assay.jobs.demo.cast import Cast
from assay.jobs.partner_managers.assign_manager import assign_manager, manager_benefits, set_reach
from assay.jobs.programs.programs import program_of
from assay.store.models import Review
from assay.store.queries.benefits.benefits import held_by
from assay.store.queries.credits.credits import years_of

_MORNING = time(9, tzinfo=UTC)
_ORDERS = (("25 made-up seats for a year", "1875"), ("A made-up data centre licence", "6400"))


def enter_benefits(cast: Cast, *, at: datetime) -> None:
    """Settle everybody's benefits as each closed review has them, and then as of today.

    One partner orders twice, and the first order is approved.
    """
    program = program_of(settings.PROGRAM)
    for moment in moments_of_reviews(at):
        settle_benefits(settings.PROGRAM, on=moment.date(), at=moment)
        running = year_of(moment.date(), program.review.month)
        expire_credits(running, why="The program year is over", at=moment)
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


def moments_of_reviews(at: datetime) -> tuple[datetime, ...]:
    """Return when each closed review took effect, the oldest first, and `at` as the last."""
    closed = Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.CLOSED)
    days = closed.order_by("on").values_list("effective_on", flat=True)
    mornings = [datetime.combine(day, _MORNING) for day in days if day is not None]
    return (*(morning for morning in mornings if morning < at), at)


def enter_managers(cast: Cast, *, at: datetime) -> None:
    """Assign a manager to one partner whose tier gives one; others want one still."""
    program = program_of(settings.PROGRAM)
    manager, partner = cast.people["staff-manager"], cast.partners["owner-platinum"]
    set_reach(manager, "Monday to Friday, 9:00 to 17:00. A made-up person.", at=at)
    if manager_benefits(program) & held_by(partner.pk).keys():
        assign_manager(partner.pk, manager.pk, program, note="", by=manager, at=at)
