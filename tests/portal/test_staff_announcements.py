"""Announcements as staff write them."""

from __future__ import annotations

import pytest

from assay.jobs.notices.announce import draft, publish
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Announcement, Person
from tests.portal.public.pages import Page
from tests.public_marketplace import AT

pytestmark = pytest.mark.django_db
WORDS = {"title": "News", "body": "Hello **all**\n\n# More"}


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


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    found = Page(answer.content.decode())
    assert found.faults == []
    return found.text


def test_an_announcement_is_drafted_looked_at_edited_and_published(as_staff):
    client = as_staff()
    assert "No announcement yet" in page(client, "/staff/announcements/")
    assert page(client, "/staff/announcements/new/")
    address = client.post("/staff/announcements/new/", WORDS)["Location"]
    assert "A draft: nobody but staff sees it." in page(client, address)
    assert client.get("/announcements/news/").status_code == 404
    assert "Hello **all**" in page(client, f"{address}edit/")
    client.post(f"{address}edit/", {**WORDS, "title": "Good news"})
    client.post(f"{address}publish/")
    assert "Published on" in page(client, address)
    assert "Good news" in page(client, "/announcements/good-news/")
    assert "Good news" in page(client, "/staff/announcements/")


def test_what_is_published_cannot_be_edited_or_dropped(as_staff):
    client = as_staff()
    made = publish(draft("News", "Text", by=None, at=AT).pk, by=None, at=AT)
    address = f"/staff/announcements/{made.pk}/"
    assert client.get(f"{address}edit/")["Location"] == address
    client.post(f"{address}edit/", WORDS)
    client.post(f"{address}drop/")
    assert "It is published already" in page(client, address)
    assert Announcement.objects.get().body == "Text"


def test_a_draft_is_dropped(as_staff):
    client = as_staff()
    made = draft("News", "Text", by=None, at=AT)
    assert client.post(f"/staff/announcements/{made.pk}/drop/")["Location"] == (
        "/staff/announcements/"
    )
    assert client.get(f"/staff/announcements/{made.pk}/").status_code == 404


def test_an_announcement_without_words_is_not_kept(as_staff):
    answer = as_staff().post("/staff/announcements/new/", {"title": "x" * 161, "body": ""})
    assert Page(answer.content.decode()).faults == []
    assert Announcement.objects.count() == 0


def test_those_who_only_read_may_not_write(as_staff):
    client = as_staff("auditor")
    made = draft("News", "Text", by=None, at=AT)
    assert "Publish" not in page(client, f"/staff/announcements/{made.pk}/").replace(
        "Published", ""
    )
    for address in ("new/", f"{made.pk}/edit/", f"{made.pk}/publish/", f"{made.pk}/drop/"):
        assert client.post(f"/staff/announcements/{address}", WORDS).status_code == 403
    assert Announcement.objects.get().published_at is None
