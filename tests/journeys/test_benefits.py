"""Credits are ordered, approved by two people and told; a round goes from request to decision."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_journeys import fill, follow, look, press


def test_credits_are_spent_by_finance_and_approved_by_two(demo):
    finance = demo.page("finance-member")
    finance.goto("/portal/")
    follow(finance, "Benefits and credits", exact=True)
    look(finance)
    follow(finance, "Order for credits")
    fill(finance, **{"What for": "Journey seats", "Amount": "5000.01"})
    press(finance, "Order", exact=True)
    expect(finance.get_by_role("status")).to_have_text("The order waits for approval.")
    for persona, said in (
        ("staff-finance", "Approved. A second person has to approve it too."),
        ("staff-manager", "Approved."),
    ):
        staff = demo.page(persona)
        staff.goto("/staff/benefits/orders/")
        follow(staff, "Journey seats")
        press(staff, "Approve", exact=True)
        expect(staff.get_by_role("status")).to_have_text(said)
        look(staff)
        demo.close(staff)
    finance.reload()
    expect(finance.get_by_text("approved", exact=True)).to_be_visible()
    follow(finance, "Benefits and credits", exact=True)
    follow(finance, "Statement", exact=True)
    last = finance.get_by_role("row").last
    expect(last).to_contain_text("Spent")
    expect(last).to_contain_text("Journey seats")
    look(finance)
    demo.close(finance)


def test_a_round_of_co_marketing_from_request_to_decision(demo):
    staff = demo.page("staff-manager")
    staff.goto("/staff/requests/")
    follow(staff, "Open a round")
    staff.get_by_label("Benefit", exact=True).select_option(
        label="B7 Co-marketing in guest blogs and product launch campaigns"
    )
    fill(staff, Title="Journey blogs")
    staff.get_by_label("Opens on").fill("2026-01-01")
    staff.get_by_label("Last day").fill("2099-12-31")
    staff.get_by_label("Places, or tickets in all").fill("1")
    look(staff)
    press(staff, "Open the round")
    expect(staff.get_by_text("Nobody has asked yet")).to_be_visible()

    owner = demo.page("owner-safe")
    owner.goto("/portal/")
    follow(owner, "Requests", exact=True)
    row = owner.get_by_role("listitem").filter(has_text="Journey blogs")
    row.get_by_role("link", name="Ask").click()
    owner.get_by_label("What you ask for, and why").fill("A story about made-up links.")
    look(owner)
    press(owner, "Ask", exact=True)
    expect(owner.get_by_text("waits for a decision")).to_be_visible()

    staff.reload()
    asked = staff.get_by_role("row").filter(has_text="(B7), asked")
    expect(asked).to_contain_text("Preferential")
    look(staff)
    asked.get_by_role("link").click()
    press(staff, "Grant", exact=True)
    expect(staff.get_by_role("status")).to_have_text("Decided; the partner is told.")
    owner.reload()
    expect(owner.get_by_text("granted", exact=True)).to_be_visible()
    demo.close(staff, owner)
