from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assay.core.issues import Refused
from assay.jobs.demo.announcements import moves_text, write_announcements
from assay.jobs.notices.announce import draft, drop, edit, publish
from assay.jobs.programs.programs import program_of
from assay.store.models import Announcement, Event, Person
from assay.store.queries.public.public_posts import Move, post_of, published

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 7, 2, 9, tzinfo=UTC)
PROGRAM = "atlassian-marketplace@2024-06-13"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return Person.objects.create_user("sam@demo.example", name="Sam", joined_at=AT)


def acts():
    return [(event.act, event.words) for event in Event.objects.order_by("pk")]


def test_a_draft_is_not_public(sam):
    draft("News", "Text", by=sam, at=AT)
    assert published() == ()
    assert post_of("news") is None


def test_what_is_published_is_public_from_that_moment(sam):
    made = draft("News", "Text", by=sam, at=AT)
    publish(made.pk, by=sam, at=LATER)
    assert [(post.slug, post.published_at) for post in published()] == [("news", LATER)]


def test_every_step_is_recorded(sam):
    made = draft("News", "Text", by=sam, at=AT)
    edit(made.pk, "Good news", "Text", by=sam, at=AT)
    publish(made.pk, by=sam, at=LATER)
    drop(draft("Other", "Text", by=sam, at=LATER).pk, by=sam, at=LATER)
    assert acts() == [
        ("announcement_drafted", "Sam drafted “News”"),
        ("announcement_edited", "Sam edited the draft “Good news”"),
        ("announcement_published", "Sam published “Good news”"),
        ("announcement_drafted", "Sam drafted “Other”"),
        ("announcement_dropped", "Sam dropped the draft “Other”"),
    ]


def test_the_address_follows_the_title_until_it_is_published(sam):
    made = draft("News", "Text", by=sam, at=AT)
    edit(made.pk, "Good news", "More", by=sam, at=AT)
    publish(made.pk, by=sam, at=LATER)
    assert post_of("good-news").body == "More"


def test_two_announcements_of_one_title_have_two_addresses(sam):
    slugs = [draft("News", "Text", by=sam, at=AT).slug for _ in range(3)]
    assert slugs == ["news", "news-2", "news-3"]


@pytest.mark.parametrize(("title", "slug"), [("Feed", "feed-2"), ("日本", "announcement")])
def test_an_address_is_never_the_feeds_nor_empty(sam, title, slug):
    assert draft(title, "Text", by=sam, at=AT).slug == slug


def test_what_is_published_is_not_edited_published_again_or_dropped(sam):
    made = draft("News", "Text", by=sam, at=AT)
    publish(made.pk, by=sam, at=AT)
    for act in (
        lambda: edit(made.pk, "Other", "Text", by=sam, at=LATER),
        lambda: publish(made.pk, by=sam, at=LATER),
        lambda: drop(made.pk, by=sam, at=LATER),
    ):
        with pytest.raises(Refused, match="published already"):
            act()
    assert post_of("news").published_at == AT


def test_a_draft_that_is_gone_is_refused(sam):
    made = draft("News", "Text", by=sam, at=AT)
    drop(made.pk, by=sam, at=AT)
    with pytest.raises(Refused, match="no such announcement"):
        publish(made.pk, by=sam, at=AT)


def test_who_moved_up_is_told_by_tier():
    moves = (
        Move(slug="acme", name="Acme *Ltd*", before="silver", tier="gold"),
        Move(slug="new", name="New", before="none", tier="partner"),
    )
    assert moves_text(moves, program_of(PROGRAM), date(2026, 7, 1)) == (
        "Since the review of 1 July 2026, 2 partners hold a higher tier than a year before.\n"
        "\n"
        "## Gold\n"
        "\n"
        "- [Acme \\*Ltd\\*](/partners/acme/), before: Silver\n"
        "\n"
        "## Marketplace Partner\n"
        "\n"
        "- [New](/partners/new/), its first tier\n"
    )


def test_the_demo_announces_nothing_of_the_future_and_only_once():
    program = program_of(PROGRAM)
    for _ in range(2):
        write_announcements(
            program, review=date(2026, 7, 1), coming=date(2027, 7, 1), at=AT.replace(hour=1)
        )
    assert [(post.title, post.published_at) for post in published()] == [
        ("Who moved up in July 2026", AT.replace(hour=1)),
        ("Before the review of 1 July 2027", datetime(2026, 6, 22, 12, tzinfo=UTC)),
        ("Your standing, any day of the year", datetime(2026, 5, 17, 12, tzinfo=UTC)),
    ]
    assert Announcement.objects.count() == 3
