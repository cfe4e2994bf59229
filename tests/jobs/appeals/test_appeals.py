"""Appeals and late facts, worked out by hand: stated in time, decided by two, nothing edited.

P3 has $500,000.00 of sales and $124,999.99 of it in the cloud: Silver, a cent below the quarter
that Gold asks. A cloud sale of $1.00 that comes late makes it $125,000.99 of $500,001.00: Gold.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from assay.core.issues import Refused
from assay.core.rights import StaffRole
from assay.jobs.appeals.decide_appeal import ON_FACTS, Proposal, confirm, propose, send_back
from assay.jobs.appeals.look_again import look_again
from assay.jobs.appeals.state_appeal import open_correction, state_appeal, withdraw_appeal
from assay.jobs.escalations.parts import SentFile
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.letters.write_letters import write_letters
from assay.jobs.records.keep_case import case_document
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import open_review
from assay.jobs.reviews.overrides import Wish, ask_override, decide_override
from assay.store.models import Decision, DecisionLetter, Event, Grant, Notice, Person, Review
from assay.store.queries.appeals.appeals import cases_on, late_of
from assay.store.queries.reviews.credited import grant_of
from assay.store.queries.reviews.standing import decisions_of
from assay.words.decision_letter import letter_from_json
from tests.few_partners import PROGRAM
from tests.portal.reviewed import member

pytestmark = pytest.mark.django_db
JULY_2025 = date(2025, 7, 1)
OPENED = datetime(2025, 9, 2, 9, tzinfo=UTC)
AT = OPENED + timedelta(hours=1)
LATER = OPENED + timedelta(days=3)
GOLD = Proposal(tier="gold", reason="A sale was missing.")
SOLD = "a6fffccf2d95e20b779be56876f174076586fed6b6ecef72b0eba0ce87233754"  # SHA-256 of b"sold"


@pytest.fixture
def review(ledger):
    found = open_review(ledger, on=JULY_2025, at=OPENED)
    return closed(found)


def closed(found):
    close_review(found.pk, by=None, at=AT, settling_days=14)
    write_letters(found.pk, at=AT)
    return Review.objects.get(pk=found.pk)


def staff(name):
    return Person.objects.create_user(
        f"{name}@demo.example", joined_at=OPENED, staff_role=StaffRole.PROGRAM_MANAGER
    )


def decision(review, key="P3"):
    return Decision.objects.select_related("partner").get(review=review, partner__key=key)


def stated(review, at=LATER, **more):
    owner, _page = member("P3")
    found = decision(review)
    return state_appeal(
        found.pk, "A sale is missing.", by=owner, at=at, partner_id=found.partner_id, **more
    )


def come_late(ledger, tmp_path):
    late = tmp_path / "transactions.csv"
    late.write_text(
        "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,"
        "vendor_amount,currency\nt90,P3,a3,cloud,2025-06-30,new,1,,USD\n",
        encoding="utf-8",
    )
    order = Order.under(PROGRAM, source="late", partner_id=None, as_of=None)
    import_reports(ledger, [late], order, imported_at=LATER)


def test_an_owner_appeals_one_proposes_another_confirms(review):
    ann, ben = staff("ann"), staff("ben")
    proof = SentFile(content=io.BytesIO(b"sold"), name="proof.txt")
    appeal = stated(review, files=[proof])
    assert appeal.files.get().name == "proof.txt"
    assert Notice.objects.filter(kind="appeal_waits").count() == 2
    propose(appeal.pk, GOLD, by=ann, at=LATER)
    with pytest.raises(Refused, match="confirmed by a second person"):
        confirm(appeal.pk, by=ann, at=LATER)
    done = confirm(appeal.pk, by=ben, at=LATER)
    assert (done.state, done.grant.cause, done.grant.tier) == ("granted", "appeal", "gold")
    assert (done.grant.since_on, done.grant.until_on) == (LATER.date(), None)
    partner = decision(review).partner_id
    assert grant_of(partner, LATER.date() - timedelta(days=1)).tier == "silver"
    assert grant_of(partner, LATER.date()).tier == "gold"
    assert decision(review).tier == "silver"  # as it was decided
    assert case_document(done)["files"] == [{"name": "proof.txt", "size": 4, "sha256": SOLD}]
    told = Notice.objects.get(kind="appeal_decided")
    assert told.body.endswith("The reason: A sale was missing.")
    acts = Event.objects.filter(target=f"appeal:{appeal.pk}").order_by("pk")
    assert [event.act for event in acts] == ["appeal_stated", "appeal_proposed", "appeal_granted"]
    with pytest.raises(Refused, match="is granted already"):
        confirm(appeal.pk, by=ben, at=LATER)


def test_a_granted_appeal_has_a_letter_of_its_own(review):
    appeal = stated(review)
    propose(appeal.pk, GOLD, by=staff("ann"), at=LATER)
    confirm(appeal.pk, by=staff("ben"), at=LATER)
    assert write_letters(review.pk, at=LATER) == 1
    assert write_letters(review.pk, at=LATER) == 0
    letter = letter_from_json(DecisionLetter.objects.get(grant__cause="appeal").text)
    assert letter.opening == (
        "After an appeal, the review of 1 July 2025 credits Cent with the tier Gold, from "
        "5 September 2025 on."
    )
    assert letter.sections[0].paragraphs == (
        "Now: Gold. Before: Silver.",
        "The facts give: Silver. Granted by the decision on an appeal: Gold.",
        "The reason: A sale was missing.",
    )


def test_a_refused_appeal_leaves_everything(review):
    appeal = stated(review)
    propose(appeal.pk, Proposal(tier="", reason="It counted."), by=staff("ann"), at=LATER)
    done = confirm(appeal.pk, by=staff("ben"), at=LATER)
    assert (done.state, done.grant) == ("refused", None)
    assert Grant.objects.filter(cause="appeal").count() == 0


def test_a_proposal_is_sent_back_and_made_anew(review):
    ann, ben = staff("ann"), staff("ben")
    appeal = stated(review)
    propose(appeal.pk, GOLD, by=ann, at=LATER)
    back = send_back(appeal.pk, words="Which sale?", by=ben, at=LATER)
    assert (back.state, back.tier, back.proposed_by) == ("open", "", None)
    assert propose(appeal.pk, GOLD, by=ben, at=LATER).proposed_by == ben


def test_it_is_stated_until_the_last_day_and_once_at_a_time(review):
    last = datetime(2025, 10, 2, 12, tzinfo=UTC)  # 30 days after the letter of 2 September
    with pytest.raises(Refused, match="could be stated until 2 October 2025"):
        stated(review, at=last + timedelta(days=1))
    Person.objects.filter(email__startswith="owner").delete()
    appeal = stated(review, at=last)
    with pytest.raises(Refused, match="is open already"):
        open_correction(appeal.decision_id, "Again", by=staff("ann"), at=last)
    assert withdraw_appeal(appeal.pk, by=appeal.stated_by, at=last).state == "withdrawn"


def test_another_partners_decision_cannot_be_appealed(review):
    owner, _page = member("P1")
    with pytest.raises(Refused, match="there is no such decision"):
        state_appeal(
            decision(review).pk,
            "Mine",
            by=owner,
            at=LATER,
            partner_id=decision(review, "P1").partner_id,
        )


def test_who_overrode_has_no_part_in_the_appeal(ledger):
    ann, ben = staff("ann"), staff("ben")
    found = open_review(ledger, on=JULY_2025, at=OPENED)
    wish = Wish(kind="correction", tier="partner", until_on=None, reason="Made up")
    asked = ask_override(decision(found).pk, wish, by=ann, at=OPENED)
    decide_override(asked.pk, approve=True, words="", by=ben, at=OPENED)
    appeal = stated(closed(found))
    for person in (ann, ben):
        with pytest.raises(Refused, match="had no part in a waiver or correction"):
            propose(appeal.pk, GOLD, by=person, at=LATER)
    assert propose(appeal.pk, GOLD, by=staff("cleo"), at=LATER).state == "proposed"


def test_late_facts_are_told_and_change_nothing_by_themselves(review, ledger, tmp_path):
    staff("ann")
    assert look_again(review.pk, ledger, at=LATER).differing == 0
    come_late(ledger, tmp_path)
    look = look_again(review.pk, ledger, at=LATER)
    assert look.differing == 1
    (row,) = late_of(review.pk).differing
    assert (row.partner, row.tier, row.tier_now) == ("Cent", "silver", "gold")
    partner = decision(review).partner_id
    assert grant_of(partner, LATER.date()).tier == "silver"
    assert [one.review_id for one in decisions_of(partner)] == [review.pk]  # not shown to it
    look_again(review.pk, ledger, at=LATER + timedelta(hours=1))
    assert Review.objects.filter(kind="correction").count() == 1
    assert Notice.objects.filter(kind="late_facts").count() == 1


def test_a_corrected_fact_leads_to_a_decision_that_is_linked_to_the_old_one(
    review, ledger, tmp_path
):
    come_late(ledger, tmp_path)
    look_again(review.pk, ledger, at=LATER)
    case = open_correction(decision(review).pk, "A sale came late.", by=staff("ann"), at=LATER)
    propose(case.pk, Proposal(tier=ON_FACTS, reason="It counts."), by=staff("ben"), at=LATER)
    done = confirm(case.pk, by=staff("cleo"), at=LATER)
    anew = done.redecision
    assert (anew.tier, anew.review.kind, anew.review.corrects) == ("gold", "correction", review)
    assert done.grant.decision == anew
    assert grant_of(anew.partner_id, LATER.date()).tier == "gold"
    assert [one.number for one in cases_on(anew.pk)] == [case.pk]
    assert [one.number for one in cases_on(decision(review).pk)] == [case.pk]
    assert [one.pk for one in decisions_of(anew.partner_id)] == [anew.pk, decision(review).pk]


def test_facts_that_change_nothing_cannot_be_the_ground(review, ledger):
    case = open_correction(decision(review).pk, "A sale came late.", by=staff("ann"), at=LATER)
    look_again(review.pk, ledger, at=LATER)
    with pytest.raises(Refused, match="the facts known now give the same tier"):
        propose(case.pk, Proposal(tier=ON_FACTS, reason="So."), by=staff("ben"), at=LATER)
