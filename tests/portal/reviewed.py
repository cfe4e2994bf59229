"""A few partners in a ledger, reviewed for 1 July 2025, with a standing of 2 September 2025."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime

import pytest

from assay.core.rights import Role
from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.jobs.reviews.refresh_standing import refresh_standing
from assay.store.models import Membership, Partner, Person, Review
from tests.few_partners import PROGRAM, write_facts

AT = datetime(2025, 9, 2, 9, tzinfo=UTC)
REVIEW_ON, STANDING_ON = date(2025, 7, 1), date(2025, 9, 2)


def write_ledger(folder):
    """Import the facts of the few partners; returns the installation's folder."""
    facts = write_facts(folder)
    order = Order.under(PROGRAM, source="reports", partner_id=None, as_of=None)
    files = sorted(facts.glob("*.csv"))
    import_reports(folder / "ledger", files, order, imported_at=AT)
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_ledger(tmp_path_factory.mktemp("written"))


@pytest.fixture
def ledger(tmp_path, settings, written):
    shutil.copytree(written / "ledger", tmp_path / "ledger")
    settings.INSTALLATION = Installation.at(tmp_path)
    return settings.INSTALLATION.ledger


def record(folder, settings):
    """Record the review and the standing, in the installation of `folder`."""
    settings.INSTALLATION = Installation.at(folder)
    ledger = settings.INSTALLATION.ledger
    source = Source(ledger=ledger, known_at=AT)
    review = record_review(PROGRAM, source, on=REVIEW_ON, kind=Review.Kind.REVIEW, at=AT)
    close_review(review.pk, by=None, at=AT, settling_days=14, effective_on=REVIEW_ON)
    refresh_standing(PROGRAM, ledger, at=AT)
    return ledger


def member(key, role=Role.OWNER):
    """Seat a member in the partner of the facts; returns the person and the partner's address."""
    partner = Partner.objects.get(key=key)
    person = Person.objects.create_user(f"{role}@{key.lower()}.example", joined_at=AT)
    Membership.objects.create(partner=partner, person=person, role=role, since=AT)
    return person, f"/portal/{partner.slug}/"
