"""Sign-ups: never more than places, the waiting list, and who is told of what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import close_old_connections, connection

from assay.core.content import PostKind
from assay.core.issues import Refused
from assay.core.notices.content import SESSION_CHANGED, SESSION_NEAR, SIGN_UP_MOVED
from assay.core.rights import Role
from assay.jobs.content.acts import content_of
from assay.jobs.content.publish_post import cancel_webinar, withdraw_post
from assay.jobs.content.remind import remind_due
from assay.jobs.content.sign_up import leave_place, release_places, sign_up
from assay.jobs.content.write_post import draft_post, edit_post
from assay.store.models import Event, Membership, Notice, Partner, SignUp
from tests.posts import (
    AT,
    for_tiers,
    make_member,
    make_partners,
    make_person,
    person,
    posted,
    said,
    session,
    with_benefit,
)
from tests.public_marketplace import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners():
    return make_partners()


@pytest.fixture
def sam():
    return make_person("Sam")


def joins(post, name, minutes=0):
    who = person(name)
    of = Membership.objects.get(person=who).partner_id
    return sign_up(post.pk, person=who, partner=of, at=AT + timedelta(minutes=minutes)).state


def stand(post):
    return {one.person.name: one.state for one in post.sign_ups.select_related("person")}


def told(kind):
    found = Notice.objects.filter(kind=kind.key).order_by("pk")
    return [(one.person.name, one.subject) for one in found]


@pytest.mark.usefixtures("partners")
def test_every_role_signs_up_and_who_asks_too_late_waits():
    post = posted(PostKind.WEBINAR, audience=for_tiers("gold", "platinum"), places=2)
    asked = [joins(post, name) for name in ("gold-viewer", "gold-owner", "platinum-owner")]
    assert asked == ["seated", "seated", "waiting"]
    assert joins(post, "gold-viewer") == "seated"  # asked again, nothing changes
    assert SignUp.objects.count() == Event.objects.filter(act="signed_up").count() == 3


@pytest.mark.usefixtures("partners")
def test_who_is_not_in_the_audience_gets_no_place():
    post = posted(PostKind.WEBINAR, audience=for_tiers("gold", roles=("owner",)))
    for name in ("silver-owner", "gold-viewer"):
        with pytest.raises(Refused, match="not for your role"):
            joins(post, name)
    of = Partner.objects.get(slug="gold-co").pk
    with pytest.raises(Refused, match="not for your role"):  # not by another's partner
        sign_up(post.pk, person=person("silver-owner"), partner=of, at=AT)


@pytest.mark.usefixtures("partners")
def test_nobody_signs_up_for_what_is_a_draft_over_cancelled_or_without_sign_up(sam):
    webinar = said(PostKind.WEBINAR)
    draft = draft_post(webinar, by=sam, at=AT)
    over = posted(PostKind.WEBINAR, session=session(days=-1))
    cancelled = posted(PostKind.WEBINAR)
    cancel_webinar(cancelled.pk, by=sam, at=AT)
    for post in (draft, over, cancelled, posted()):
        with pytest.raises(Refused, match="any more"):
            joins(post, "gold-owner")


@pytest.mark.usefixtures("partners")
def test_the_first_who_waits_moves_up_and_is_told():
    post = posted(PostKind.WEBINAR, places=1)
    for minutes, name in enumerate(("gold-owner", "silver-owner", "platinum-owner")):
        joins(post, name, minutes)
    leave_place(post.pk, person=person("gold-owner"), at=AT)
    assert stand(post) == {
        "gold-owner": "left",
        "silver-owner": "seated",
        "platinum-owner": "waiting",
    }
    assert told(SIGN_UP_MOVED) == [("silver-owner", "A place for you: News")]
    with pytest.raises(Refused, match="not signed up"):
        leave_place(post.pk, person=person("gold-owner"), at=AT)
    assert joins(post, "gold-owner", 9) == "waiting"  # at the end of the list


@pytest.mark.usefixtures("partners")
def test_a_higher_level_of_the_benefit_moves_up_first():
    """B14: Gold has preferential early access, Platinum prioritized."""
    early = {"audience": with_benefit("early_access"), "takes_sign_ups": True, "places": 1}
    post = posted(PostKind.PROGRAM, **early)
    for minutes, name in enumerate(("gold-viewer", "gold-owner", "platinum-owner")):
        joins(post, name, minutes)
    leave_place(post.pk, person=person("gold-viewer"), at=AT)
    assert told(SIGN_UP_MOVED) == [("platinum-owner", "A place for you: News")]


@pytest.mark.usefixtures("partners")
def test_new_places_go_to_those_who_wait_and_taken_ones_are_not_taken_away(sam):
    post = posted(PostKind.WEBINAR, places=1)
    for minutes, name in enumerate(("gold-owner", "silver-owner")):
        joins(post, name, minutes)
    content = content_of(post)
    edit_post(post.pk, replace(content, places=2), by=sam, at=AT)
    assert set(stand(post).values()) == {"seated"}
    with pytest.raises(Refused, match="2 people have a place already"):
        edit_post(post.pk, replace(content, places=1), by=sam, at=AT)


@pytest.mark.usefixtures("partners")
def test_another_time_is_told_in_the_readers_zone_with_a_new_sequence(sam):
    post = posted(PostKind.WEBINAR)
    make_member(Partner.objects.get(slug="gold-co"), "auckland", time_zone="Pacific/Auckland")
    joins(post, "auckland")
    was = post.sequence
    edit_post(post.pk, said(PostKind.WEBINAR, body="Other words"), by=sam, at=AT)
    assert told(SESSION_CHANGED) == []
    edit_post(post.pk, said(PostKind.WEBINAR, session=session(days=3)), by=sam, at=AT)
    post.refresh_from_db()
    assert post.sequence == was + 2
    (notice,) = Notice.objects.filter(kind=SESSION_CHANGED.key)
    assert (notice.subject, notice.link) == (
        "Another time: News",
        "/portal/gold-co/resources/news/",
    )
    assert notice.body.startswith(
        "Thursday 9 July 2026, 21:00 to 22:00 (Pacific/Auckland); "
        "for the host Thursday 9 July 2026, 11:00 to 12:00 (Europe/Stockholm)\n\n"
    )


@pytest.mark.usefixtures("partners")
@pytest.mark.parametrize("end", [cancel_webinar, withdraw_post])
def test_those_who_signed_up_are_told_that_it_does_not_take_place(sam, end):
    post = posted(PostKind.WEBINAR, places=1)
    for minutes, name in enumerate(("gold-owner", "silver-owner")):
        joins(post, name, minutes)
    end(post.pk, by=sam, at=AT)
    assert told(SESSION_CHANGED) == [
        ("gold-owner", "Cancelled: News"),
        ("silver-owner", "Cancelled: News"),
    ]


@pytest.mark.usefixtures("partners")
def test_those_with_a_place_are_reminded_once_a_day_before_and_anew_of_another_time(sam):
    post = posted(PostKind.WEBINAR, places=1)
    for minutes, name in enumerate(("gold-owner", "silver-owner")):
        joins(post, name, minutes)
    day_before = AT + timedelta(days=1)
    assert remind_due(at=day_before - timedelta(seconds=1)) == 0
    assert [remind_due(at=day_before), remind_due(at=day_before)] == [1, 0]
    assert told(SESSION_NEAR) == [("gold-owner", "Soon: News")]
    moved = said(PostKind.WEBINAR, session=session(days=4), places=1)
    edit_post(post.pk, moved, by=sam, at=day_before)
    assert remind_due(at=AT + timedelta(days=3)) == 1


@pytest.mark.usefixtures("partners")
def test_who_is_not_in_the_audience_any_more_gives_the_place_up_and_is_told_nothing(sam):
    post = posted(PostKind.WEBINAR, audience=for_tiers("gold", "platinum"), places=2)
    for minutes, name in enumerate(("gold-owner", "platinum-viewer", "platinum-owner")):
        joins(post, name, minutes)
    make_review(date(2026, 7, 2), {Partner.objects.get(slug="gold-co"): "silver"}, made_at=AT)
    Membership.objects.filter(person=person("platinum-viewer")).update(role=Role.SUPPORT)
    edit_post(
        post.pk,
        said(
            PostKind.WEBINAR, audience=for_tiers("gold", "platinum"), session=session(3), places=2
        ),
        by=sam,
        at=AT,
    )
    assert [name for name, _ in told(SESSION_CHANGED)] == ["platinum-viewer", "platinum-owner"]
    assert [release_places(at=AT), release_places(at=AT)] == [1, 0]
    assert stand(post) == {
        "gold-owner": "left",
        "platinum-viewer": "seated",
        "platinum-owner": "seated",
    }


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_ask_at_once_for_the_last_five_places_five_get_one():
    partners = make_partners()
    people = [make_member(partners["gold"], f"asker{number}") for number in range(20)]
    post = posted(PostKind.WEBINAR, places=5)
    of = partners["gold"].pk

    def ask(who):
        close_old_connections()
        try:
            return sign_up(post.pk, person=who, partner=of, at=AT).state
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        states = list(pool.map(ask, people))
    assert (states.count("seated"), states.count("waiting")) == (5, 15)
    assert post.sign_ups.filter(state="seated").count() == 5
