"""Content as staff write it: drafted, looked at, published, changed, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assay.core.content import PostKind
from assay.gateways.installation import Installation
from assay.jobs.content.sign_up import sign_up
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Attachment, Person, Post, PostVersion
from tests.announcements import draft, publish
from tests.portal.public.pages import Page
from tests.posts import make_partners, posted
from tests.public_marketplace import AT

pytestmark = pytest.mark.django_db
WORDS = {"title": "News", "body": "Hello **all**\n\n# More"}
WEBINAR = {
    **WORDS,
    "starts_at": "2030-07-08T15:00",
    "ends_at": "2030-07-08T16:30",
    "zone": "Europe/Stockholm",
    "join_link": "https://meet.example/1",
    "places": "2",
    "audience": "tiers",
    "tiers": ["gold", "platinum"],
}


@pytest.fixture
def as_staff(client):
    def sign_in(role="support"):
        person = Person.objects.create_user(f"{role}@demo.example", joined_at=AT, staff_role=role)
        client.force_login(person)
        session = client.session
        session[BOTH_FACTORS] = True
        session.save()
        return client

    return sign_in


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    found = Page(answer.content.decode())
    assert found.faults == []
    return found.text


def test_an_announcement_is_drafted_looked_at_edited_and_published(as_staff):
    client = as_staff()
    assert "Nothing is written yet" in page(client, "/staff/content/")
    assert "What will it be?" in page(client, "/staff/content/new/")
    assert page(client, "/staff/content/new/?kind=announcement")
    address = client.post("/staff/content/new/?kind=announcement", WORDS)["Location"]
    assert "Draft : nobody but staff sees it." in page(client, address)
    assert client.get("/announcements/news/").status_code == 404
    assert "Hello **all**" in page(client, f"{address}edit/")
    client.post(f"{address}edit/", {**WORDS, "title": "Good news"})
    client.post(f"{address}publish/")
    assert "Published" in page(client, address)
    assert "Good news" in page(client, "/announcements/good-news/")
    assert "Good news" in page(client, "/staff/content/")


def test_a_change_after_publishing_shows_its_day_and_keeps_what_was(as_staff):
    client = as_staff()
    made = publish(draft("News", "One", by=None, at=AT).pk, by=None, at=AT)
    client.post(f"/staff/content/{made.pk}/edit/", {"title": "News", "body": "Two"})
    assert PostVersion.objects.get().body == "One"
    public = page(client, "/announcements/news/")
    assert "Changed on" in public
    assert "One" not in public
    assert "One" in page(client, f"/staff/content/{made.pk}/")


def test_a_webinars_time_is_taken_on_the_hosts_clock(as_staff):
    client = as_staff()
    address = client.post("/staff/content/new/?kind=webinar", WEBINAR)["Location"]
    made = Post.objects.get()
    assert (made.starts_at, made.zone, made.places, made.tiers) == (
        datetime(2030, 7, 8, 13, tzinfo=UTC),
        "Europe/Stockholm",
        2,
        ["gold", "platinum"],
    )
    again = page(client, f"{address}edit/")
    assert "The host's time zone" in again
    client.post(f"{address}edit/", WEBINAR)
    assert made.starts_at == Post.objects.get().starts_at


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_at": "2030-07-08T14:00"}, "It ends before it begins"),
        ({"starts_at": "2030-03-31T02:30", "ends_at": "2030-03-31T04:00"}, "no such time"),
        ({"starts_at": "soon"}, "Give a day and a time"),
        ({"tiers": []}, "Select at least one tier"),
        ({"join_link": "ftp://a.example/"}, "begins with https:// or http://"),
        ({"places": "0"}, "greater than or equal to 1"),
        ({"audience": "benefit:gone"}, "Select a valid choice"),
        ({"zone": "Europe/Nowhere"}, "Select a valid choice"),
        ({"title": "x" * 161, "body": ""}, "at most 160 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_not_kept(as_staff, wrong, said):
    answer = as_staff().post("/staff/content/new/?kind=webinar", {**WEBINAR, **wrong})
    assert answer.status_code == 422
    found = Page(answer.content.decode())
    assert found.faults == []
    assert said in found.text
    assert not Post.objects.exists()


def test_a_post_is_previewed_as_a_reader_of_a_tier_and_role(as_staff):
    client = as_staff()
    body = {**WORDS, "audience": "benefit:early_access", "roles": ["owner"]}
    address = client.post("/staff/content/new/?kind=program", body)["Location"]
    seen = page(client, f"{address}?tier=gold&role=owner")
    assert "You can read this because Gold has the benefit" in seen
    assert "Hello" in seen
    for query in ("tier=gold&role=viewer", "tier=silver&role=owner", "tier=none&role=owner"):
        unseen = page(client, f"{address}?{query}")
        assert "This reader does not see it" in unseen
        assert "Hello" not in unseen


def test_a_post_is_planned_and_the_plan_taken_back(as_staff):
    client = as_staff()
    address = client.post("/staff/content/new/?kind=update", {**WORDS, "audience": "every"})
    address = address["Location"]
    client.post(f"{address}publish/", {"on": "2030-01-01T09:00"})
    assert "Scheduled" in page(client, address)
    assert Post.objects.get().publish_at == datetime(2030, 1, 1, 9, tzinfo=UTC)
    client.post(f"{address}unschedule/")
    assert Post.objects.get().publish_at is None
    past = client.post(f"{address}publish/", {"on": "2020-01-01T09:00"})
    assert past.status_code == 422
    assert "Is past" in past.content.decode()


def test_what_is_published_is_withdrawn_and_not_dropped(as_staff):
    client = as_staff()
    made = publish(draft("News", "Text", by=None, at=AT).pk, by=None, at=AT)
    address = f"/staff/content/{made.pk}/"
    client.post(f"{address}drop/")
    assert "It is published" in page(client, address)
    client.post(f"{address}withdraw/")
    assert "Withdrawn" in page(client, address)
    assert client.get("/announcements/news/").status_code == 404


def test_a_draft_is_dropped(as_staff):
    client = as_staff()
    made = draft("News", "Text", by=None, at=AT)
    assert client.post(f"/staff/content/{made.pk}/drop/")["Location"] == "/staff/content/"
    assert client.get(f"/staff/content/{made.pk}/").status_code == 404


def test_files_and_links_are_attached_checked_and_taken_off(as_staff, settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)
    client = as_staff()
    made = posted()
    address = f"/staff/content/{made.pk}/"
    for name, content in (("a.svg", b"<svg>"), ("a.pdf", b"<html>")):
        sent = {"file": SimpleUploadedFile(name, content)}
        assert client.post(f"{address}files/", sent).status_code == 422
    assert client.post(f"{address}files/", {"url": "ftp://a.example/"}).status_code == 422
    assert client.post(f"{address}files/", {}).status_code == 422
    client.post(
        f"{address}files/", {"title": "Plan", "file": SimpleUploadedFile("a.pdf", b"%PDF-1")}
    )
    client.post(f"{address}files/", {"title": "Site", "url": "https://a.example/"})
    seen = page(client, address)
    assert "Plan" in seen
    assert "Site" in seen
    for one in Attachment.objects.all():
        client.post(f"{address}files/{one.pk}/remove/")
    assert not Attachment.objects.exists()


def test_who_signed_up_is_listed_and_downloaded(as_staff):
    gold = make_partners()["gold"]
    made = posted(PostKind.WEBINAR)
    sign_up(made.pk, person=Person.objects.get(name="gold-owner"), partner=gold.pk, at=AT)
    client = as_staff("auditor")
    assert "gold-owner@demo.example" in page(client, f"/staff/content/{made.pk}/sign-ups/")
    rows = client.get(f"/staff/content/{made.pk}/sign-ups/?download=csv")
    assert (
        b"".join(rows.streaming_content)
        .decode()
        .splitlines()[1]
        .startswith("gold-owner,gold-owner@demo.example,gold co,Has a place,")
    )


def test_the_list_says_how_many_members_have_read_it(as_staff):
    make_partners()
    posted()
    assert "0 of 10" in page(as_staff(), "/staff/content/")


def test_those_who_only_read_may_not_write(as_staff):
    client = as_staff("auditor")
    made = draft("News", "Text", by=None, at=AT)
    assert "Publish" not in page(client, f"/staff/content/{made.pk}/").replace("Published", "")
    for address in ("new/", f"{made.pk}/edit/", f"{made.pk}/publish/", f"{made.pk}/drop/"):
        assert client.post(f"/staff/content/{address}", WORDS).status_code == 403
    assert Post.objects.get().published_at is None
