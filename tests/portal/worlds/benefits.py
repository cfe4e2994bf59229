"""An order for credits of each partner."""

from datetime import UTC, date, datetime
from decimal import Decimal

from assay.jobs.credits.grant_credits import Due, grant_credits
from assay.jobs.credits.orders import place_order

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)


def of_a_partner(world, whose, by):  # noqa: ARG001 - the world is not needed
    year = date(2025, 7, 1)
    grant_credits([Due(account=(whose.pk, year), amount=100_000, why="A tier")], at=AT)
    order = place_order(whose.pk, year, what="Seats", amount=Decimal(10), by=by, at=AT)
    names = (
        *("benefit_order", "benefit_order_cancel"),
        *("staff_order", "staff_order_approve", "staff_order_refuse"),
    )
    return {f"{name}.number": order.pk for name in names}
