"""What people come for, from end to end in a real browser on the served demo."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import expect

from tests.journeys.test_every_page import judge

PASSWORD = "four words nobody guesses"  # noqa: S105 - of a made-up person
SALES = """\
transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,vendor_amount,currency
journey-1,{partner},com.example.journey,cloud,2026-01-05,new,100.00,85.00,USD
journey-2,{partner},com.example.journey,cloud,2026-01-06,new,a lot,85.00,USD
journey-3,{partner},com.example.journey,on the moon,2026-01-07,new,300.00,85.00,USD
journey-4,{partner},com.example.journey,cloud,2026-01-08,new,even more,85.00,USD
"""


def look(page):
    """See that a page that only a journey reaches is readable by all."""
    assert list(judge(page, page.url, 200)) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def press(page, name, *, exact=False):
    page.get_by_role("button", name=name, exact=exact).click()


def follow(page, name, *, exact=False):
    page.get_by_role("link", name=name, exact=exact).first.click()


def fill(page, **cells):
    for label, value in cells.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def sign_up(demo, name, email):
    """Sign somebody up, confirm the address by the mail, and return their window."""
    page = demo.page()
    page.goto("/sign-up/")
    fill(page, Name=name, Email=email, Password=PASSWORD)
    press(page, "Sign up")
    expect(page.get_by_role("heading", level=1)).to_contain_text("mail")
    page.goto(demo.link_in_mail(email, "sign-up/"))
    press(page, "Yes, it is mine")
    return page


def test_a_newcomer_joins_and_lists_an_app_which_staff_approve_and_the_public_sees(demo):
    page = sign_up(demo, "Nora Newcomer", "nora@journey.example")
    page.goto("/portal/")
    press(page, "Begin a new profile")
    page.get_by_label("Public name").fill("Journey Links")
    page.get_by_label("Legal name").fill("Journey Links Demo Ltd")
    look(page)
    press(page, "Save and continue")
    page.get_by_label("Street and number").fill("1 Made-up Street")
    page.get_by_label("City").fill("Stockholm")
    page.get_by_label("Country").select_option("SE")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Time zone")  # Sweden has one
    follow(page, "Leave it for now")
    follow(page, "Continue")
    page.get_by_label("Website").fill("https://www.journey.example/")
    page.get_by_label("Support address").fill("help@journey.example")
    page.get_by_label("Support hours").fill("Monday to Friday, 9:00 to 17:00")
    press(page, "Save and continue")
    page.get_by_label("Description").fill("We make **links** that last.")
    press(page, "Save and continue")
    page.get_by_label("I may act for this partner").check()
    page.locator("main form button.first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Journey Links")

    follow(page, "Apps", exact=True)
    follow(page, "Draft an app")
    page.get_by_label("App key").fill("com.example.journey-links")
    page.get_by_label("Name", exact=True).fill("Journey Linker")
    page.get_by_label("Tagline").fill("Links that last")
    page.get_by_label("Description").fill("It links.")
    page.get_by_label("Cloud", exact=True).select_option("platform")
    page.get_by_label("Jira", exact=True).check()
    page.get_by_label("Integrations", exact=True).check()
    press(page, "Save", exact=True)
    press(page, "Submit for approval")
    public = demo.page()
    assert public.goto("/apps/journey-linker/").status == 404

    staff = demo.page("staff-security")
    staff.goto("/staff/apps/")
    follow(staff, "Journey Linker")
    look(staff)
    press(staff, "Approve and list")
    public.goto("/apps/journey-linker/")
    expect(public.get_by_role("heading", level=1)).to_have_text("Journey Linker")
    follow(public, "Journey Links")
    expect(public.get_by_role("heading", level=1)).to_have_text("Journey Links")
    expect(public.get_by_text("links", exact=True)).to_have_css("font-weight", "700")
    demo.close(page, staff, public)


def test_an_owner_opens_a_figure_to_its_rows_and_downloads_them(demo, tmp_path):
    page = demo.page("owner-safe")
    page.goto("/portal/")
    follow(page, "Standing", exact=True)
    figure = page.locator("main a[href$='/rows/gross_sales/']").first
    told = amount(figure.inner_text())
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sales")
    page.get_by_label("Counts?").select_option("Counted")
    press(page, "Filter")
    with page.expect_download() as download:
        follow(page, "CSV")
    download.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(Decimal(row["purchase price"]) for row in rows) == told
    demo.close(page)


def amount(words):
    """Read an amount of money as pages write it: $1,234.50."""
    return Decimal(re.search(r"\$([\d,.]+\d)", words)[1].replace(",", ""))


def test_staff_import_a_report_with_bad_rows_mend_them_and_import_them_again(demo, tmp_path):
    page = demo.page("staff-finance")
    send(page, tmp_path / "sales.csv", SALES.format(partner=demo.partner_key("owner-promoted")))
    causes = page.locator("details.cause")
    expect(causes).to_have_count(2)
    expect(causes.nth(0)).to_contain_text("2 rows")
    expect(causes.nth(1)).to_contain_text("1 row")
    expect(page.get_by_text("on the moon")).to_be_attached()
    expect(page.locator("details.names")).to_contain_text("one name, in one row")
    look(page)
    press(page, "Import the readable rows")
    expect(page.locator(".answer")).to_contain_text("The import added one row", timeout=60_000)
    with page.expect_download() as download:
        follow(page, "Download all refused rows")
    download.value.save_as(tmp_path / "refused.csv")
    refused = (tmp_path / "refused.csv").read_text(encoding="utf-8")
    assert [line.count("journey-") for line in refused.splitlines()[1:]] == [1, 1, 1]
    for bad, good in (("a lot", "200.00"), ("even more", "400.00"), ("on the moon", "cloud")):
        refused = refused.replace(bad, good)
    send(page, tmp_path / "mended.csv", refused)
    expect(page.locator("details.cause")).to_have_count(0)
    press(page, "Import", exact=True)
    expect(page.locator(".answer")).to_contain_text("The import added 3 rows", timeout=60_000)
    demo.close(page)


def send(page, path, text):
    """Send a file with a text, and wait for its preview."""
    path.write_text(text, encoding="utf-8")
    page.goto("/staff/imports/send/")
    page.get_by_label("Files").set_input_files(path)
    page.get_by_label("Where it comes from").fill("journey")
    press(page, "Send and preview")
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)
    expect(page.locator("#progress")).to_have_count(0, timeout=60_000)


def test_a_viewer_is_refused_what_viewers_may_not(demo):
    page = demo.page("viewer-member")
    page.goto("/portal/")
    home = page.url
    for name in ("Standing", "Apps", "Decisions", "Notices", "Profile", "Team"):
        page.locator("nav.side").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("link", name="Sales", exact=True)).to_have_count(0)
    for part in ("sales/", "apps/new/", "team/invite/", "team/transfer/"):
        answer = page.goto(f"{home}{part}")
        assert answer.status == 403
        expect(page.get_by_text("Owner")).to_be_visible()
    assert page.goto("/staff/").status == 404
    other = demo.persona("owner-at-risk")["partner"]
    assert page.goto(f"/portal/{other}/").status == 404
    demo.close(page)


def test_a_removed_member_is_out_at_the_next_click(demo):
    member, owner = demo.page("finance-member"), demo.page("owner-safe")
    member.goto("/portal/")
    sales = member.locator("nav.side").get_by_role("link", name="Sales")
    expect(sales).to_be_visible()
    owner.goto("/portal/")
    follow(owner, "Team", exact=True)
    owner.get_by_role("row").filter(has_text="finance-member@").get_by_role("link").click()
    owner.on("dialog", lambda dialog: dialog.accept())
    press(owner, "Remove from the team")
    expect(owner.get_by_role("status")).to_contain_text("no access any more")
    with member.expect_navigation() as answer:
        sales.click()
    assert answer.value.status == 404
    demo.close(member, owner)


def test_staff_set_up_a_second_factor_before_anything_opens(demo):
    email = "sam@journey.example"
    page = sign_up(demo, "Sam Staff", email)
    administrator = demo.page("staff-administrator")
    administrator.goto("/staff/people/invite/")
    administrator.get_by_label("Address").fill(email)
    administrator.get_by_label("Support", exact=False).check()
    administrator.locator("main form button.first").click()
    expect(administrator.get_by_role("status")).to_contain_text(email)
    page.goto(demo.link_in_mail(email, "invitations/"))
    page.locator("main form button.first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff need a second factor")
    assert page.goto("/staff/partners/").url.endswith("/account/second-factor/")
    follow(page, "Set up an authenticator app")
    if page.get_by_label("Password").count():
        fill(page, Password=PASSWORD)
        page.locator("main form button.first").click()
    page.get_by_text("You cannot scan it?").click()
    look(page)
    secret = page.locator("p.digest").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    press(page, "Check the code")
    expect(page.get_by_role("heading", level=1)).to_contain_text("code")
    page.goto("/staff/partners/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Partners")
    demo.close(page, administrator)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
