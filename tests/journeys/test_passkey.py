"""A passkey, with Chromium's own authenticator: set up by staff, and both factors from then on."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.test_journeys import PASSWORD, fill, press

PERSONA = "staff-auditor"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_staff_sign_in_with_a_passkey_alone_which_is_both_factors(demo):
    staff = demo.page(PERSONA)
    staff.goto("/account/password/first/")
    fill(staff, Password=PASSWORD)
    staff.locator("main form button.first").click()
    expect(staff.get_by_role("heading", level=1)).not_to_have_text("Set a password")
    demo.signed_in[PERSONA] = staff.context.storage_state()  # the old session ended
    demo.close(staff)

    page = demo.page()
    page.goto(local(demo, "/sign-in/"))
    fill(page, Email=demo.persona(PERSONA)["email"], Password=PASSWORD)
    press(page, "Sign in", exact=True)
    with_device(page)
    page.goto(local(demo, "/account/security/passkeys/add/"))
    page.get_by_label("Name").fill("This machine")
    press(page, "Add the passkey")
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    press(page, "Sign out")

    page.goto(local(demo, "/sign-in/"))
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(local(demo, "/staff/partners/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Partners")
    assert page.complaints == []
    page.context.close()


def test_on_a_number_for_an_address_the_page_says_what_to_do(demo):
    page = demo.page()
    with_device(page)
    page.goto("/sign-in/")
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("open the portal as localhost")).to_be_visible()
    page.context.close()


def local(demo, path):
    """Return an address by name: a passkey belongs to a name, and a number is none."""
    return demo.url.replace("127.0.0.1", "localhost") + path


def with_device(page):
    """Give a window an authenticator that says yes at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
