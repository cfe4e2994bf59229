"""Who reads what: by tier, by role, by benefit of the program file, at the moment of reading."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assay.core.content import PostKind
from assay.core.notices.content import POSTED
from assay.jobs.content.publish_post import withdraw_post
from assay.jobs.content.read_posts import mark_post_read, mark_posts_read
from assay.jobs.content.tell_post import tell_post
from assay.jobs.programs.programs import program_of
from assay.store.models import Mail, Notice, PostRead
from assay.store.queries.content.posts import matching, newest_unread
from assay.store.queries.content.readable import credited_tier, readable, unread
from assay.store.queries.content.staff_posts import staff_posts
from tests.posts import (
    AT,
    TIERS,
    for_tiers,
    make_partners,
    make_person,
    person,
    posted,
    with_benefit,
)
from tests.public_marketplace import make_review

pytestmark = pytest.mark.django_db
PROGRAM = program_of("atlassian-marketplace@2024-06-13")


def test_reading_a_post_reads_the_notice_of_it(partners):  # noqa: ARG001
    owner = person("gold-owner")
    posts = [posted(title=f"Post {number}") for number in range(3)]
    for post in posts:
        tell_post(post.pk, at=AT)
    mark_post_read(posts[0].pk, person=owner.pk, at=AT)
    told = Notice.objects.filter(person=owner, read_at=None)
    assert sorted(told.values_list("subject", flat=True)) == ["Post 1", "Post 2"]
    mark_posts_read("gold", "owner", PROGRAM, person=owner.pk, at=AT)
    assert not told.exists()


@pytest.fixture
def partners():
    return make_partners()


def readers(post):
    """Return which tiers read a post as owner, and which as viewer."""
    return tuple(
        [tier for tier in TIERS if readable(tier, role, PROGRAM).filter(pk=post.pk).exists()]
        for role in ("owner", "viewer")
    )


def test_the_benefit_of_the_program_file_is_the_audience():
    sent = posted(audience=with_benefit("communications"))  # B1
    campaigns = posted(PostKind.ROADMAP, audience=with_benefit("campaign_roadmap"))  # B6
    early = posted(PostKind.PROGRAM, audience=with_benefit("early_access"))  # B14
    assert readers(sent) == (list(TIERS[1:]), list(TIERS[1:]))
    assert readers(campaigns) == (list(TIERS[2:]), list(TIERS[2:]))
    assert readers(early) == (list(TIERS[3:]), list(TIERS[3:]))


def test_tiers_and_roles_are_the_audience_and_none_named_is_everybody():
    assert readers(posted()) == (list(TIERS), list(TIERS))
    owners = posted(audience=for_tiers("none", "gold", roles=("owner",)))
    assert readers(owners) == (["none", "gold"], [])


def test_who_loses_the_tier_reads_no_more(partners):
    posted(audience=for_tiers("gold"))
    gold = partners["gold"]
    assert credited_tier(gold.pk, AT.date()) == "gold"
    make_review(date(2026, 7, 2), {gold: "silver"}, made_at=AT)
    tier = credited_tier(gold.pk, AT.date())
    assert (tier, readable(tier, "owner", PROGRAM).count()) == ("silver", 0)


def test_only_the_audience_is_told_once_in_the_portal_and_not_by_mail(partners):  # noqa: ARG001
    post = posted(audience=for_tiers("gold", "platinum", roles=("owner",)))
    assert tell_post(post.pk, at=AT) == 2
    assert tell_post(post.pk, at=AT) == 0
    told = Notice.objects.filter(kind=POSTED.key).order_by("pk")
    assert [(one.person.name, one.link) for one in told] == [
        ("gold-owner", "/portal/gold-co/resources/news/"),
        ("platinum-owner", "/portal/platinum-co/resources/news/"),
    ]
    assert not Mail.objects.exists()


def test_what_is_withdrawn_before_it_is_told_is_not_told(partners):  # noqa: ARG001
    post = posted()
    withdraw_post(post.pk, by=make_person("Sam"), at=AT)
    assert tell_post(post.pk, at=AT) == 0


def test_search_finds_words_of_title_and_text_within_the_audience_alone():
    posted(title="Campaign in Berlin", audience=for_tiers("gold"))
    posted(title="Other", body="Die Kampagne in **Berlin**")
    posted(title="Third")

    def found(words, tier):
        return sorted(post.title for post in matching(readable(tier, "owner", PROGRAM), words))

    assert found("berlin", "gold") == ["Campaign in Berlin", "Other"]
    assert found("berlin", "silver") == ["Other"]
    assert found('"campaign in"', "gold") == ["Campaign in Berlin"]
    assert found("berlin -campaign", "gold") == ["Other"]
    assert found("' & | !:* \\", "gold") == []


def test_unread_is_what_one_may_read_and_has_not(partners, django_assert_num_queries):  # noqa: ARG001
    reader = person("silver-owner")
    first = posted(title="First")
    posted(title="Second", at=AT + timedelta(hours=1))
    posted(title="Not for Silver", audience=for_tiers("gold"))
    with django_assert_num_queries(1):
        new = newest_unread("silver", "owner", PROGRAM, person_id=reader.pk, most=3)
    assert [one.title for one in new] == ["Second", "First"]
    mark_post_read(first.pk, person=reader.pk, at=AT)
    mark_post_read(first.pk, person=reader.pk, at=AT + timedelta(days=1))
    assert PostRead.objects.get().at == AT
    assert mark_posts_read("silver", "owner", PROGRAM, person=reader.pk, at=AT) == 1
    assert not unread(readable("silver", "owner", PROGRAM), reader.pk).exists()
    assert PostRead.objects.count() == 2


def test_staff_see_how_many_of_those_who_may_have_read_it(partners):  # noqa: ARG001
    post = posted(audience=for_tiers("gold", "platinum"))
    for name in ("gold-owner", "gold-viewer", "silver-owner"):  # the last is not in the audience
        mark_post_read(post.pk, person=person(name).pk, at=AT)
    (row,) = staff_posts(AT.date(), PROGRAM)
    assert (row.state, row.read, row.readers) == ("published", 2, 4)
