"""Pages of risk: what a partner reads, what staff see and note."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assay.core.notices.standing import STANDING_ROSE, TIER_AT_RISK
from assay.core.rights import Role, StaffRole
from assay.jobs.notices.tell import tell
from assay.jobs.risk.answer_risk import agree, answer_risk
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Decision, Review, RiskAssessment
from tests.grants import grant
from tests.people_of_partners import AT, partner, person, seat

pytestmark = pytest.mark.django_db
ROW = {
    "requirement": "annual_gross_sales",
    "title": "Annual gross sales",
    "clause": "R5",
    "rule": "at least $500,000 gross sales",
    "now": {"outcome": "not_met", "words": "$400,000 gross sales", "distance": "$100,000 more"},
    "paces": {"12": {"outcome": "met", "words": "$600,000 gross sales", "distance": ""}},
    "cures": ["$100,000 more", "$2,600,000 more"],
    "remedy": "Report sales.",
    "missing_facts": "",
}


@pytest.fixture
def acme():
    made = partner()
    grant(made, "gold", date(2025, 7, 1))
    assessment = Review.objects.create(
        kind=Review.Kind.ASSESSMENT,
        state=Review.State.CLOSED,
        program="p",
        program_digest="p",
        facts_digest="f",
        engine="by hand",
        on=date(2026, 3, 1),
        cut_off=date(2026, 3, 1),
        known_at=AT,
        made_at=AT,
        closed_at=AT,
    )
    Decision.objects.create(review=assessment, partner=made, tier="silver", explanation="{}")
    RiskAssessment.objects.create(
        assessment=assessment,
        partner=made,
        tier="gold",
        rank=3,
        level="at_risk",
        was="fine",
        review_on=date(2026, 7, 1),
        document={
            "tier": "gold",
            "level": "at_risk",
            "requirements": [ROW],
            "paces": {"12": {"tier": "gold", "tier_title": "Gold"}},
            "as_of": "As of 1 March 2026.",
        },
        made_at=AT,
    )
    return made


def page(client, who, name, *arguments):
    client.force_login(who)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return client.get(reverse(name, args=arguments)).content.decode()


def test_a_viewer_reads_the_risk_and_the_least_that_cures_it(client, acme):
    viewer = seat(acme, person("viewer@acme.example"), Role.VIEWER)
    text = page(client, viewer, "outlook", "acme")
    assert "Gold is at risk for the review of 1 July 2026." in text
    assert "$100,000 more<br>or $2,600,000 more" in text
    assert "As of 1 March 2026." in text


def test_who_was_never_assessed_is_told_when(client):
    owner = seat(partner(), person("owner@acme.example"))
    assert "You have not been assessed yet" in page(client, owner, "outlook", "acme")


def test_staff_see_levels_and_note_what_was_agreed(client, acme):  # noqa: ARG001 - assessed
    support = person("support@staff.example", staff=StaffRole.SUPPORT)
    text = page(client, support, "staff_at_risk")
    assert "1 at risk" in text
    assert ">R5</td>" in text
    address = reverse("staff_risk_note", args=["acme"])
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "They list a cloud app."}).status_code == 302
    assert "They list a cloud app." in page(client, support, "staff_risk", "acme")


def test_an_auditor_notes_nothing(client, acme):  # noqa: ARG001 - assessed
    auditor = person("auditor@staff.example", staff=StaffRole.AUDITOR)
    page(client, auditor, "staff_risk", "acme")
    answer = client.post(reverse("staff_risk_note", args=["acme"]), {"text": "T"})
    assert answer.status_code == 403


def test_a_viewer_sees_what_was_said_and_cannot_answer(client, acme):
    owner = seat(acme, person("owner@acme.example"))
    address = reverse("outlook_answer", args=["acme"])
    assert "Send the answer" in page(client, owner, "outlook", "acme")
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "We list it in May."}).status_code == 302
    viewer = seat(acme, person("viewer@acme.example"), Role.VIEWER)
    text = page(client, viewer, "outlook", "acme")
    assert "We list it in May." in text
    assert "Send the answer" not in text
    assert client.post(address, {"text": "T"}).status_code == 403


def test_opening_the_outlook_is_reading_the_notice_that_leads_there(client, acme):
    owner = seat(acme, person("owner@acme.example"))
    said = {"subject": "S", "body": "B", "at": AT, "partner": acme}
    (notice,) = tell(TIER_AT_RISK, occasion="risk:1", **said)
    (other,) = tell(STANDING_ROSE, occasion="rose:1", **said)
    page(client, owner, "outlook", "acme")
    notice.refresh_from_db()
    other.refresh_from_db()
    assert (notice.read_at is None, other.read_at) == (False, None)


def test_the_list_finds_answers_that_nothing_was_agreed_on_since(client, acme):
    owner = seat(acme, person("owner@acme.example"))
    support = person("support@staff.example", staff=StaffRole.SUPPORT)
    address = f"{reverse('staff_at_risk')}?show=answered"
    page(client, support, "staff_at_risk")

    def listed():
        return "/staff/at-risk/acme/" in client.get(address).content.decode()

    def waiting():
        cards = client.get(reverse("staff_today")).context["mine"]
        return [card.count for card in cards if card.key == "answers"]

    assert (listed(), waiting()) == (False, [])
    answer_risk(acme.pk, "We list it", by=owner, at=AT)
    answer_risk(acme.pk, "Or two", by=owner, at=AT + timedelta(minutes=1))
    assert (listed(), waiting()) == (True, [1])
    agree(acme.pk, "In May", by=support, at=AT + timedelta(hours=1))
    assert (listed(), waiting()) == (False, [])
