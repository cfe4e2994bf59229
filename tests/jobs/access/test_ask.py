from __future__ import annotations

from datetime import timedelta

import pytest

from assay.core.issues import Refused
from assay.core.rights import Role
from assay.jobs.access.ask import ask_for_access, conditions_of
from assay.jobs.access.decide import ask_back, grant_access, refuse_access
from assay.jobs.access.follow import answer, confirm, follow, lapse_unconfirmed
from assay.jobs.access.keep_domain import drop_domain, keep_domain
from assay.jobs.people.invitations import invite
from assay.jobs.people.join import join
from assay.store.models import (
    AccessLink,
    AccessRequest,
    Event,
    Invitation,
    Listing,
    Mail,
    MailDomain,
    Membership,
    Notice,
    Partner,
)
from tests.access import ASKER, AT, active, paid_app, secret_in
from tests.people import account, link_in, newest_mail, partner, person

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def acme():
    made = active(partner("acme", olga="owner"))
    paid_app(made)
    return made


@pytest.fixture
def support():
    return account("support@platform.example", name="Sue", staff_role="support")


def ask(slug="acme", email=ASKER, **cells):
    told = {"name": "Ann", "app": "", "why": "I make the app."} | cells
    ask_for_access(slug, email=email, at=AT, **told)
    return newest_mail()


def confirmed(**cells):
    secret = secret_in(ask(**cells))
    confirm(secret, at=AT)
    return AccessRequest.objects.order_by("pk").last(), secret


def invited():
    """Return the secret of the newest mail to the asker, an invitation."""
    return link_in(Mail.objects.filter(to=ASKER).order_by("pk").last(), "invitations/").split("/")[
        2
    ]


def holding(**cells):
    found = conditions_of(on=AT.date(), **cells)
    return found.paid, found.judged and found.judged.private, [one.slug for one in found.meant]


@pytest.mark.usefixtures("acme")
def test_the_conditions_are_told_of_what_is_filled_in_so_far():
    assert holding(email="", partner="") == (None, None, [])
    assert holding(email="ann@gmail.com", partner="") == (None, False, [])
    assert holding(email=ASKER, partner="ACME") == (True, True, [])  # its key
    assert holding(email=ASKER, partner="acme") == (True, True, [])
    assert holding(email=ASKER, partner="Nobody") == (None, True, [])


@pytest.mark.usefixtures("acme")
def test_where_more_than_one_may_be_meant_the_asker_chooses():
    other = active(partner("acmeworks"))
    paid_app(other, payment="partner")
    assert holding(email="", partner="acm") == (None, None, ["acme", "acmeworks"])
    assert holding(email="", partner="acm", chosen="acme") == (True, None, ["acme", "acmeworks"])
    assert holding(email="", partner="acm", chosen="elsewhere")[0] is None
    assert holding(email="", partner="acmeworks")[0] is False  # paid via the partner


def test_a_partner_that_is_not_public_and_has_no_paid_app_is_as_unknown_as_none():
    paid_app(partner("draft"))
    paid_app(active(partner("hidden")), public=False, payment="partner")
    for name in ("Draft", "Hidden", "Nothing at all"):
        found = conditions_of(email=ASKER, partner=name, on=AT.date())
        assert (found.partner, found.meant, found.paid) == (None, (), None)


def test_a_partner_before_its_first_review_is_told_of_by_its_whole_name_alone():
    paid_app(active(partner("early")), public=False)
    assert holding(email="", partner="earl") == (None, None, [])
    assert holding(email="", partner="Early") == (True, None, [])
    assert "Confirm" in ask("early").subject


def test_a_partner_of_facts_that_nobody_has_claimed_is_judged_by_its_listings():
    known = partner("known")
    Partner.objects.filter(pk=known.pk).update(state=Partner.State.KNOWN)
    assert holding(email="", partner="Known")[0] is None
    listing = paid_app(known)
    assert holding(email="", partner="Known")[0] is True
    listing.retired_on = AT.date()
    listing.save()
    assert holding(email="", partner="Known")[0] is None


def test_of_a_public_partner_every_app_counts_and_that_it_has_none_is_said():
    shop = active(partner("shop"))
    paid_app(shop, payment="partner")
    assert holding(email="", partner="Shop")[0] is False
    Listing.objects.create(app=shop.apps.get(), hosting="server", payment="platform")
    assert holding(email="", partner="Shop")[0] is True


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("slug", "email", "column"),
    [
        ("acme", "ann@gmail.com", "email"),
        ("acme", "ann@gmaıl.com", "email"),  # noqa: RUF001
        ("acme", "ann@mailinator.com", "email"),
        ("nobody", ASKER, "partner"),
    ],
)
def test_who_does_not_meet_the_conditions_gets_no_mail_and_no_ticket(slug, email, column):
    with pytest.raises(Refused) as refused:
        ask(slug, email)
    (issue,) = refused.value.issues
    assert issue.column == column
    assert issue.hint
    assert not Mail.objects.exists()
    assert not AccessRequest.objects.exists()


@pytest.mark.usefixtures("acme", "support")
def test_nobody_sees_a_request_before_its_address_is_shown():
    secret = secret_in(ask())
    assert not Notice.objects.filter(kind="access_asked").exists()
    assert follow(secret, at=AT).state == "unconfirmed"
    confirm(secret, at=LATER)
    confirm(secret, at=LATER)
    (notice,) = Notice.objects.filter(kind="access_asked")
    assert notice.person.email == "support@platform.example"
    assert [event.act for event in Event.objects.order_by("pk")] == [
        "access_asked",
        "access_confirmed",
    ]


@pytest.mark.usefixtures("acme")
def test_only_digests_of_links_are_kept():
    secret = secret_in(ask())
    kept = list(AccessLink.objects.values_list("digest", flat=True))
    assert secret not in kept
    assert len(kept[0]) == 64


@pytest.mark.usefixtures("acme")
def test_asking_again_is_the_same_request_and_the_address_is_told_so():
    first = secret_in(ask())
    second = secret_in(ask(why="I make it still.", email="ANN@acme-tools.com"))
    found = AccessRequest.objects.get()
    assert (found.times_asked, found.why) == (2, "I make it still.")
    confirm(second, at=AT)
    third = ask(why="Let me in.")
    assert "already" in third.subject
    found.refresh_from_db()
    assert (found.times_asked, found.why, found.state) == (3, "I make it still.", "open")
    assert {follow(one, at=AT).state for one in (first, second, secret_in(third))} == {"open"}


@pytest.mark.usefixtures("acme")
def test_who_is_in_the_team_is_told_to_sign_in_and_makes_no_ticket():
    member = account(ASKER)
    Membership.objects.create(
        partner=person("olga").memberships.get().partner, person=member, role="viewer", since=AT
    )
    assert "already" in ask().subject
    assert not AccessRequest.objects.exists()


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("secret", ["", "x", "a" * 43])
def test_a_link_that_nobody_was_sent_leads_nowhere(secret):
    ask()
    with pytest.raises(Refused):
        follow(secret, at=AT)


@pytest.mark.usefixtures("acme")
def test_a_link_confirms_for_three_days():
    secret = secret_in(ask())
    confirm(secret, at=AT + timedelta(days=3))
    other = secret_in(ask(email="bob@acme-tools.com"))
    with pytest.raises(Refused):
        confirm(other, at=AT + timedelta(days=3, seconds=1))
    assert lapse_unconfirmed(at=AT + timedelta(days=2, hours=23)) == 0
    assert lapse_unconfirmed(at=AT + timedelta(days=3)) == 1
    assert sorted(AccessRequest.objects.values_list("state", flat=True)) == ["lapsed", "open"]
    assert ask(email="bob@acme-tools.com").subject.startswith("Confirm")  # a new request


@pytest.mark.usefixtures("acme")
def test_staff_ask_back_and_the_asker_answers(support):
    request, secret = confirmed()
    ask_back(request.pk, "Which app?", by=support, at=AT)
    mailed = secret_in(newest_mail())
    assert "Which app?" in newest_mail().text
    assert follow(secret, at=AT).state == "asked"
    answer(mailed, "The linker.", at=LATER)
    found = follow(secret, at=LATER)
    assert (found.state, [(one.by, one.text) for one in found.messages]) == (
        "open",
        [("Sue", "Which app?"), ("", "The linker.")],
    )
    assert Notice.objects.filter(kind="access_asked", person=support).count() == 2


def test_a_granted_request_is_an_invitation_that_lets_its_address_in(acme, support):
    request, secret = confirmed()
    grant_access(request.pk, role=Role.SECURITY, reason="Known.", by=support, at=AT)
    assert follow(secret, at=AT).state == "granted"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == (ASKER, "security")
    told = Notice.objects.get(kind="member_joined")
    assert told.person == person("olga")
    asker = account(ASKER)
    join(invited(), person=asker, at=LATER)
    assert Membership.objects.get(partner=acme, person=asker).role == "security"
    acts = [event.act for event in Event.objects.filter(partner=acme).order_by("pk")]
    assert acts[-3:] == ["member_invited", "access_granted", "member_joined"]


def test_an_invitation_of_staff_who_left_lets_nobody_in(acme, support):
    request, _ = confirmed()
    grant_access(request.pk, role=Role.VIEWER, reason="Known.", by=support, at=AT)
    link = invited()
    support.staff_role = ""
    support.save()
    with pytest.raises(Refused):
        join(link, person=account(ASKER), at=LATER)
    assert acme.memberships.count() == 1


def test_staff_make_an_owner_only_where_there_is_none(acme, support):
    request, _ = confirmed()
    with pytest.raises(Refused, match="has an owner"):
        grant_access(request.pk, role=Role.OWNER, reason="Known.", by=support, at=AT)
    acme.memberships.all().delete()
    grant_access(request.pk, role=Role.OWNER, reason="Known.", by=support, at=AT)
    assert Invitation.objects.get().role == "owner"


@pytest.mark.usefixtures("acme")
def test_a_refusal_is_told_with_its_reason_and_is_final(support):
    request, secret = confirmed()
    refuse_access(request.pk, "Nobody there knows you.", by=support, at=AT)
    assert "Nobody there knows you." in newest_mail().text
    found = follow(secret, at=AT)
    assert (found.state, found.reason) == ("refused", "Nobody there knows you.")
    for act in (
        lambda: answer(secret, "But I do.", at=LATER),
        lambda: refuse_access(request.pk, "Again.", by=support, at=LATER),
        lambda: grant_access(request.pk, role=Role.VIEWER, reason="R", by=support, at=LATER),
        lambda: ask_back(request.pk, "Why?", by=support, at=LATER),
    ):
        with pytest.raises(Refused):
            act()
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("acme")
def test_what_does_not_hold_any_more_is_not_granted(support):
    request, _ = confirmed()
    kept = keep_domain("acme-tools.com", allowed=False, reason="A rival", by=support, at=AT)
    with pytest.raises(Refused, match="list of refused domains"):
        grant_access(request.pk, role=Role.VIEWER, reason="R", by=support, at=AT)
    drop_domain(kept.pk, by=support, at=AT)
    acme = request.partner
    acme.apps.get().listings.update(payment="partner")
    with pytest.raises(Refused, match="no app paid via the platform"):
        grant_access(request.pk, role=Role.VIEWER, reason="R", by=support, at=AT)


@pytest.mark.parametrize("role", ["", "finance", "security", "auditor", "administrator"])
def test_who_does_not_decide_about_access_decides_nothing(acme, role):
    request, _ = confirmed()
    other = account("other@platform.example", staff_role=role)
    with pytest.raises(Refused):
        grant_access(request.pk, role=Role.VIEWER, reason="R", by=other, at=AT)
    with pytest.raises(Refused):
        refuse_access(request.pk, "R", by=other, at=AT)
    assert acme.access_requests.get().state == "open"


def test_a_domain_is_kept_as_one_would_look_it_up_and_each_change_is_on_record(support):
    keep_domain("Ann@BÜCHER.de", allowed=False, reason="Once", by=support, at=AT)
    kept = keep_domain("xn--bcher-kva.de.", allowed=True, reason="Twice", by=support, at=LATER)
    assert MailDomain.objects.get() == kept
    assert (kept.domain, kept.allowed, kept.reason) == ("xn--bcher-kva.de", True, "Twice")
    drop_domain(kept.pk, by=support, at=LATER)
    drop_domain(kept.pk, by=support, at=LATER)
    acts = [event.act for event in Event.objects.order_by("pk")]
    assert acts == ["domain_refused", "domain_allowed", "domain_dropped"]


@pytest.mark.parametrize("text", ["co.uk", "com", "github.io", "nothing", "", "a b", "acme..de"])
def test_what_is_not_the_domain_of_one_organisation_is_not_allowed(support, text):
    with pytest.raises(Refused):
        keep_domain(text, allowed=True, reason="R", by=support, at=AT)


def test_an_owner_does_not_invite_an_address_at_a_public_mail_domain(acme):
    with pytest.raises(Refused, match="public mail domain"):
        invite(acme.pk, email="ann@gmail.com", role=Role.VIEWER, by=person("olga"), at=AT)
