"""Staff publish a webinar for some tiers; a member signs up, and for others it does not exist."""

from __future__ import annotations

import re

from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.test_journeys import fill, follow, look, press, sign_up

TITLE = "Journey to better listings"


def publish_webinar(staff):
    """Write it, look at it as two readers, and publish it."""
    staff.goto("/staff/")
    follow(staff, "Content", exact=True)
    follow(staff, "New post")
    follow(staff, "Webinar", exact=True)
    fill(staff, Title=TITLE, Text="What customers **look at** first.")
    staff.get_by_label("Begins").fill("2032-03-09T15:00")
    staff.get_by_label("Ends").fill("2032-03-09T16:00")
    staff.get_by_label("The host's time zone").select_option("Europe/Stockholm")
    staff.get_by_label("Link to join").fill("https://meet.example/journey")
    staff.get_by_label("Places").fill("2")
    staff.get_by_label("Who reads it").select_option("Chosen tiers")
    for tier in ("Gold", "Platinum"):
        staff.get_by_label(tier, exact=True).check()
    look(staff)
    press(staff, "Keep and preview")
    expect(staff.get_by_role("heading", level=1)).to_have_text(TITLE)
    for tier, seen in (("Silver", "This reader does not see it"), ("Gold", "You can read this")):
        staff.get_by_label("Credited tier").select_option(tier)
        staff.get_by_label("Role").select_option("Viewer")
        press(staff, "See it as this reader")
        expect(staff.get_by_text(seen)).to_be_visible()
    look(staff)
    press(staff, "Publish", exact=True)
    expect(staff.get_by_role("status")).to_have_text("Published.")


def test_a_webinar_for_gold_is_previewed_published_and_signed_up_for(demo, tmp_path):
    staff = demo.page("staff-support")
    publish_webinar(staff)

    owner = demo.page("owner-safe")
    owner.goto("/portal/")
    side = owner.locator("nav.side")
    expect(side.get_by_role("link", name="Resources")).to_contain_text("unread")
    side.get_by_role("link", name="Resources").click()
    row = owner.get_by_role("row").filter(has_text=TITLE)
    expect(row.get_by_text("new", exact=True)).to_be_visible()
    follow(owner, TITLE)
    expect(owner.get_by_text("meet.example")).to_have_count(0)
    press(owner, "Sign up", exact=True)
    expect(owner.get_by_role("status")).to_have_text("You have a place.")
    expect(owner.get_by_role("link", name="https://meet.example/journey")).to_be_visible()
    look(owner)
    with owner.expect_download() as download:
        follow(owner, "Calendar file")
    download.value.save_as(tmp_path / "webinar.ics")
    (event,) = Calendar.from_ical((tmp_path / "webinar.ics").read_bytes()).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), f"{event.decoded('DTSTART')}") == (
        TITLE,
        "https://meet.example/journey",
        "2032-03-09 14:00:00+00:00",
    )
    side.get_by_role("link", name="Resources").click()
    expect(row.get_by_text("new", exact=True)).to_have_count(0)
    side.get_by_role("link", name="Webinars").click()
    expect(owner.get_by_role("row").filter(has_text=TITLE)).to_contain_text("You have a place")
    page_of_it = owner.get_by_role("link", name=TITLE).get_attribute("href")

    newcomer = sign_up(demo, "Wil Without", "wil@journey.example")
    newcomer.goto("/portal/")
    press(newcomer, "Begin a new profile")
    newcomer.get_by_label("Public name").fill("Without a tier")
    newcomer.get_by_label("Legal name").fill("Without a tier Demo Ltd")
    press(newcomer, "Save and continue")
    newcomer.goto("/portal/")
    own = re.match(r".*(/portal/[^/]+/)", newcomer.url)[1]
    slug = page_of_it.removesuffix("/").rpartition("/")[2]
    for address in (page_of_it, f"{own}resources/{slug}/", f"{own}resources/{slug}/calendar.ics"):
        assert newcomer.goto(address).status == 404
    newcomer.goto(f"{own}resources/?q=journey")
    expect(newcomer.get_by_text(TITLE)).to_have_count(0)
    demo.close(staff, owner, newcomer)
