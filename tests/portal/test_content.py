"""Content as members read it: lists, one post, files, calendar, sign-up."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from assay.core.content import PostKind
from assay.gateways.installation import Installation
from assay.jobs.content.attach import add_file, add_link
from assay.jobs.content.publish_post import cancel_webinar, withdraw_post
from assay.jobs.content.write_post import draft_post
from assay.store.models import Person, PostRead, SignUp
from tests.portal.public.pages import Page
from tests.posts import AT, for_tiers, make_partners, make_person, person, posted, said, session

pytestmark = pytest.mark.django_db
GOLD, SILVER = "/portal/gold-co/", "/portal/silver-co/"


@pytest.fixture
def sam():
    return make_person("Sam")


@pytest.fixture
def signed_in(client):
    make_partners()

    def sign_in(name):
        client.force_login(person(name))
        return client

    return sign_in


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    found = Page(answer.content.decode())
    assert found.faults == []
    return found.text


def test_the_list_has_what_is_new_first_and_reading_takes_the_mark_away(signed_in):
    posted(title="Older", at=AT - timedelta(days=1))
    posted(title="Newer")
    client = signed_in("gold-viewer")
    assert page(client, f"{GOLD}resources/").count(" new ") == 2
    page(client, f"{GOLD}resources/newer/")
    seen = page(client, f"{GOLD}resources/")
    assert seen.count(" new ") == 1
    assert seen.index("Older") < seen.index("Newer")
    assert "Older" not in page(client, f"{GOLD}resources/?q=newer")
    assert "Newer" not in page(client, f"{GOLD}resources/?unread=on")
    client.post(f"{GOLD}resources/read/")
    assert " new " not in page(client, f"{GOLD}resources/")


def test_the_navigation_counts_what_is_unread_and_webinars_to_come_among_it(signed_in):
    def counts(name, partner="gold"):
        seen = signed_in(name).get(f"/portal/{partner}-co/profile/").content.decode()
        return re.findall(r"(\w+) <span class=\"count\">(\d+)<", seen)

    posted(title="Update")
    posted(kind=PostKind.WEBINAR, title="To come", session=session(days=36_500))
    posted(kind=PostKind.WEBINAR, title="Over", session=session(days=0))
    posted(title="Not for Gold", audience=for_tiers("silver"))
    assert counts("gold-viewer") == [("Resources", "3"), ("Webinars", "1")]
    signed_in("gold-viewer").get(f"{GOLD}resources/to-come/")
    assert counts("gold-viewer") == [("Resources", "2")]
    assert counts("none-owner", "none") == [("Resources", "3"), ("Webinars", "1")]


def test_the_first_page_of_the_portal_shows_the_newest_that_is_not_read(signed_in):
    for day in range(4):
        posted(title=f"Post of day {day}", at=AT - timedelta(days=day))
    posted(title="Only for Silver", audience=for_tiers("silver"))
    client = signed_in("none-owner")
    seen = page(client, "/portal/none-co/")
    assert [f"Post of day {day}" in seen for day in range(4)] == [True, True, True, False]
    assert "Only for Silver" not in seen


def test_outside_the_audience_there_is_no_such_thing_anywhere(signed_in, sam, settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)
    made = posted(PostKind.WEBINAR, "Secret campaign", audience=for_tiers("gold"))
    file = add_file(made.pk, io.BytesIO(b"%PDF-1"), name="a.pdf", title="", by=sam, at=AT)
    client = signed_in("silver-owner")
    own = f"{SILVER}resources/{made.slug}/"
    for address in (own, f"{own}calendar.ics", f"{own}files/{file.pk}/"):
        assert client.get(address).status_code == 404
        assert client.get(address.replace("silver-co", "gold-co")).status_code == 404
    for act in ("sign-up", "leave"):
        assert client.post(f"{own}{act}/").status_code == 404
    places = ("resources/", "resources/?q=secret", "resources/?unread=on", "webinars/")
    for place in (*places, "webinars/?show=past", "webinars/?show=mine", "notices/"):
        assert "Secret" not in page(client, f"{SILVER}{place}")
    rows = client.get(f"{SILVER}resources/?download=csv")
    assert b"Secret" not in b"".join(rows.streaming_content)
    assert "0 of 0" not in page(client, f"{SILVER}resources/")
    assert not SignUp.objects.exists()


def test_a_draft_and_what_is_withdrawn_do_not_exist(signed_in, sam):
    draft = draft_post(said(title="Draft"), by=sam, at=AT)
    gone = posted(title="Gone")
    withdraw_post(gone.pk, by=sam, at=AT)
    client = signed_in("gold-owner")
    for post in (draft, gone):
        assert client.get(f"{GOLD}resources/{post.slug}/").status_code == 404
    assert not PostRead.objects.exists()


def test_a_file_is_streamed_as_a_download_that_cannot_act(signed_in, sam, settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)
    made = posted(PostKind.RESOURCE, "Plan")
    file = add_file(made.pk, io.BytesIO(b"%PDF-1"), name="a b.pdf", title="P", by=sam, at=AT)
    link = add_link(made.pk, "https://a.example/x", title="Site", by=sam, at=AT)
    client = signed_in("gold-viewer")
    seen = page(client, f"{GOLD}resources/plan/")
    assert "a.example" in seen
    answer = client.get(f"{GOLD}resources/plan/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1"
    assert answer["Content-Disposition"] == 'attachment; filename="a b.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(f"{GOLD}resources/plan/files/{link.pk}/").status_code == 404


def test_a_webinar_shows_both_times_and_its_link_to_those_with_a_place(signed_in):
    there = session(zone="Asia/Tokyo", join_link="https://meet.example/1")
    posted(PostKind.WEBINAR, session=there, places=1)
    Person.objects.filter(name="gold-owner").update(time_zone="Europe/Stockholm", locale="en_GB")
    client = signed_in("gold-owner")
    before = page(client, f"{GOLD}resources/news/")
    assert "8 Jul 2026, 11:00 (Europe/Stockholm)" in before
    assert "8 Jul 2026, 18:00 (Asia/Tokyo)" in before
    assert "meet.example" not in before
    assert "8 Jul 2026, 18:00 (Asia/Tokyo)" in page(client, f"{GOLD}webinars/?show=past")


def calendar(client):
    answer = client.get(f"{GOLD}resources/news/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


@pytest.fixture
def coming(signed_in, monkeypatch):  # noqa: ARG001 - makes the partners
    """Publish a webinar that is coming whatever the clock says."""
    far = session(days=36_500, join_link="https://meet.example/1")
    return posted(PostKind.WEBINAR, session=far, places=1)


def test_who_signs_up_gets_the_link_and_who_leaves_loses_it(coming, client, sam):
    client.force_login(person("gold-viewer"))
    before = calendar(client)
    assert "LOCATION" not in before
    client.post(f"{GOLD}resources/news/sign-up/")
    assert "You have a place." in page(client, f"{GOLD}resources/news/")
    assert "You have a place" in page(client, f"{GOLD}webinars/?show=mine")
    event = calendar(client)
    assert str(event["LOCATION"]) == "https://meet.example/1"
    assert str(event["UID"]).startswith(f"webinar-{coming.pk}@")
    cancel_webinar(coming.pk, by=sam, at=AT)
    after = calendar(client)
    assert (str(after["UID"]), str(after["STATUS"])) == (str(event["UID"]), "CANCELLED")
    assert after["SEQUENCE"] == event["SEQUENCE"] + 1
    client.post(f"{GOLD}resources/news/leave/")
    assert "LOCATION" not in calendar(client)


@pytest.mark.usefixtures("coming")
def test_where_every_place_is_taken_one_waits(client):
    for name, said_to_them in (("gold-owner", "You have a place."), ("gold-viewer", "You wait")):
        client.force_login(person(name))
        client.post(f"{GOLD}resources/news/sign-up/")
        assert said_to_them in page(client, f"{GOLD}resources/news/")
    assert "meet.example" not in page(client, f"{GOLD}resources/news/")
    assert "none, but a waiting list" in page(client, f"{GOLD}webinars/")


def test_a_recording_shows_once_it_is_over(signed_in, sam):
    over = posted(PostKind.WEBINAR, "Over", session=session(days=-9))
    coming = posted(PostKind.WEBINAR, "Coming", session=session(days=36_500))
    for post in (over, coming):
        url = "https://video.example/1"
        add_link(post.pk, url, title="Watch", is_recording=True, by=sam, at=AT)
    client = signed_in("gold-owner")
    assert "Watch" in page(client, f"{GOLD}resources/over/")
    assert "Watch" not in page(client, f"{GOLD}resources/coming/")
    past = page(client, f"{GOLD}webinars/?show=past")
    assert "recorded" in past
    assert "Coming webinar" not in past


def test_a_page_of_what_has_no_time_has_no_calendar_file(signed_in):
    posted()
    assert signed_in("gold-owner").get(f"{GOLD}resources/news/calendar.ics").status_code == 404
