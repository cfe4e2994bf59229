"""The few partners, reviewed for 1 July 2025 and closed by a second person."""

from __future__ import annotations

from datetime import UTC, date, datetime

from assay.core.rights import StaffRole
from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import Opening, record_review
from assay.store.models import Person, Review
from tests.few_partners import PROGRAM, write_facts

AT = datetime(2025, 7, 2, 9, tzinfo=UTC)
CLOSED_AT = datetime(2025, 7, 20, 9, tzinfo=UTC)
ON = date(2025, 7, 1)


def staff(name):
    return Person.objects.create_user(
        f"{name}@staff.example",
        name=name.title(),
        joined_at=AT,
        staff_role=StaffRole.PROGRAM_MANAGER,
    )


def imported(folder):
    """Import the facts of the few partners into an installation."""
    files = sorted(write_facts(folder).glob("*.csv"))
    order = Order.under(PROGRAM, source="reports", partner_id=None, as_of=None)
    import_reports(folder / "ledger", files, order, imported_at=AT)
    return Installation.at(folder)


def opened(installation, **options):
    source = Source(ledger=installation.ledger, known_at=AT)
    return record_review(
        PROGRAM, source, on=ON, kind=Review.Kind.REVIEW, at=AT, opening=Opening(**options)
    )


def closed(folder, settings):
    """Review the facts in an installation's folder; return it, and its review as closed."""
    settings.INSTALLATION = Installation.at(folder)
    review = opened(settings.INSTALLATION, by=staff("one"))
    return settings.INSTALLATION, close_review(
        review.pk, by=staff("two"), at=CLOSED_AT, settling_days=14
    )
