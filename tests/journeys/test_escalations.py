"""An escalation in a real browser: opened, due in two zones, answered, disputed, restated."""

from __future__ import annotations

import re
from datetime import datetime

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press

SUBJECT = "Journey: boards do not open"


def test_an_escalation_is_answered_in_time_and_an_older_time_is_disputed(demo):
    staff, member = demo.page("staff-support"), demo.page("support-member")
    open_one(staff, demo.persona("support-member")["partner"])
    answer_it(demo, member)

    staff.goto("/staff/escalations/")
    expect(staff.get_by_role("link", name=SUBJECT)).to_have_count(0)
    staff.get_by_label("Show").select_option("Answered lately")
    press(staff, "Filter")
    expect(staff.get_by_role("link", name=SUBJECT)).to_have_count(1)

    number, held, half_past = dispute_older(member)
    lead = demo.page("staff-manager")
    lead.goto(f"/staff/escalations/{number}/")
    lead.get_by_label("Reason").fill("We heard it too.")
    look(lead)
    press(lead, "Grant: state this time")
    expect(lead.get_by_text("The response time is stated anew.")).to_be_visible()

    member.reload()
    expect(member.locator("del")).to_contain_text(held)
    expect(member.locator("ins")).to_contain_text(f"{half_past} · 0.5 h")
    demo.close(staff, member, lead)


def open_one(staff, slug):
    """Open an escalation as platform support."""
    staff.goto("/staff/escalations/")
    follow(staff, "Open an escalation")
    staff.get_by_label("Partner", exact=True).fill(slug)
    staff.get_by_label("Customer").fill("Journey Corp")
    staff.get_by_label("Severity").select_option("urgent")
    staff.get_by_label("In one line").fill(SUBJECT)
    staff.get_by_label("What happened").fill("Nothing opens since noon.")
    look(staff)
    press(staff, "Open it")
    expect(staff.get_by_role("heading", level=1)).to_have_text(SUBJECT)


def answer_it(demo, member):
    """See when it is due on both clocks, and answer."""
    slug = demo.persona("support-member")["partner"]
    member.goto(f"/portal/{slug}/notices/")
    expect(member.get_by_text(f"Escalation: {SUBJECT}")).to_be_visible()
    member.goto(f"/portal/{slug}/escalations/")
    expect(member.locator("#due")).to_contain_text("for you")
    follow(member, SUBJECT)
    due = member.locator("p.answer")
    expect(due).to_contain_text(re.compile(r"Due \w{3} \d+ \w{3}, \d\d:\d\d in [A-Z]\w+"))
    expect(due).to_contain_text(re.compile(r"\d+ h( \d+ min)? left|\d+ min left"))
    expect(due).to_contain_text(re.compile(r"\d\d:\d\d for you"))
    look(member)
    member.get_by_label("Message").fill("We look at it.")
    press(member, "Send the first response")
    expect(member.get_by_text("This first response has stopped the clock.")).to_be_visible()
    expect(member.get_by_text("in time", exact=True)).to_be_visible()


def dispute_older(member):
    """Dispute an older one: it was answered half an hour after its opening at nine."""
    follow(member, "Escalations", exact=True)
    expect(member.get_by_role("heading", level=1)).to_have_text("Escalations")
    member.get_by_role("link", name=re.compile("^ESC-\\d")).first.click()
    held = member.get_by_role("definition").nth(1).inner_text()
    opened = member.get_by_role("definition").nth(0).inner_text()
    follow(member, "Dispute the response time")
    day, clock = re.search(r"(\d+ \w+ \d{4}), (\d\d:\d\d)", opened).groups()
    said = datetime.strptime(f"{day} {clock}", "%d %b %Y %H:%M")  # noqa: DTZ007 - a wall clock
    member.get_by_label("When you first answered").fill(f"{said:%Y-%m-%dT%H}:30")
    member.get_by_label("Why this time counts").fill("By telephone.")
    look(member)
    press(member, "Dispute it")
    expect(member.get_by_role("heading", name="Waits for a decision")).to_be_visible()
    number = member.url.rstrip("/").rpartition("/")[2]
    return number, held, f"{said:%H}:30"
