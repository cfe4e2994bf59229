"""Escalations of reports, as the pages know them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import override_settings

from assay.gateways.installation import Installation
from assay.jobs.escalations.write_escalation import answer_escalation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.imports.state_facts import state_facts
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.store.models import Escalation, Membership, Partner, Review
from tests.few_partners import PROGRAM, write_facts
from tests.people_of_partners import person

pytestmark = pytest.mark.django_db
AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
OPENED = datetime(2025, 3, 3, 8, tzinfo=UTC)
LATER = datetime(2025, 3, 4, 8, tzinfo=UTC)
HEAD = "escalation_id,partner_id,opened_at,responded_at\n"


@pytest.fixture
def ledger(tmp_path):
    made = Installation.at(tmp_path / "home")
    with override_settings(INSTALLATION=made):
        facts = write_facts(tmp_path)
        bring(made.ledger, *sorted(facts.glob("*.csv")))
        yield made.ledger


def bring(ledger, *files):
    order = Order.under(PROGRAM, source="tests", partner_id=None, as_of=None)
    import_reports(ledger, list(files), order, imported_at=AT)


def stand(ledger, day):
    source = Source(ledger=ledger)
    record_review(PROGRAM, source, on=date(2025, 7, day), kind=Review.Kind.STANDING, at=AT)


def known():
    return {
        one.key: (one.partner.key, one.opened_at, one.answered_at)
        for one in Escalation.objects.select_related("partner")
    }


def restate(ledger, tmp_path, *rows):
    path = tmp_path / "escalations_again.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    bring(ledger, path)


def test_a_standing_brings_them_and_a_restatement_moves_them(ledger, tmp_path):
    stand(ledger, 10)
    held = {
        "e2": ("P2", OPENED, datetime(2025, 3, 3, 10, tzinfo=UTC)),
        "e5": ("P5", OPENED, datetime(2025, 3, 5, 8, tzinfo=UTC)),
    }
    assert known() == held
    restate(ledger, tmp_path, "e5,P5,2025-03-03T08:00:00Z,2025-03-04T08:00:00Z")
    stand(ledger, 11)
    assert known() == held | {"e5": ("P5", OPENED, LATER)}


def test_one_that_was_answered_here_stays_so_until_a_report_says_otherwise(ledger, tmp_path):
    restate(ledger, tmp_path, "e6,P5,2025-03-03T08:00:00Z,")
    stand(ledger, 10)
    member = person("owner@exact.example")
    of = Partner.objects.get(key="P5")
    Membership.objects.create(partner=of, person=member, role="owner", since=AT)
    one = Escalation.objects.get(key="e6")
    answer_escalation(one.pk, "Here we are.", by=member, at=LATER)
    stand(ledger, 11)  # before the statement is in the ledger
    assert known()["e6"] == ("P5", OPENED, LATER)
    assert state_facts(at=AT) == 1
    stand(ledger, 12)
    assert known()["e6"] == ("P5", OPENED, LATER)
    again = datetime(2025, 3, 4, 9, tzinfo=UTC)
    restate(ledger, tmp_path, "e6,P5,2025-03-03T08:00:00Z,2025-03-04T09:00:00Z")
    stand(ledger, 13)
    assert known()["e6"] == ("P5", OPENED, again)
