"""Letters of a closed review, worked out by hand: one a partner, told once, kept as written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assay.core.appeals import is_period, period_of
from assay.core.rights import Role
from assay.jobs.letters.advancements import draft_advancements
from assay.jobs.letters.draw_letter import draw_letter
from assay.jobs.letters.write_letters import write_letters
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import open_review
from assay.store.models import (
    Advancement,
    DecisionLetter,
    Grant,
    Mail,
    Notice,
    Partner,
    Post,
    Review,
)
from assay.words.decision_letter import letter_from_json
from tests.portal.reviewed import member

pytestmark = pytest.mark.django_db
JULY_2025 = date(2025, 7, 1)
OPENED = datetime(2025, 9, 2, 9, tzinfo=UTC)
CLOSED = OPENED + timedelta(hours=1)
AT = CLOSED + timedelta(minutes=5)


@pytest.fixture
def review(ledger):
    found = open_review(ledger, on=JULY_2025, at=OPENED)
    earlier = Review.objects.get(pk=found.pk)
    earlier.pk, earlier.on, earlier.kind = None, date(2024, 7, 1), "assessment"
    earlier.state, earlier.closed_at = "closed", OPENED - timedelta(days=400)
    earlier.save(force_insert=True)
    decision = found.decisions.get(partner__key="P3")
    decision.pk, decision.review = None, earlier
    decision.save(force_insert=True)
    Grant.objects.create(  # what P3 was credited with before
        partner=decision.partner,
        tier="gold",
        rank=3,
        since_on=date(2024, 7, 1),
        decision=decision,
        cause="review",
        reviewed_on=date(2024, 7, 1),
        made_at=OPENED - timedelta(days=400),
    )
    return found


def closed(review):
    return close_review(review.pk, by=None, at=CLOSED, settling_days=14)


def letter(key):
    return letter_from_json(DecisionLetter.objects.get(partner__key=key).text)


def section(found, title):
    return next(one for one in found.sections if one.title == title)


def test_every_partner_has_one_letter_however_often_it_is_asked_for(review):
    owner, page = member("P1")
    closed(review)
    assert write_letters(review.pk, at=AT) == 5
    assert write_letters(review.pk, at=AT + timedelta(hours=1)) == 0
    assert DecisionLetter.objects.count() == 5
    kept = DecisionLetter.objects.get(partner__key="P1")
    assert kept.appeal_until == date(2025, 10, 2)  # 30 days after 2 September
    notice = Notice.objects.get(person=owner, kind="letter_written")
    assert notice.subject == "Acme: Review of 1 July 2025: Gold"
    assert notice.link == f"{page}decisions/letters/{kept.pk}/"
    assert Mail.objects.filter(notice=notice).count() == 1


def test_an_open_review_has_no_letters(review):
    assert write_letters(review.pk, at=AT) == 0


def test_a_letter_says_what_was_decided_why_and_what_follows(review):
    closed(review)
    write_letters(review.pk, at=AT)
    found = letter("P1")
    assert found.opening == (
        "The review of 1 July 2025 credits Acme with the tier Gold, from 2 September 2025 on."
    )
    assert section(found, "Your tier").paragraphs == ("Now: Gold. Before: No tier.",)
    told = section(found, "What was found")
    assert told.paragraphs[0].startswith("Acme (P1) holds Gold as of 1 July 2025.")
    assert told.paragraphs[2] == "What Platinum asks, and what was found:"
    assert len(told.lines) == 7
    assert section(found, "The next review").paragraphs == (
        "The next review is on 1 July 2026. It counts facts up to 30 June 2026.",
    )
    assert (
        section(found, "If you disagree")
        .paragraphs[0]
        .startswith(
            "An owner of yours can appeal until 2 October 2025 (the program sets no period, the "
            "program team gives 30 days): "
        )
    )


def test_a_demotion_says_when_it_takes_effect_and_what_ends(review):
    closed(review)
    write_letters(review.pk, at=AT)
    found = letter("P3")
    assert section(found, "Your tier").paragraphs == (
        "Now: Silver. Before: Gold.",
        "It takes effect on 2 September 2025: the program sets no grace for a lower tier.",
    )
    lines = section(found, "Your benefits").lines
    assert lines[0].endswith("Since 2 September 2025, by Silver.")


def test_nothing_of_a_kept_letter_changes_with_the_facts(review):
    closed(review)
    write_letters(review.pk, at=AT)
    before = list(DecisionLetter.objects.values_list("pk", "text").order_by("pk"))
    Partner.objects.update(name="Otherwise")
    write_letters(review.pk, at=AT)
    assert list(DecisionLetter.objects.values_list("pk", "text").order_by("pk")) == before


def test_a_letter_is_a_pdf(review):
    closed(review)
    write_letters(review.pk, at=AT)
    drawn = draw_letter(DecisionLetter.objects.get(partner__key="P2").text)
    assert drawn[:5] == b"%PDF-"


def test_who_moved_up_is_drafted_once_and_not_published(review):
    closed(review)
    assert draft_advancements(review.pk, at=AT) is None  # there was no review before
    assert draft_advancements(review.pk, at=AT) is None
    assert Advancement.objects.get().moved == 0
    assert Post.objects.count() == 0


def test_viewers_get_no_mail_of_a_letter(review):
    viewer, _page = member("P1", Role.VIEWER)
    closed(review)
    write_letters(review.pk, at=AT)
    assert Notice.objects.filter(person=viewer, kind="letter_written").count() == 0


def test_the_period_to_appeal_is_the_programs_or_else_the_operators():
    assert period_of({"appeal": "10 days"}, otherwise=30).last_day(JULY_2025) == date(2025, 7, 11)
    assert period_of({"appeal": "none"}, otherwise=30).by_program is False
    assert [is_period(one) for one in ("none", "1 day", "0 days", "soon")] == [
        True,
        True,
        False,
        False,
    ]
