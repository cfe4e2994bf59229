"""A round that is open, and a request of each partner in it."""

from datetime import UTC, datetime

from assay.store.models import BenefitRequest, Round

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
FAR = datetime(2125, 7, 10, 9, tzinfo=UTC)


def of_a_partner(world, whose, by):
    found, _ = Round.objects.get_or_create(
        benefit="co_marketing",
        title="Guest blogs",
        defaults={
            "capacity": 1,
            "opens_at": AT,
            "closes_at": FAR,
            "made_by": world.people["staff administrator"],
            "made_at": AT,
        },
    )
    asked = BenefitRequest.objects.create(
        round=found, partner=whose, text="Please", asked_by=by, asked_at=AT
    )
    names = (
        *("request", "request_withdraw"),
        *("staff_request", "staff_request_grant", "staff_request_refuse"),
    )
    return {f"{name}.number": asked.pk for name in names}


def values(world):  # noqa: ARG001 - the round is there
    """Return the round, in which both partners ask."""
    names = ("request_ask", "staff_round", "staff_round_allot")
    return {f"{name}.number": Round.objects.get().pk for name in names}
