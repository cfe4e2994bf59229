"""Ten journeys by keyboard alone: Tab, letters and Enter, with the focus in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.test_journeys import PASSWORD, SALES, fill

# What has the focus: its name as people read it, where it leads, whether it shows.
HERE = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return {
    name: ((here.labels?.[0] ?? here).innerText ?? "").trim() || here.ariaLabel || "",
    href: here.getAttribute("href") ?? "",
    shows: here.type == "date" || style.outlineStyle != "none",  // of a day, its parts show it
    nothing: here == document.body,
  };
}"""
IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return 0 <= box.left && box.right <= innerWidth;
}"""
MOST = 250  # presses of Tab; a trap would take them all


def tab_to(page, name="", *, href=""):
    """Press Tab until what is called so, or leads there, has the focus; all on the way show it."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        assert here["shows"] or here["nothing"], here
        called = here["name"] == name or here["name"].startswith(
            (f"{name} ", f"{name}\n", f"{name}:")
        )
        if here["href"].endswith(href) if href else called:
            return
    raise AssertionError(name or href)


def go(page, name="", *, href=""):
    """Press Tab until something has the focus, then Enter, which leads to another page."""
    tab_to(page, name, href=href)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page, name, key):
    """Press Tab until something has the focus, then a key."""
    tab_to(page, name)
    page.keyboard.press(key)


def write(page, name, text):
    """Write into the field of a name, in place of what is there."""
    tab_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def headed(page, words):
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def said(page, words):
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_one_signs_in_and_asks_what_another_tier_takes(demo):
    page = demo.page("owner-promoted")
    page.goto("/account/password/first/")
    fill(page, Password=PASSWORD)
    page.locator("main form button.first").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Set a password")
    demo.signed_in["owner-promoted"] = page.context.storage_state()  # the old session ended
    email = demo.persona("owner-promoted")["email"]
    demo.close(page)

    page = demo.page()
    page.goto("/sign-in/")
    write(page, "Email", email)
    write(page, "Password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Next", exact=False)).to_be_visible()
    go(page, "Standing")
    headed(page, "Standing")
    press(page, "What is missing for", "S")
    go(page, "Show")
    expect(page.get_by_role("heading", name="For Silver")).to_be_visible()
    expect(page.get_by_label("What is missing for")).to_have_value("silver")
    go(page, "Sign out")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    demo.close(page)


def test_a_figure_is_opened_to_its_rows_and_they_are_filtered(demo):
    page = demo.page("owner-safe")
    page.goto("/portal/")
    go(page, "Standing")
    headed(page, "Standing")
    go(page, href="/rows/gross_sales/")
    headed(page, "Sales")
    press(page, "Counts?", "C")
    go(page, "Filter")
    expect(page.get_by_label("Counts?")).to_have_value("counted")
    expect(page.locator("#rows ~ .scroll tbody tr").first).to_contain_text("counted")
    demo.close(page)


def test_a_profile_is_edited(demo):
    page = demo.page("owner-safe")
    page.goto(f"/portal/{demo.persona('owner-safe')['partner']}/")
    go(page, "Profile")
    headed(page, "Profile")
    go(page, href="/profile/presentation/")
    write(page, "Description", "Written by **keys** alone.")
    go(page, "Save")
    expect(page.get_by_text("keys", exact=True)).to_be_visible()
    demo.close(page)


def test_an_app_is_drafted_and_staff_approve_it(demo):
    page, staff = demo.page("owner-safe"), demo.page("staff-manager")
    page.goto(f"/portal/{demo.persona('owner-safe')['partner']}/")
    go(page, "Apps")
    go(page, "Draft an app")
    write(page, "App key", "com.example.keys")
    write(page, "Name", "Made by keys")
    write(page, "Tagline", "Nobody clicked")
    write(page, "Description", "It has keys.")
    press(page, "Jira", "Space")
    press(page, "Integrations", "Space")
    press(page, "Cloud", "P")
    go(page, "Save")
    go(page, "Submit for approval")
    said(page, "Submitted")
    staff.goto("/staff/")
    go(staff, "Apps to approve")
    go(staff, "Made by keys")
    headed(staff, "Made by keys")
    go(staff, "Approve and list")
    said(staff, "listed")
    demo.close(page, staff)


def test_a_member_is_invited(demo):
    page = demo.page("owner-safe")
    page.goto(f"/portal/{demo.persona('owner-safe')['partner']}/")
    go(page, "Team")
    go(page, "Invite somebody")
    write(page, "Address", "keys@journey.example")
    press(page, "Viewer", "ArrowUp")
    go(page, "Send the invitation")
    said(page, "keys@journey.example")
    demo.close(page)


def test_a_report_is_sent(demo, tmp_path):
    page = demo.page("staff-finance")
    # From the start: what expect_file_chooser asks of the browser at times comes after the key.
    page.on("filechooser", lambda _: None)
    path = tmp_path / "keys.csv"
    path.write_text(SALES.format(partner="1"), encoding="utf-8")
    page.goto("/staff/")
    go(page, "Imports")
    go(page, "Send files")
    tab_to(page, "Files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)
    write(page, "Where it comes from", "keys")
    page.keyboard.press("Enter")
    headed(page, "keys.csv")
    demo.close(page)


def test_a_disagreement_is_settled(demo):
    page = demo.page("staff-finance")
    page.goto("/staff/")
    go(page, href="/staff/disagreements/")
    headed(page, "Disagreements")
    go(page, "Ask the partner")
    said(page, "The partner is asked.")
    demo.close(page)


def test_an_announcement_is_published(demo):
    page = demo.page("staff-manager")
    page.goto("/staff/content/new/?kind=announcement")
    write(page, "Title", "Said by keys")
    write(page, "Text", "Nobody clicked.")
    go(page, "Keep")
    page.once("dialog", lambda asked: asked.accept())
    go(page, "Publish")
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto("/announcements/")
    go(page, "Said by keys")
    headed(page, "Said by keys")
    demo.close(page)


def test_a_page_is_rated_and_the_comment_marked_as_read(demo):
    page, staff = demo.page("viewer-member"), demo.page("staff-support")
    page.goto("/program/")
    press(page, "No", "Enter")
    expect(page.get_by_label("What would make this page better?")).to_be_visible()
    write(page, "What would make this page better?", "Shorter words, by keys.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank")).to_be_visible()
    staff.goto("/staff/ratings/?text=by+keys")
    go(staff, "Mark as read")
    said(staff, "One rating is marked as read.")
    demo.close(page, staff)


@pytest.mark.parametrize("name", ["sales/", "standing/", "apps/new/", "profile/place/"])
def test_the_focus_goes_through_a_page_and_out_of_it(demo, name):
    page = demo.page("owner-safe")
    page.goto(f"/portal/{demo.persona('owner-safe')['partner']}/{name}")
    seen = 0
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate(HERE)["nothing"]:
            break
        seen += 1
    assert page.evaluate(HERE)["nothing"]
    assert seen >= page.locator("main a:visible, main button:visible").count()
    demo.close(page)


@pytest.mark.parametrize(
    ("persona", "address", "place"),
    [
        ("", "/", "Get started"),
        ("owner-safe", "/portal/", "Get started"),
        ("staff-manager", "/staff/", "Get started"),
    ],
)
def test_on_a_phone_the_head_of_a_page_takes_two_lines_and_every_place_comes_into_sight(
    demo, persona, address, place
):
    page = demo.page(persona) if persona else demo.page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    assert page.locator("header.top").bounding_box()["height"] < 90
    tab_to(page, place)
    page.wait_for_function(IN_SIGHT)  # the browser brings it there in its own time
    demo.close(page)
