"""The calendar of reviews: what falls due is done, once; what came late counts."""

from __future__ import annotations

from datetime import date

import pytest

from assay.core.issues import Refused
from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.open_review import ask_to_close
from assay.jobs.reviews.overrides import ask_override, decide_override
from assay.jobs.reviews.pause_calendar import pause_calendar, resume_calendar
from assay.jobs.reviews.run_calendar import assess_now
from assay.store.models import (
    Heartbeat,
    Notice,
    Review,
)
from tests.few_partners import PROGRAM
from tests.jobs.reviews.lives import (
    OPENED,
    at_nine,
    calendar,
    close,
    credited,
    decision,
    opened,
    runs,
    waiver,
)
from tests.portal.reviewed import write_ledger

pytestmark = pytest.mark.django_db


def test_the_calendar_begins_when_it_first_runs_and_then_does_what_falls_due(ledger, ann, ben):
    calendar(ledger, OPENED)
    assert runs() == [("begin", "2025-09-02", "The calendar begins")]
    calendar(ledger, at_nine(2025, 12, 1))
    calendar(ledger, at_nine(2025, 12, 1))
    assert runs()[1:] == [("assess", "2025-12-01", "0 of 5 partners below their credited tier")]
    calendar(ledger, at_nine(2026, 7, 2))
    assert runs()[2:] == [
        ("assess", "2026-03-01", "Missed, and overtaken by the assessment of 1 April 2026"),
        ("assess", "2026-04-01", "Missed, and overtaken by the assessment of 1 May 2026"),
        ("assess", "2026-05-01", "Missed, and overtaken by the assessment of 1 June 2026"),
        ("assess", "2026-06-01", "0 of 5 partners below their credited tier"),
        ("open", "2026-07-01", "Opened"),
    ]
    review = Review.objects.get(kind="review")
    assert (review.on, review.opened_by, review.state) == (date(2026, 7, 1), None, "open")
    calendar(ledger, at_nine(2026, 7, 29))
    assert runs()[7:] == [
        (
            "may_close",
            "2026-07-15",
            "Nothing came late; staff were told that it may be closed",
        ),
        ("remind", "2026-07-29", "Staff were told"),
    ]
    assert calendar(ledger, at_nine(2026, 7, 30)) == ()
    assert Notice.objects.filter(kind="review_waits", person=ben).count() == 3
    ask_to_close(review.pk, by=ann, at=at_nine(2026, 7, 31))
    close(review, by=ben, at=at_nine(2026, 7, 31))
    assert calendar(ledger, at_nine(2026, 8, 5)) == ()


def test_what_comes_late_in_the_settling_days_counts_and_waivers_are_carried_over(
    ledger, ann, ben, tmp_path
):
    calendar(ledger, at_nine(2026, 6, 2))
    calendar(ledger, at_nine(2026, 7, 1))
    first = Review.objects.get(kind="review")
    assert decision(first, "P3").tier == "partner"
    wish = waiver("silver", date(2027, 1, 1))
    asked = ask_override(decision(first, "P5").pk, wish, by=ann, at=at_nine(2026, 7, 2))
    decide_override(asked.pk, approve=True, words="", by=ben, at=at_nine(2026, 7, 2))
    late = tmp_path / "transactions.csv"
    late.write_text(
        "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,"
        "vendor_amount,currency\nt90,P3,a3,cloud,2026-06-30,new,100000,,USD\n",
        encoding="utf-8",
    )
    order = Order.under(PROGRAM, source="late", partner_id=None, as_of=None)
    import_reports(ledger, [late], order, imported_at=at_nine(2026, 7, 9))
    calendar(ledger, at_nine(2026, 7, 15))
    first.refresh_from_db()
    assert (first.state, first.abandoned_by) == ("abandoned", None)
    second = Review.objects.get(kind="review", state="open")
    assert second.supersedes == first
    assert decision(second, "P3").tier == "silver"
    assert runs()[-1][2].startswith("Opened anew on what came late")
    ask_to_close(second.pk, by=ann, at=at_nine(2026, 7, 16))
    close(second, by=ben, at=at_nine(2026, 7, 16))
    held = credited(date(2026, 7, 16))
    assert (held["P3"], held["P5"]) == ("silver", "silver")


def test_an_assessment_counts_who_performs_below_the_credited_tier(ledger, ann):
    close(opened(ledger))
    assert assess_now(ledger, at=at_nine(2026, 7, 2), by=ann).words == (
        "2 of 5 partners below their credited tier"
    )
    assert assess_now(ledger, at=at_nine(2026, 7, 2), by=ann) is None


def test_a_paused_calendar_does_nothing_by_itself_and_catches_up(ledger, ann):
    calendar(ledger, OPENED)
    pause_calendar(why="The reports are late", by=ann, at=OPENED)
    with pytest.raises(Refused, match="is paused already"):
        pause_calendar(why="Again", by=ann, at=OPENED)
    assert calendar(ledger, at_nine(2025, 12, 2)) == ()
    resume_calendar(by=ann, at=at_nine(2025, 12, 3))
    assert [run.on for run in calendar(ledger, at_nine(2025, 12, 3))] == [date(2025, 12, 1)]
    with pytest.raises(Refused, match="is not paused"):
        resume_calendar(by=ann, at=OPENED)


def test_what_refuses_is_the_calendars_trouble_and_is_tried_again(tmp_path, settings):
    settings.INSTALLATION = Installation.at(tmp_path)
    ledger = settings.INSTALLATION.ledger
    calendar(ledger, at_nine(2026, 6, 30))
    assert calendar(ledger, at_nine(2026, 7, 1)) == ()
    beat = Heartbeat.objects.get(part="review calendar")
    assert beat.words.startswith("1 July 2026: ")
    assert beat.words.endswith("no facts have come yet — import reports first")
    write_ledger(tmp_path)
    assert [run.words for run in calendar(ledger, at_nine(2026, 7, 2))] == ["Opened"]
    assert Heartbeat.objects.get(part="review calendar").words == ""
