"""A review opened, overridden, closed: by whom, when, and what is granted; worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assay.core.issues import Refused
from assay.core.review_rules import Demotion
from assay.core.rights import Role
from assay.jobs.reviews import close_review as closing
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.grant_tiers import grant_tiers
from assay.jobs.reviews.open_review import abandon_review, ask_to_close
from assay.jobs.reviews.overrides import Wish, ask_override, decide_override, withdraw_override
from assay.store.models import (
    Event,
    Grant,
    Mail,
    Membership,
    Notice,
    Override,
    Partner,
    Person,
    Review,
    ReviewRecord,
)
from assay.store.queries.reviews.credited import held_since
from tests.jobs.reviews.lives import (
    JULY_2025,
    LATER,
    NEXT_YEAR,
    OPENED,
    close,
    credited,
    decision,
    opened,
    waiver,
)

pytestmark = pytest.mark.django_db
TIERS_2025 = {"P1": "gold", "P2": "partner", "P3": "silver", "P4": "none", "P5": "partner"}


def test_an_open_review_decides_and_grants_nothing(ledger, ann):
    review = opened(ledger, by=ann)
    assert (review.state, review.opened_by, review.known_at) == ("open", ann, OPENED)
    assert {d.partner.key: d.tier for d in review.decisions.all()} == TIERS_2025
    assert Grant.objects.count() == 0
    assert Notice.objects.filter(kind="review_waits").count() == 1


def test_closing_grants_records_and_tells_in_one_go(ledger, ann, ben):
    review = opened(ledger, by=ann)
    acme = Partner.objects.get(key="P1")
    owner = Person.objects.create_user("owner@acme.example", joined_at=OPENED)
    Membership.objects.create(partner=acme, person=owner, role=Role.OWNER, since=OPENED)
    closed = close(review, by=ben)
    assert (closed.state, closed.closed_by, closed.effective_on) == ("closed", ben, LATER.date())
    assert credited(date(2025, 9, 1)) == {}
    assert credited(date(2025, 9, 2)) == TIERS_2025
    assert ReviewRecord.objects.filter(review=review).count() == 1
    notice = Notice.objects.get(person=owner)
    assert notice.subject == "Acme: Gold instead of No tier"
    assert notice.body.startswith(
        "The review of 1 July 2025 credits Acme with: Gold, from 2 September 2025 on. "
        "Before: No tier."
    )
    assert Mail.objects.filter(notice=notice).count() == 1
    told = Event.objects.filter(act="tier_credited").order_by("partner__key")
    assert [event.partner.key for event in told] == ["P1", "P2", "P3", "P5"]


def test_who_opened_it_does_not_close_it(ledger, ann):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused) as refused:
        close(review, by=ann)
    assert str(refused.value) == (
        "the review of 1 July 2025: is closed by a second person — ask a colleague who may close "
        "reviews"
    )
    assert Review.objects.get(pk=review.pk).state == "open"


def test_of_the_calendars_review_one_asks_and_another_closes(ledger, ann, ben):
    review = opened(ledger)
    with pytest.raises(Refused, match="opened by the calendar: one person asks"):
        close(review, by=ben)
    ask_to_close(review.pk, by=ann, at=OPENED)
    with pytest.raises(Refused, match="closed by a second person"):
        close(review, by=ann)
    assert close(review, by=ben).state == "closed"


def test_it_is_not_closed_before_the_settling_days_end(ledger, ann, ben):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused, match="may be closed from 30 September 2025 on"):
        close_review(review.pk, by=ben, at=LATER, settling_days=91)
    at = datetime(2025, 9, 30, tzinfo=UTC)
    assert close_review(review.pk, by=ben, at=at, settling_days=91).state == "closed"


def test_a_closed_review_is_not_closed_again_nor_given_up(ledger, ann, ben):
    review = opened(ledger, by=ann)
    close(review, by=ben)
    for act in (lambda: close(review, by=ben), lambda: ask_to_close(review.pk, by=ann, at=LATER)):
        with pytest.raises(Refused, match="is closed already"):
            act()
    with pytest.raises(Refused, match="is closed already"):
        abandon_review(review.pk, why="A mistake", by=ann, at=LATER)


def test_a_review_given_up_is_opened_anew_on_newer_facts(ledger, ann, ben):
    first = opened(ledger, by=ann)
    with pytest.raises(Refused, match="is there already, and is open"):
        opened(ledger, by=ben)
    with pytest.raises(Refused, match="say why"):
        abandon_review(first.pk, why=" ", by=ann, at=LATER)
    abandon_review(first.pk, why="A report was missing", by=ann, at=LATER)
    again = opened(ledger, at=LATER, by=ann)
    assert again.supersedes == first
    assert again.known_at == LATER
    close(again, by=ben)
    with pytest.raises(Refused, match="is there already, and is closed"):
        opened(ledger, by=ann)


def test_a_day_that_is_no_review_day_or_has_not_come_is_refused(ledger):
    with pytest.raises(Refused, match="2 July 2025: is no review day"):
        opened(ledger, on=date(2025, 7, 2))
    with pytest.raises(Refused, match="the review of 1 July 2026: has not come yet"):
        opened(ledger, on=date(2026, 7, 1))


def test_a_waiver_needs_a_second_person_and_then_ends(ledger, ann, ben):
    review = opened(ledger, by=ann)
    cent = decision(review, "P3")
    asked = ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="has 1 waivers or corrections that wait"):
        close(review, by=ben)
    with pytest.raises(Refused, match="is decided by a second person"):
        decide_override(asked.pk, approve=True, words="", by=ann, at=OPENED)
    decide_override(asked.pk, approve=True, words="Agreed", by=ben, at=OPENED)
    with pytest.raises(Refused, match="is approved already"):
        decide_override(asked.pk, approve=False, words="No", by=ben, at=OPENED)
    close(review, by=ben)
    assert decision(review, "P3").tier == "silver"
    assert credited(date(2025, 12, 31))["P3"] == "gold"
    assert credited(date(2026, 1, 1))["P3"] == "silver"
    grants = Grant.objects.filter(partner__key="P3").order_by("pk")
    assert [(g.tier, g.cause, g.override) for g in grants] == [
        ("gold", "waiver", Override.objects.get()),
        ("silver", "review", None),
    ]


def test_a_correction_holds_until_the_next_review(ledger, ann, ben):
    review = opened(ledger, by=ann)
    wish = Wish(kind=Override.Kind.CORRECTION, tier="silver", until_on=None, reason="Two accounts")
    asked = ask_override(decision(review, "P5").pk, wish, by=ann, at=OPENED)
    decide_override(asked.pk, approve=True, words="", by=ben, at=OPENED)
    close(review, by=ben)
    assert credited(date(2026, 7, 14))["P5"] == "silver"
    second = opened(ledger, on=date(2026, 7, 1), at=NEXT_YEAR, by=ann)
    close(second, by=ben, at=NEXT_YEAR)
    assert credited(date(2026, 7, 19))["P5"] == "silver"
    assert credited(NEXT_YEAR.date())["P5"] == "partner"


def test_a_refused_or_withdrawn_override_grants_nothing(ledger, ann, ben):
    review = opened(ledger, by=ann)
    cent, exact = decision(review, "P3"), decision(review, "P5")
    refused = ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="say why it is refused"):
        decide_override(refused.pk, approve=False, words=" ", by=ben, at=OPENED)
    decide_override(refused.pk, approve=False, words="A cent is a cent", by=ben, at=OPENED)
    taken = ask_override(exact.pk, waiver("silver"), by=ann, at=OPENED)
    decide_override(taken.pk, approve=True, words="", by=ben, at=OPENED)
    withdraw_override(taken.pk, by=ann, at=OPENED)
    close(review, by=ben)
    assert credited(LATER.date()) == TIERS_2025


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (waiver("silver"), "is the one that was computed"),
        (waiver("bronze"), "is none of the program's"),
        (waiver(until=None), "a waiver has a last day"),
        (waiver(until=JULY_2025), "is after 1 July 2025"),
        (Wish(kind="correction", tier="gold", until_on=None, reason=" "), "say why"),
    ],
)
def test_what_cannot_be_granted_is_not_asked_for(ledger, ann, wish, said):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused, match=said):
        ask_override(decision(review, "P3").pk, wish, by=ann, at=OPENED)


def test_one_override_a_decision(ledger, ann):
    review = opened(ledger, by=ann)
    cent = decision(review, "P3")
    ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="has a waiver or correction already"):
        ask_override(cent.pk, waiver("platinum"), by=ann, at=OPENED)


def test_a_demotion_is_spared_for_the_grace_of_the_program(ledger):
    close(opened(ledger))
    second = opened(ledger, on=date(2026, 7, 1), at=NEXT_YEAR)
    on = date(2026, 7, 20)
    grant_tiers(second, effective_on=on, demotion=Demotion(days=30), at=NEXT_YEAR)
    assert credited(date(2026, 8, 18))["P1"] == "gold"
    assert credited(date(2026, 8, 19))["P1"] == "partner"
    causes = Grant.objects.filter(partner__key="P1", decision__review=second).order_by("pk")
    assert [(g.tier, g.cause, g.since_on, g.until_on) for g in causes] == [
        ("gold", "grace", on, date(2026, 8, 19)),
        ("partner", "review", date(2026, 8, 19), None),
    ]
    assert credited(on)["P2"] == "partner"
    assert held_since(Partner.objects.get(key="P1").pk, on) == LATER.date()


@pytest.mark.parametrize("point", ["grant_tiers", "record", "keep_record", "tell_grants"])
def test_a_crash_while_closing_leaves_nothing(ledger, ann, ben, monkeypatch, point):
    review = opened(ledger, by=ann)
    events = Event.objects.count()

    def crash(*_, **__):
        raise RuntimeError(point)

    with monkeypatch.context() as patched:
        patched.setattr(closing, point, crash)
        with pytest.raises(RuntimeError, match=point):
            close(review, by=ben)
    assert Review.objects.get(pk=review.pk).state == "open"
    assert (Grant.objects.count(), ReviewRecord.objects.count()) == (0, 0)
    assert Event.objects.count() == events
    assert close(review, by=ben).state == "closed"
