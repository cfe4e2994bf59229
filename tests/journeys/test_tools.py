"""Staff load a stock of a free tool; who waits gets one, an owner claims one, viewers see none."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press


def test_staff_load_codes_and_owners_get_them(demo):
    waiting = demo.page("owner-safe")
    waiting.goto("/portal/")
    follow(waiting, "Free tools")
    expect(waiting.locator("main")).to_contain_text("You are the next to get one.")
    look(waiting)

    staff = demo.page("staff-security")
    staff.goto("/staff/")
    staff.locator("nav.side").get_by_role("link", name="Free tools").click()
    follow(staff, "Load codes or seats")
    staff.get_by_label("Tool", exact=True).select_option("security_tools")
    staff.get_by_label("Codes or seats").fill("JOURNEY-0001\nJOURNEY-0002\nJOURNEY-0001\n")
    press(staff, "Load")
    told = staff.locator(".said-to-you")
    expect(told).to_contain_text("2 are new. One was a duplicate.")
    expect(told).to_contain_text("One went to a partner that waited.")
    look(staff)

    waiting.reload()
    expect(waiting.get_by_text("JOURNEY-0001", exact=True)).to_be_visible()
    owner = demo.page("owner-promoted")
    owner.goto("/portal/")
    follow(owner, "Free tools")
    press(owner, "Claim Free access to security tools")
    expect(owner.get_by_text("JOURNEY-0002", exact=True)).to_be_visible()

    viewer = demo.page("viewer-member")
    viewer.goto("/portal/")
    follow(viewer, "Free tools")
    expect(viewer.locator("main")).to_contain_text("Ends in 0001.")
    expect(viewer.get_by_text("JOURNEY-0001")).to_have_count(0)
    demo.close(waiting, staff, owner, viewer)
