"""Who is told what, once, and by which way."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from assay.core.notices.apps import APP_SENT_BACK, APP_SUBMITTED
from assay.core.notices.people import CLAIM_DECIDED, MEMBER_JOINED
from assay.core.notices.program import ANNOUNCED
from assay.core.rights import Role
from assay.jobs.content.tell_post import tell_post
from assay.jobs.notices.tell import Message, tell, tell_all
from assay.jobs.notices.tell_changes import tell_changes
from assay.jobs.notices.tell_grants import tell_grants
from assay.jobs.programs.programs import program_of
from assay.store.models import (
    Decision,
    Mail,
    Membership,
    Notice,
    NoticeChoice,
    Partner,
    Person,
    Review,
)
from assay.store.queries.reviews.credited import Held
from tests.announcements import draft, publish
from tests.granted import grant, life

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
PROGRAM = "atlassian-marketplace@2024-06-13"
pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    partner = Partner.objects.create(key="P1", slug="acme", name="Acme Demo", created_at=AT)
    for name, role in (("owner", Role.OWNER), ("finance", Role.FINANCE), ("viewer", Role.VIEWER)):
        person = Person.objects.create_user(f"{name}@acme.example", joined_at=AT)
        Membership.objects.create(partner=partner, person=person, role=role, since=AT)
    return partner


def told():
    return sorted(Notice.objects.values_list("person__email", flat=True))


def mailed():
    return sorted(Mail.objects.values_list("to", flat=True))


def say(kind, **more):
    return tell(kind, occasion="it:1", subject="It", body="It is.", at=AT, **more)


def test_those_are_told_whose_role_gets_this_kind(acme):
    say(MEMBER_JOINED, partner=acme)
    assert (told(), mailed()) == (["owner@acme.example"], ["owner@acme.example"])


def test_one_notice_a_person_and_occasion(acme):
    assert len(say(MEMBER_JOINED, partner=acme)) == 1
    assert say(MEMBER_JOINED, partner=acme) == ()
    assert (len(told()), len(mailed())) == (1, 1)


def test_who_has_chosen_no_mail_gets_the_notice_alone(acme):
    owner = Person.objects.get(email="owner@acme.example")
    NoticeChoice.objects.create(person=owner, kind=MEMBER_JOINED.key, by_mail=False)
    say(MEMBER_JOINED, partner=acme)
    assert (told(), mailed()) == (["owner@acme.example"], [])


def test_a_required_kind_is_mailed_whatever_was_chosen(acme):
    owner = Person.objects.get(email="owner@acme.example")
    NoticeChoice.objects.create(person=owner, kind=APP_SENT_BACK.key, by_mail=False)
    say(APP_SENT_BACK, partner=acme)
    assert mailed() == ["owner@acme.example"]


def test_a_kind_that_is_not_mailed_by_itself_is_mailed_to_who_chose_it(acme):
    viewer = Person.objects.get(email="viewer@acme.example")
    NoticeChoice.objects.create(person=viewer, kind=ANNOUNCED.key, by_mail=True)
    say(ANNOUNCED, partner=acme)
    assert (len(told()), mailed()) == (3, ["viewer@acme.example"])


def test_staff_are_told_by_role():
    for role in ("program_manager", "security", "finance"):
        Person.objects.create_user(f"{role}@demo.example", joined_at=AT, staff_role=role)
    say(APP_SUBMITTED)
    assert told() == ["program_manager@demo.example", "security@demo.example"]


def test_a_person_named_is_told_and_nobody_else(acme):
    newcomer = Person.objects.create_user("new@acme.example", joined_at=AT)
    say(CLAIM_DECIDED, people=[newcomer], partner=acme)
    assert told() == ["new@acme.example"]


def test_a_closed_account_is_told_nothing(acme):
    Person.objects.filter(email="owner@acme.example").update(is_active=False)
    assert say(MEMBER_JOINED, partner=acme) == ()


def test_the_mail_says_what_the_notice_says_where_to_see_it_and_why_it_came(acme, settings):
    settings.BASE_URL, settings.SITE_TITLE = "https://program.example", "The Program"
    tell(
        APP_SENT_BACK,
        occasion="app:links:3",
        subject="Acme Links was sent back",
        body="Acme Links was sent back.\n\nAdd a <privacy> policy.",
        link="/portal/acme/apps/links/",
        at=AT,
        partner=acme,
    )
    mail = Mail.objects.get()
    assert mail.text.splitlines() == [
        "Acme Links was sent back.",
        "",
        "Add a <privacy> policy.",
        "",
        "See it in the portal:",
        "https://program.example/portal/acme/apps/links/",
        "",
        "-- ",
        "The Program",
        "You get this mail whatever you choose. The app stays unlisted until somebody",
        "acts.",
        "Choose what reaches you by mail: https://program.example/account/notices/choices/",
    ]
    assert "<p" in mail.html
    assert "Add a &lt;privacy&gt; policy." in mail.html
    assert 'href="https://program.example/portal/acme/apps/links/"' in mail.html


@pytest.mark.usefixtures("acme")
def test_an_announcement_is_told_once_to_everybody_in_a_partner():
    other = Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    owner = Person.objects.get(email="owner@acme.example")
    Membership.objects.create(partner=other, person=owner, role=Role.OWNER, since=AT)
    Person.objects.create_user("new@acme.example", joined_at=AT)
    post = draft("A new version", "B", by=owner, at=AT)
    assert tell_post(post.pk, at=AT) == 0
    publish(post.pk, by=owner, at=AT)
    assert tell_post(post.pk, at=AT) == 3
    assert tell_post(post.pk, at=AT) == 0
    assert told() == ["finance@acme.example", "owner@acme.example", "viewer@acme.example"]
    assert Notice.objects.first().link == f"/announcements/{post.slug}/"
    assert mailed() == []


def test_many_are_told_at_once_each_of_their_own_partner(acme):
    other = Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    theirs = Person.objects.create_user("owner@other.example", joined_at=AT)
    Membership.objects.create(partner=other, person=theirs, role=Role.OWNER, since=AT)
    messages = [
        Message(occasion=f"{of.pk}", subject=f"For {of}", body="B", partner=of)
        for of in (acme, other, acme)
    ]
    new = tell_all(MEMBER_JOINED, messages, at=AT)
    assert [(one.person.email, one.subject) for one in new] == [
        ("owner@acme.example", "For Acme Demo"),
        ("owner@other.example", "For Other Demo"),
    ]
    assert mailed() == ["owner@acme.example", "owner@other.example"]
    assert tell_all(MEMBER_JOINED, messages, at=AT) == ()


@pytest.mark.django_db(transaction=True)
def test_ten_that_tell_the_same_at_once_tell_it_once():
    people = [Person.objects.create_user(f"{n}@x.example", joined_at=AT) for n in range(5)]
    together = Barrier(10)

    def tell_them(_):
        close_old_connections()
        together.wait()
        try:
            return len(say(CLAIM_DECIDED, people=people))
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(tell_them, range(10))) == 5
    assert (len(told()), len(mailed())) == (5, 5)


def review(kind, on, partner, tier, rank):
    held = Review.objects.create(
        kind=kind,
        program=PROGRAM,
        program_digest="p",
        facts_digest="f",
        on=on,
        cut_off=on,
        **life(kind, AT),
    )
    sentences = {"silver": "All that Silver asks for is met.", "gold": "Gold misses sales."}
    tiers = [{"tier": tier, "sentence": words} for tier, words in sentences.items()]
    explanation = json.dumps({"answer": "All of it.", "tiers": tiers})
    Decision.objects.create(
        review=held, partner=partner, tier=tier, rank=rank, explanation=explanation
    )
    if kind == "review":
        grant(held)
    return held


def test_a_fall_below_the_credited_tier_is_told_to_owner_and_finance(acme):
    review("review", date(2026, 7, 1), acme, "gold", 3)
    fell = review("standing", date(2026, 7, 9), acme, "silver", 2)
    assert tell_changes(fell, program_of(PROGRAM), at=AT) == 2
    assert mailed() == ["finance@acme.example", "owner@acme.example"]
    notice = Notice.objects.first()
    assert notice.kind == "standing_fell"
    assert notice.subject == "Acme Demo: on today's evidence Silver instead of Gold"
    assert notice.body == (
        "On the evidence of 9 July 2026, Acme Demo performs at: Silver. On 1 July 2026 it was: "
        "Gold. Nothing has changed yet: credited tiers change in reviews only."
        "\n\nGold misses sales."
    )
    assert notice.link == "/portal/acme/standing/"


def test_the_same_tier_as_in_the_standing_before_is_not_told(acme):
    review("review", date(2026, 7, 1), acme, "gold", 3)
    review("standing", date(2026, 7, 9), acme, "silver", 2)
    again = review("standing", date(2026, 7, 10), acme, "silver", 2)
    assert tell_changes(again, program_of(PROGRAM), at=AT) == 0


def test_a_rise_is_told_to_all(acme):
    review("standing", date(2026, 7, 9), acme, "silver", 2)
    rose = review("standing", date(2026, 7, 10), acme, "gold", 3)
    assert tell_changes(rose, program_of(PROGRAM), at=AT) == 3
    notice = Notice.objects.first()
    assert notice.kind == "standing_rose"
    assert notice.body.endswith("\n\nGold misses sales.")


def test_a_review_tells_the_credited_tier(acme):
    before = {acme.pk: Held(tier="none", rank=0)}
    held = review("review", date(2026, 7, 1), acme, "gold", 3)
    assert tell_grants(held, before, program_of(PROGRAM), at=AT) == 3
    assert Notice.objects.first().subject == "Acme Demo: Gold instead of No tier"


def test_a_day_of_the_past_is_not_told(acme):
    review("standing", date(2024, 7, 1), acme, "none", 0)
    review("standing", date(2026, 7, 1), acme, "gold", 3)
    late = review("standing", date(2025, 7, 1), acme, "silver", 2)
    assert tell_changes(late, program_of(PROGRAM), at=AT) == 0
