"""What reports say of enrolments and awards is known, and what people said before stays."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assay.core.issues import Refused
from assay.jobs.security.apply import apply
from assay.jobs.security.decide import approve
from assay.jobs.security.enter_award import Submission, enter_award
from assay.store.models import Award, Enrolment, Notice
from tests.jobs.security.conftest import AT
from tests.jobs.security.test_enrolments import BOUNTY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_an_imported_enrolment_is_one_of_the_security_program(world):
    held = Enrolment.objects.get(app=world["far"])
    assert (held.program, held.state, held.from_report, held.valid_from) == (
        "bug_bounty",
        "approved",
        True,
        date(2025, 1, 1),
    )
    assert [step.act for step in held.steps.all()] == ["reported"]


def test_a_report_that_it_left_ends_it(world, told, stand):
    told(
        at=AT + DAY,
        bounty_enrolments="app_id,enrolled_on,left_on\nfar,2025-01-01,2026-03-01\n",
    )
    stand(AT + DAY)
    held = Enrolment.objects.get(app=world["far"])
    assert (held.state, held.valid_until) == ("ended", date(2026, 3, 1))


def test_what_people_decided_stays_while_facts_do_not_know_it_yet(world, told):
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    told(at=AT + DAY, bounty_enrolments="app_id,enrolled_on,left_on\nnode,2026-03-01,\n")
    from django.conf import settings  # noqa: PLC0415 - likewise

    from assay.jobs.reviews.refresh_standing import refresh_standing  # noqa: PLC0415 - without stating
    from tests.jobs.security.conftest import PROGRAM  # noqa: PLC0415 - likewise

    refresh_standing(PROGRAM, settings.INSTALLATION.ledger, at=AT + DAY)
    states = {row.app.key: row.state for row in Enrolment.objects.all()}
    assert states == {"big": "approved", "far": "approved", "node": "approved"}


def test_a_report_answers_an_application(world, told, stand):
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    told(at=AT + DAY, bounty_enrolments="app_id,enrolled_on,left_on\nbig,2026-03-01,\n")
    stand(AT + DAY)
    held = Enrolment.objects.get(pk=one.pk)
    assert (held.state, held.from_report, held.valid_from) == ("approved", True, date(2026, 3, 1))


def test_an_imported_award_below_the_minimum_is_told_once_and_mended_by_a_restatement(
    world, told, stand
):
    head = "submission_id,app_id,severity,submitted_on,awarded\n"
    told(at=AT + DAY, bounty_submissions=f"{head}s2,far,P1,2026-02-01,1499.99\n")
    stand(AT + DAY)
    stand(AT + 2 * DAY)
    low = Award.objects.get()
    assert (low.key, low.awarded, low.minimum, low.below) == ("s2", 149_999, 150_000, True)
    told_of = Notice.objects.get(person=world["otto"], kind="award_below")
    assert told_of.body.startswith(
        "Submission s2 of 1 February 2026 (P1) was paid $1,499.99; the minimum of that day is "
        "$1,500."
    )
    means = (
        "On today's evidence the tier with it is Marketplace Partner; with every award at its "
        "minimum it would be Silver."
    )
    assert means in told_of.body
    assert "Bug bounty awards meet the minimum payouts” (R7), which Silver, Gold, Platinum ask" in (
        told_of.body
    )
    seen = Notice.objects.get(person=world["sam"], kind="award_seen")
    assert seen.subject == "Far: an award is below the minimum"
    assert seen.body == (
        "Other: Submission s2 of 1 February 2026 (P1) was paid $1,499.99; the minimum of that day "
        f"is $1,500. {means}"
    )
    told(at=AT + 3 * DAY, bounty_submissions=f"{head}s2,far,P1,2026-02-01,1500\n")
    stand(AT + 3 * DAY)
    assert [(one.below, one.awarded) for one in Award.objects.all()] == [(False, 150_000)]


def said(**cells):
    given = {"key": "e1", "severity": "P1", "submitted_on": date(2026, 2, 1)}
    return Submission(**({"awarded": Decimal("100.00")} | given | cells))


def test_an_entered_award_below_the_minimum_is_told_at_once_with_what_it_means(world, stand):
    assert stand(AT)["P2"] == "silver"
    award = enter_award(world["far"].pk, "bug_bounty", said(), by=world["sam"], at=AT)
    assert (award.below, award.awarded, award.minimum) == (True, 10_000, 150_000)
    told_of = Notice.objects.get(person=world["otto"], kind="award_below")
    means = (
        "On today's evidence the tier with it is Marketplace Partner; with every award at its "
        "minimum it would be Silver."
    )
    assert means in told_of.body
    assert means in Notice.objects.get(person=world["sam"], kind="award_seen").body
    assert stand(AT + DAY)["P2"] == "partner"
    assert Award.objects.count() == 1


def test_an_award_at_the_minimum_is_no_news(world):
    award = enter_award(
        world["far"].pk, "bug_bounty", said(awarded=Decimal(1500)), by=world["sam"], at=AT
    )
    assert award.below is False
    assert not Notice.objects.filter(kind="award_below").exists()


def test_a_submission_of_another_app_keeps_its_key(world):
    enter_award(world["far"].pk, "bug_bounty", said(), by=world["sam"], at=AT)
    with pytest.raises(Refused, match="another app has a submission of this key"):
        enter_award(world["big"].pk, "bug_bounty", said(), by=world["sam"], at=AT)


def test_a_submission_of_tomorrow_is_refused(world):
    tomorrow = said(submitted_on=date(2026, 3, 3))
    with pytest.raises(Refused, match="that day is to come"):
        enter_award(world["far"].pk, "bug_bounty", tomorrow, by=world["sam"], at=AT)
