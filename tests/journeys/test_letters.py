"""A decision letter is opened and appealed; two people grant the appeal; both sides see both."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press


def test_a_letter_is_appealed_by_the_owner_and_granted_by_two(demo, tmp_path):
    slug = demo.persona("owner-safe")["partner"]
    owner = demo.page("owner-safe")
    owner.goto(f"/portal/{slug}/decisions/")
    owner.locator("tbody tr").filter(has_text="Review: credits").first.get_by_role("link").click()
    follow(owner, "Decision letter")
    look(owner)
    expect(owner.locator("main")).to_contain_text("The next review")
    letter = owner.url
    drawn = owner.request.get(f"{letter}letter.pdf")
    assert (drawn.status, drawn.body()[:5]) == (200, b"%PDF-")

    follow(owner, "Appeal", exact=True)
    look(owner)
    proof = tmp_path / "proof.txt"
    proof.write_text("Made up", encoding="utf-8")
    owner.get_by_label("What is wrong, and what shows it").fill("A made-up sale is missing.")
    owner.get_by_label("Files").set_input_files(proof)
    press(owner, "Send the appeal")
    expect(owner.locator(".badge")).to_have_text("Open")
    look(owner)
    appeal = owner.url.rstrip("/").rpartition("/")[2]

    manager = demo.page("staff-manager")
    manager.goto("/staff/")
    manager.locator("nav.side").get_by_role("link", name="Appeals").click()
    look(manager)
    manager.goto(f"/staff/appeals/{appeal}/")
    look(manager)
    manager.get_by_label("Proposal").select_option("platinum")
    manager.get_by_label("Reason").fill("We looked: the sale counts.")
    press(manager, "Propose")
    expect(manager.locator("main")).to_contain_text("another person confirms")
    expect(manager.get_by_role("button", name="Confirm")).to_have_count(0)

    finance = demo.page("staff-finance")
    finance.goto(f"/staff/appeals/{appeal}/")
    look(finance)
    press(finance, "Confirm")
    expect(finance.locator(".badge")).to_have_text("Granted")

    owner.goto(f"/portal/{slug}/appeals/{appeal}/")
    look(owner)
    expect(owner.locator("main")).to_contain_text("We looked: the sale counts.")
    follow(owner, "the decision of")
    follows = owner.locator("section", has=owner.get_by_role("heading", name="Letters and appeals"))
    expect(follows).to_contain_text("Granted")
    expect(follows).to_contain_text("Platinum")
    owner.goto(f"/portal/{slug}/standing/")
    expect(owner.locator("main")).to_contain_text("Platinum")
    demo.close(owner, manager, finance)
