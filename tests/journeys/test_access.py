"""A stranger asks for access: told at once what does not do, then let in by the support team."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_journeys import PASSWORD, fill, follow, look, press

ASKER = "ann@journey-tools.com"


def test_a_stranger_asks_for_access_and_the_support_team_lets_them_in(demo):
    partner = demo.persona("owner-safe")["partner"]
    page = demo.page()
    page.goto("/start/")
    follow(page, "Ask for access to a partner’s portal")
    conditions = page.locator("#conditions")
    page.get_by_label("Your name").fill("Ann Asker")
    page.get_by_label("Your address at work").fill("ann@gmail.com")
    expect(conditions).to_contain_text("gmail.com is a public mail domain")
    page.get_by_label("Partner", exact=True).fill(partner)
    expect(conditions).to_contain_text("has an app that is paid via the platform")
    look(page)
    page.get_by_label("Why you need access").fill("I make the app.")
    page.get_by_label("Your address at work").fill(ASKER)
    expect(conditions).to_contain_text("Your address will do")
    press(page, "Ask for access")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")

    page.goto(demo.link_in_mail(ASKER, "access/"))
    look(page)
    press(page, "Yes, I ask for this")
    expect(page.locator(".answer")).to_contain_text("with the support team")

    staff = demo.page("staff-support")
    staff.goto("/staff/")
    staff.locator("nav.side").get_by_role("link", name="Access requests").click()
    follow(staff, ASKER)
    look(staff)
    staff.get_by_label("Question or reason").fill("Which app do you make?")
    press(staff, "Ask back")
    page.reload()
    expect(page.locator("main")).to_contain_text("Which app do you make?")
    page.get_by_label("Your answer").fill("The linker.")
    press(page, "Send the answer")
    follow(staff, ASKER)
    expect(staff.locator("main")).to_contain_text("The linker.")
    staff.get_by_label("Question or reason").fill("The owner knows them.")
    staff.get_by_label("Role, if granted").select_option("security")
    press(staff, "Grant")
    page.reload()
    expect(page.locator(".answer")).to_contain_text("Granted")

    page.goto(demo.link_in_mail(ASKER, "invitations/"))
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    fill(page, Name="Ann Asker", Email=ASKER, Password=PASSWORD)
    press(page, "Sign up")
    page.goto(demo.link_in_mail(ASKER, "sign-up/"))
    press(page, "Yes, it is mine")
    press(page, "Join", exact=True)
    page.locator("nav.side").get_by_role("link", name="Team").click()
    expect(page.get_by_role("row").filter(has_text="Ann Asker")).to_contain_text("Security")
    demo.close(page, staff)
