"""A partner at risk reads its notice and answers; staff see it, and note what was agreed."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press

pytestmark = pytest.mark.xdist_group("journeys")


def mailed(demo, address):
    """Return the words and the links of the mails on risk to an address."""
    for path in sorted((demo.folder / "mail").glob("*")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if address in str(mail["To"]) and "is at risk for the review" in str(mail["Subject"]):
            yield mail.get_body(("plain",)).get_content()


def test_an_at_risk_notice_is_read_and_answered_and_both_sides_see_what_was_agreed(demo):
    told = demo.persona("owner-at-risk")
    slug = told["partner"]
    staff = demo.page("staff-support")
    staff.goto("/staff/")
    staff.locator("nav.side").get_by_role("link", name="At risk").click()
    look(staff)
    staff.goto(f"/staff/at-risk/{slug}/")
    line = staff.locator("li", has_text=told["email"])
    expect(line).to_contain_text("not read")
    look(staff)

    owner = demo.page("owner-at-risk")
    owner.goto(f"/portal/{slug}/notices/")
    owner.locator("tbody").get_by_role("link", name="is at risk for the review").first.click()
    letter = owner.locator(".letter")
    for words in ("Now:", "pace of the last 12 months:", "pace of the last 3 months:"):
        expect(letter).to_contain_text(words)
    for words in ("The least that cures it:", "Next step:", "Talk to Partner program desk (demo)"):
        expect(letter).to_contain_text(words)
    look(owner)
    (mail,) = mailed(demo, told["email"])
    assert letter.inner_text().split("\n\n")[0] in mail
    assert f"/portal/{slug}/outlook/" in mail
    follow(owner, "See it")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Outlook")
    expect(owner.get_by_role("link", name="desk@demo.example")).to_be_visible()
    owner.get_by_label("What will you do").fill("Made up: we list a cloud app in May.")
    press(owner, "Send the answer")
    expect(owner.locator(".timeline")).to_contain_text("we list a cloud app in May")
    look(owner)

    staff.goto("/staff/at-risk/?show=answered")
    staff.locator("tbody").get_by_role("link").first.click()
    expect(staff.locator("li", has_text=told["email"])).not_to_contain_text("not read")
    expect(staff.locator(".timeline")).to_contain_text("we list a cloud app in May")
    staff.get_by_label("What was agreed").fill("Made up: listed by June, we look again then.")
    press(staff, "Note it")
    expect(staff.locator(".timeline")).to_contain_text("listed by June")
    look(staff)
    staff.goto("/staff/at-risk/?show=answered")
    expect(staff.locator("main")).not_to_contain_text("we list a cloud app in May")

    owner.goto(f"/portal/{slug}/notices/")
    owner.locator("tbody").get_by_role("link", name="what was agreed").first.click()
    expect(owner.locator(".letter")).to_contain_text("listed by June")
    follow(owner, "See it")
    expect(owner.locator(".timeline")).to_contain_text("Agreed")
    look(owner)
    demo.close(owner, staff)
