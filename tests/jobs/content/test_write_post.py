"""Posts from draft to withdrawn."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from assay.core.content import Audience, PostKind
from assay.core.issues import Refused
from assay.gateways.installation import Installation
from assay.jobs.content.attach import add_file, add_link, attachments, detach
from assay.jobs.content.publish_post import (
    publish_due,
    publish_post,
    schedule_post,
    withdraw_post,
)
from assay.jobs.content.write_post import draft_post, drop_post, edit_post
from assay.store.models import Attachment, Event, Post
from assay.store.queries.content.readable import published
from assay.store.queries.public.public_posts import post_of
from tests.announcements import said as announced
from tests.posts import AT, for_tiers, make_person, posted, said, session, with_benefit

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def sam():
    return make_person("Sam")


def acts():
    return [(event.act, event.words) for event in Event.objects.order_by("pk")]


def test_a_draft_is_not_published(sam):
    draft_post(announced("News", "Text"), by=sam, at=AT)
    assert not published().exists()
    assert post_of("news") is None


def test_every_step_is_recorded(sam):
    made = draft_post(said(title="News"), by=sam, at=AT)
    edit_post(made.pk, said(title="Good news"), by=sam, at=AT)
    publish_post(made.pk, by=sam, at=LATER)
    edit_post(made.pk, said(title="Best news"), by=sam, at=LATER)
    withdraw_post(made.pk, by=sam, at=LATER)
    drop_post(draft_post(said(title="Other"), by=sam, at=LATER).pk, by=sam, at=LATER)
    assert acts() == [
        ("post_drafted", "Sam drafted “News”"),
        ("post_edited", "Sam edited the draft “Good news”"),
        ("post_published", "Sam published “Good news”"),
        ("post_edited", "Sam changed “Best news”"),
        ("post_withdrawn", "Sam withdrew “Best news”"),
        ("post_drafted", "Sam drafted “Other”"),
        ("post_dropped", "Sam dropped the draft “Other”"),
    ]


def test_the_address_follows_the_title_until_it_is_published(sam):
    made = draft_post(announced("News", "Text"), by=sam, at=AT)
    edit_post(made.pk, announced("Good news", "More"), by=sam, at=AT)
    publish_post(made.pk, by=sam, at=LATER)
    edit_post(made.pk, announced("Best news", "Most"), by=sam, at=LATER)
    found = post_of("good-news")
    assert (found.title, found.body, found.changed_at) == ("Best news", "Most", LATER)


def test_what_was_published_keeps_what_it_said_before(sam):
    made = posted(body="One", audience=for_tiers("gold"), by=sam)
    edit_post(made.pk, said(body="Two", audience=for_tiers("gold")), by=sam, at=LATER)
    edit_post(made.pk, said(body="Two", audience=for_tiers("gold")), by=sam, at=LATER)
    (version,) = made.versions.all()
    assert (version.body, version.until, version.terms["tiers"]) == ("One", LATER, ["gold"])


def test_two_posts_of_one_title_have_two_addresses(sam):
    slugs = [draft_post(said(title="News"), by=sam, at=AT).slug for _ in range(3)]
    assert slugs == ["news", "news-2", "news-3"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Feed", "feed-2"), ("Read", "read-2"), ("New", "new-2"), ("日本", "council-note")],
)
def test_an_address_is_never_another_pages_nor_empty(sam, title, slug):
    assert draft_post(said(PostKind.COUNCIL_NOTE, title), by=sam, at=AT).slug == slug


@pytest.mark.parametrize(
    "content",
    [
        said(audience=Audience(public=True)),
        said(PostKind.ANNOUNCEMENT),
        said(PostKind.ANNOUNCEMENT, audience=Audience(public=True, roles=("owner",))),
        said(audience=with_benefit("gone")),
        said(PostKind.WEBINAR, session=None),
        said(PostKind.UPDATE, session=session()),
        said(PostKind.WEBINAR, session=session(hours=0)),
        said(PostKind.UPDATE, takes_sign_ups=True),
    ],
)
def test_what_contradicts_itself_is_refused(sam, content):
    with pytest.raises(Refused):
        draft_post(content, by=sam, at=AT)
    assert not Post.objects.exists()


def test_what_is_published_is_not_published_again_or_dropped(sam):
    made = posted(by=sam)
    for act in (publish_post, drop_post):
        with pytest.raises(Refused, match="it is published"):
            act(made.pk, by=sam, at=LATER)
    assert published().get().published_at == AT


def test_a_post_stays_of_its_kind(sam):
    made = draft_post(said(), by=sam, at=AT)
    with pytest.raises(Refused, match="stays of the kind"):
        edit_post(made.pk, said(PostKind.ROADMAP), by=sam, at=AT)


def test_what_is_withdrawn_is_gone_for_everybody_and_for_good(sam):
    made = posted(by=sam)
    withdraw_post(made.pk, by=sam, at=LATER)
    assert not published().exists()
    for act in (publish_post, withdraw_post, drop_post):
        with pytest.raises(Refused, match="it is withdrawn"):
            act(made.pk, by=sam, at=LATER)


def test_a_draft_that_is_gone_is_refused(sam):
    made = draft_post(said(), by=sam, at=AT)
    drop_post(made.pk, by=sam, at=AT)
    with pytest.raises(Refused, match="no such post"):
        publish_post(made.pk, by=sam, at=AT)


def test_a_planned_post_is_published_at_its_moment_and_once(sam):
    made = draft_post(said(), by=sam, at=AT)
    schedule_post(made.pk, on=LATER, by=sam, at=AT)
    assert publish_due(at=LATER - timedelta(seconds=1)) == 0
    assert publish_due(at=LATER) == 1
    assert publish_due(at=LATER) == 0
    assert published().get().published_at == LATER
    assert acts()[-1] == ("post_published", "“News” was published as planned")


def test_a_plan_is_taken_back_and_none_is_made_for_the_past(sam):
    made = draft_post(said(), by=sam, at=AT)
    schedule_post(made.pk, on=LATER, by=sam, at=AT)
    schedule_post(made.pk, on=None, by=sam, at=AT)
    assert publish_due(at=LATER) == 0
    with pytest.raises(Refused, match="is past"):
        schedule_post(made.pk, on=AT, by=sam, at=AT)


@pytest.fixture
def installed(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)


@pytest.mark.usefixtures("installed")
def test_a_file_is_attached_and_goes_with_its_draft(sam, django_capture_on_commit_callbacks):
    made = draft_post(said(PostKind.RESOURCE), by=sam, at=AT)
    file = add_file(made.pk, io.BytesIO(b"%PDF-1"), name="a.pdf", title="", by=sam, at=AT)
    assert (file.title, file.media_type, file.size) == ("a.pdf", "application/pdf", 6)
    with django_capture_on_commit_callbacks(execute=True):
        drop_post(made.pk, by=sam, at=AT)
    assert attachments().open(file.file) is None


@pytest.mark.usefixtures("installed")
def test_a_file_that_no_post_may_have_is_not_left_behind(sam):
    made = draft_post(announced("News", "Text"), by=sam, at=AT)
    with pytest.raises(Refused, match="an announcement has no files"):
        add_file(made.pk, io.BytesIO(b"%PDF-1"), name="a.pdf", title="", by=sam, at=AT)
    assert list(attachments().folder.iterdir()) == []


def test_a_link_is_of_http_or_https_and_a_recording_of_a_webinar(sam):
    made = draft_post(said(), by=sam, at=AT)
    for url in ("javascript:alert(1)", "ftp://files.example/", "//files.example"):
        with pytest.raises(Refused):
            add_link(made.pk, url, title="", by=sam, at=AT)
    with pytest.raises(Refused, match="only a webinar has a recording"):
        add_link(made.pk, "https://a.example/", title="", is_recording=True, by=sam, at=AT)
    link = add_link(made.pk, "https://a.example/", title="", by=sam, at=AT)
    detach(made.pk, link.pk, by=sam, at=AT)
    assert not Attachment.objects.exists()
    assert acts()[-1] == ("post_detached", "Sam took “https://a.example/” off “News”")
