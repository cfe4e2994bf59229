"""Claims: at once where the address proves it, by staff else, and never silently."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from assay.core.issues import Refused
from assay.core.profiles import domain_is_of_website
from assay.core.rights import Role
from assay.jobs.partners.claim_partner import claim_partner, decide_claim, set_website
from assay.store.models import Claim, Event, Membership, Notice
from assay.store.queries.partners.profiles import path_kept
from tests.people_of_partners import AT, LATER, partner, person, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return partner(state="known", agreement_version="", legal_name="")


@pytest.fixture
def sam():
    return person("sam@demo.example", staff="support")


def claimed(email, *, verified=True, slug="acme"):
    return claim_partner(slug, person(email, verified=verified), evidence="I work there", at=AT)


def refusal(doing):
    with pytest.raises(Refused) as refused:
        doing()
    return refused.value.issues[0].message


@pytest.mark.usefixtures("sam")
def test_an_address_at_the_websites_domain_gets_the_partner_at_once(known):
    claim = claimed("ann@acme.example")
    assert (claim.state, claim.decided_by) == ("granted", None)
    assert claim.reason == "Verified address at acme.example, the website's domain"
    assert Membership.objects.get().role == Role.OWNER
    assert path_kept(claim.person).partner_id == known.pk
    assert set(Event.objects.values_list("act", flat=True)) == {"claim_made", "claim_granted"}
    assert set(Notice.objects.values_list("person__email", "subject")) == {
        ("ann@acme.example", "Acme Links is yours"),
        ("sam@demo.example", "Acme Links was claimed by a verified address"),
    }


@pytest.mark.parametrize(
    "email",
    [
        "ann@mail.acme.example",
        "ann@acme.example.evil.example",
        "ann@evil-acme.example",
        "ann@acrne.example",
        "ann@xn--cme-8cd.example",
        "ann@elsewhere.example",
    ],
    ids=["subdomain", "as a prefix", "as a suffix", "look-alike", "IDN look-alike", "other"],
)
@pytest.mark.usefixtures("known")
def test_another_domain_waits_for_staff(email):
    assert claimed(email).state == "open"
    assert Membership.objects.count() == 0


def test_a_domain_in_other_letters_waits_for_staff():
    assert not domain_is_of_website("\u0430cme.example", "www.acme.example")
    assert not domain_is_of_website("straße.example", "strasse.example")
    assert not domain_is_of_website("straße.example", "straße.example")


def test_a_domain_matches_in_any_case_and_without_www():
    assert domain_is_of_website("ACME.example", "www.acme.example")
    assert domain_is_of_website("acme.example", "acme.example.")


def test_a_site_where_anybody_has_an_address_proves_nothing(known):
    known.website = "https://www.gmail.com/"
    known.save()
    assert claimed("ann@gmail.com").state == "open"
    assert not domain_is_of_website("localhost", "localhost")


@pytest.mark.usefixtures("known")
def test_an_address_that_is_not_confirmed_waits_for_staff():
    assert claimed("ann@acme.example", verified=False).state == "open"


@pytest.mark.usefixtures("known")
def test_a_confirmed_second_address_counts():
    ann = person("ann@elsewhere.example")
    EmailAddress.objects.create(user=ann, email="Ann@Acme.example", verified=True)
    assert claim_partner("acme", ann, evidence="", at=AT).state == "granted"


def test_a_partner_with_members_is_never_given_at_once_and_they_are_told(known):
    seat(known, person("bob@acme.example"))
    claim = claimed("ann@acme.example")
    assert claim.state == "open"
    assert Notice.objects.get().subject == "Somebody claims Acme Links"
    assert Notice.objects.get().person.email == "bob@acme.example"


def test_an_active_partner_is_not_given_at_once():
    partner()
    assert claimed("ann@acme.example").state == "open"


def test_a_draft_is_no_partner_to_claim():
    partner(state="draft")
    assert refusal(lambda: claimed("ann@acme.example")) == "there is no such partner"


@pytest.mark.usefixtures("known")
def test_claiming_twice_is_one_claim():
    ann = person("ann@elsewhere.example")
    first = claim_partner("acme", ann, evidence="", at=AT)
    assert claim_partner("acme", ann, evidence="", at=LATER) == first
    assert Claim.objects.count() == 1


def test_the_fourth_open_claim_waits_for_the_others():
    ann = person("ann@elsewhere.example")
    for number in range(4):
        partner(key=f"P{number}", slug=f"p{number}", name=f"Demo {number}", state="known")
    for number in range(3):
        claim_partner(f"p{number}", ann, evidence="", at=AT)
    told = refusal(lambda: claim_partner("p3", ann, evidence="", at=AT))
    assert told == "you have three open claims; wait until one is decided"


@pytest.mark.usefixtures("known")
def test_staff_grant_with_a_reason_that_stays_on_record(sam):
    claim = claimed("ann@elsewhere.example")
    decide_claim(claim.pk, granted=True, reason="Called them.", role=Role.VIEWER, by=sam, at=LATER)
    assert Membership.objects.get().role == Role.VIEWER
    assert Event.objects.get(act="claim_granted").details["reason"] == "Called them."
    told = Notice.objects.get(person=claim.person)
    assert told.body == "You have access to Acme Links as viewer. Called them."
    assert path_kept(claim.person) is None  # a viewer does not walk the path


@pytest.mark.usefixtures("known")
def test_staff_refuse_and_the_person_hears_why(sam):
    claim = claimed("ann@elsewhere.example")
    decide_claim(claim.pk, granted=False, reason="Not them", role=Role.OWNER, by=sam, at=LATER)
    assert Membership.objects.count() == 0
    told = Notice.objects.get(person=claim.person)
    assert (told.subject, told.body) == (
        "Your claim to Acme Links is refused",
        "The reason: Not them",
    )


@pytest.mark.usefixtures("known")
def test_no_decision_without_a_reason_and_none_twice(sam):
    claim = claimed("ann@elsewhere.example")
    decision = {"granted": True, "role": Role.OWNER, "by": sam, "at": LATER}
    assert refusal(lambda: decide_claim(claim.pk, reason=" ", **decision)) == "say why"
    decide_claim(claim.pk, reason="Yes", **decision)
    told = refusal(lambda: decide_claim(claim.pk, reason="Yes", **decision))
    assert told == "this claim was granted already"


@pytest.mark.parametrize(
    "site", ["https://gmail.com/", "https://localhost/", "https://\u0430cme.example/"]
)
@pytest.mark.usefixtures("known")
def test_staff_cannot_tell_a_website_that_proves_nothing(sam, site):
    told = refusal(lambda: set_website("acme", site, by=sam, at=AT))
    assert told == "is not a site whose addresses prove anything"


def test_a_website_told_by_staff_lets_its_people_in(sam):
    partner(state="known", website="")
    set_website("acme", "https://links.example/", by=sam, at=AT)
    assert claimed("ann@links.example").state == "granted"
    assert Event.objects.filter(act="website_told").count() == 1
