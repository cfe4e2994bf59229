"""What people write is shown as they wrote it and never runs: every text field, in Chromium."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import expect

from tests.journeys.naughty import NAUGHTY, RUN, SCRIPT, packed
from tests.journeys.test_journeys import press, send

FIRST, *MORE = packed(7900)  # what a description holds
IMAGE = f"<img src=x onerror={RUN}>"


def save(page, address, **cells):
    """Fill the form at an address, and send it."""
    page.goto(address)
    for label, value in cells.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.locator("main form.sheet button.first").click()


def see(page, *addresses):
    """See that nothing runs on pages, leads to a script, or leads away."""
    for address in addresses:
        if address:
            assert page.goto(address).status == 200
        assert page.evaluate("window.owned") is None, address
        links = page.eval_on_selector_all("a", "them => them.map(a => a.protocol)")
        assert set(links) <= {"http:", "https:", "mailto:"}
        assert page.url.endswith(address)


def test_what_people_write_never_runs(demo, tmp_path):
    owner, staff, public = demo.page("owner-promoted"), demo.page("staff-manager"), demo.page()
    partner = demo.persona("owner-promoted")["partner"]
    portal = f"/portal/{partner}/"
    save(owner, f"{portal}profile/names/", Legal_name=f'"><svg/onload={RUN}>', Public_name=IMAGE)
    owner.goto(f"{portal}apps/new/")
    owner.get_by_label("App key").fill("com.example.naughty")
    owner.get_by_label("Name", exact=True).fill(f"naughty {IMAGE}")
    owner.get_by_label("Tagline").fill(SCRIPT)
    owner.get_by_label("Description").fill(FIRST)
    owner.get_by_label("Cloud", exact=True).select_option("platform")
    owner.get_by_label("Jira", exact=True).check()
    owner.get_by_label("Integrations", exact=True).check()
    press(owner, "Save", exact=True)
    press(owner, "Submit for approval")
    app = owner.url.removesuffix("/").rpartition("/")[2]
    staff.goto(f"/staff/apps/{app}/")
    staff.get_by_label("Reason").fill(FIRST[:2000])
    press(staff, "Approve and list")
    staff.goto(f"/staff/partners/{partner}/")
    staff.get_by_label("Why do you look?").fill(IMAGE)
    press(staff, "View as this partner")
    owner.goto("/program/")
    press(owner, "No")
    owner.get_by_label("What would make this page better?").fill(FIRST[:2000])
    owner.locator("form:has(textarea) button").click()
    expect(owner.get_by_text("Thank")).to_be_visible()
    for text in (FIRST, *MORE):
        save(owner, f"{portal}profile/presentation/", Description=text)
        save(staff, "/staff/content/new/?kind=announcement", Title=IMAGE, Text=text)
        see(staff, "")
        see(owner, f"{portal}profile/")
        see(public, f"/partners/{partner}/")
    staff.once("dialog", lambda asked: asked.accept())
    press(staff, "Publish")

    public.goto("/announcements/")
    post = public.locator("main a").filter(has_text="onerror").first.get_attribute("href")
    see(owner, portal, f"{portal}apps/{app}/", f"{portal}notices/")
    see(public, "/", "/partners/", f"/apps/{app}/", post)
    see(staff, f"/staff/partners/{partner}/", f"/staff/apps/{app}/", "/staff/ratings/")
    see(staff, "/staff/record/", "/staff/content/", "/staff/search/?q=onerror", portal)
    assert public.request.get("/announcements/feed.atom").status == 200
    send(staff, tmp_path / "naughty.csv", report())
    see(staff, "")
    demo.close(owner, staff, public)


def report():
    """Write a report in which every naughty string is a kind of hosting, and an app."""
    head = "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,currency"
    told = io.StringIO()
    rows = csv.writer(told)
    rows.writerow(head.split(","))
    for number, one in enumerate(NAUGHTY):
        rows.writerow((f"n{number}", "1", one, one, "2026-01-05", "new", "100.00", "USD"))
    return told.getvalue()
