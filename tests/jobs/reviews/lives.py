"""Reviews of the few partners, opened and closed, and the calendar that does it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from assay.core.rights import StaffRole
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import open_review
from assay.jobs.reviews.overrides import Wish
from assay.jobs.reviews.run_calendar import run_calendar
from assay.store.models import (
    CalendarRun,
    Decision,
    Override,
    Partner,
    Person,
)
from assay.store.queries.reviews.credited import credited_on

JULY_2025 = date(2025, 7, 1)
OPENED = datetime(2025, 9, 2, 9, tzinfo=UTC)  # after the facts of these tests came
LATER = OPENED + timedelta(hours=1)
NEXT_YEAR = datetime(2026, 7, 20, 9, tzinfo=UTC)


def staff(name, role=StaffRole.PROGRAM_MANAGER):
    return Person.objects.create_user(f"{name}@demo.example", joined_at=OPENED, staff_role=role)


def opened(ledger, on=JULY_2025, at=OPENED, by=None):
    return open_review(ledger, on=on, at=at, by=by)


def close(review, by=None, at=LATER, **more):
    return close_review(review.pk, by=by, at=at, settling_days=14, **more)


def decision(review, key):
    return Decision.objects.get(review=review, partner__key=key)


def credited(on):
    held = credited_on(on)
    return {
        partner.key: held[partner.pk].tier
        for partner in Partner.objects.order_by("key")
        if partner.pk in held
    }


def waiver(tier="gold", until=date(2026, 1, 1)):
    return Wish(kind=Override.Kind.WAIVER, tier=tier, until_on=until, reason="Their report is late")


def runs():
    return [(run.kind, run.on.isoformat(), run.words) for run in CalendarRun.objects.order_by("pk")]


def calendar(ledger, at, by=None):
    return run_calendar(ledger, at=at, settling_days=14, by=by)


def at_nine(year, month, day):
    return datetime(year, month, day, 9, tzinfo=UTC)
