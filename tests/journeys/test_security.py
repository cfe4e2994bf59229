"""An app takes part in a security program; the rules change, and whom that touches is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press


def test_an_owner_applies_staff_ask_back_and_the_public_listing_shows_the_badge(demo, tmp_path):
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF-1.7\nmade up")
    page = demo.page("owner-safe")
    page.goto("/portal/")
    page.locator("nav.side").get_by_role("link", name="Security programs").click()
    offer = page.locator("section", has=page.get_by_role("heading", name="Data Center approval"))
    offer.get_by_role("link").first.click()
    page.get_by_label("It works on a cluster of several nodes").check()
    page.get_by_label("Report of the performance and scale test").set_input_files(report)
    page.get_by_label("How the app keeps data and secrets safe").fill("In a vault.")
    page.get_by_label("Address of the documentation").fill("https://docs.example/")
    page.get_by_label("Customers of Data Center get support").check()
    look(page)
    press(page, "Apply", exact=True)
    expect(page.locator(".page-head .badge")).to_have_text("waits for a decision")
    app = page.get_by_role("heading", level=1).inner_text().partition(":")[0]
    look(page)

    staff = demo.page("staff-security")
    staff.goto("/staff/")
    staff.locator("nav.side").get_by_role("link", name="Security programs").click()
    row = staff.locator("tbody tr", has_text="Data Center approval").filter(has_text=app)
    row.get_by_role("link").first.click()
    staff.get_by_label("Reason").fill("Which vault?")
    press(staff, "Ask back")
    page.reload()
    expect(page.locator("main")).to_contain_text("Which vault?")
    follow(page, "Answer", exact=True)
    page.get_by_label("How the app keeps data and secrets safe").fill("In the customer's own.")
    press(page, "Send it in")
    staff.reload()
    expect(staff.locator("main")).to_contain_text("In the customer's own.")
    look(staff)
    press(staff, "Approve", exact=True)
    expect(staff.locator(".page-head .badge")).to_have_text("takes part")

    page.goto("/portal/")
    follow(page, "Apps", exact=True)
    follow(page, app)
    follow(page, "As the public sees it")
    attested = page.locator("section", has=page.locator("#safe"))
    expect(attested).to_contain_text("The marketplace has examined the Data Center version")
    expect(attested).to_contain_text("Since")
    demo.close(page, staff)


def test_staff_see_whom_a_raised_minimum_touches_and_the_owner_is_told_by_name(demo):
    owner = demo.page("owner-safe")
    owner.goto("/portal/")
    partner = owner.locator("nav.side summary").inner_text().strip()
    staff = demo.page("staff-security")
    staff.goto("/staff/")
    staff.locator("nav.side").get_by_role("link", name="Program rules").click()
    look(staff)
    follow(staff, "Change…")
    now = datetime.now(UTC)  # noqa: TID251 - a served demo goes by the clock
    day = (now + timedelta(days=40)).date().isoformat()
    staff.get_by_label("From", exact=True).fill(day)
    for severity, amount in (("P1", "2500"), ("P2", "1500"), ("P3", "900"), ("P4", "500")):
        staff.get_by_label(severity, exact=True).fill(amount)
    press(staff, "Show what it changes")
    row = staff.locator("tbody tr", has=staff.get_by_role("link", name=partner, exact=True))
    expect(row).to_contain_text("No longer met: Bug bounty awards meet the minimum payouts (R7)")
    look(staff)
    staff.get_by_label("Reason").fill("Researchers are paid more elsewhere.")
    press(staff, "Change it and tell them")
    expect(staff.locator("main")).to_contain_text("coming")

    follow(owner, "Notices")
    follow(owner, f"{partner}: the rules change on")
    expect(owner.locator("main")).to_contain_text("Researchers are paid more elsewhere.")
    expect(owner.locator("main")).to_contain_text(re.compile("What it means for " + partner))
    look(owner)
    demo.close(owner, staff)
