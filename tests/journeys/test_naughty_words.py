"""What people write is shown as they wrote it and never runs: every text field, in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.test_journeys import press

pytestmark = pytest.mark.xdist_group("journeys")

RUN = "window.owned=1"
NAUGHTY = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><script>{RUN}</script>',
    f"'><svg/onload={RUN}>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>x</a>",
    f"[x](javascript:{RUN})",
    f"![x](x){{onerror={RUN}}}",
    f"[x](data:text/html,<script>{RUN}</script>)",
    f'<input autofocus onfocus="{RUN}">',
    "<style>@import'//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<img src=//evil.example/x.png>",
    "![x](//evil.example/x.png)",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    f"<math><mtext></mtext><mglyph><svg><style><img src=x onerror={RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<!--<img src='--><img src=x onerror={RUN}//'>",
    f"<x contenteditable onblur={RUN} hx-get=//evil.example/ hx-on:load={RUN}>",
    f"{{{{ {RUN} }}}} {{% now %}} ${{{RUN}}}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}",
    f"</style><script>{RUN}</script>",
    "'; DROP TABLE store_person; --",
)
ALL = "\n\n".join(NAUGHTY)
SHORT = NAUGHTY[1]


def test_what_people_write_never_runs(demo):
    owner, staff = demo.page("owner-promoted"), demo.page("staff-manager")
    partner = demo.persona("owner-promoted")["partner"]
    portal = f"/portal/{partner}/"
    owner.goto(f"{portal}profile/names/")
    owner.get_by_label("Legal name").fill(NAUGHTY[2])
    owner.get_by_label("Public name").fill(SHORT)
    owner.locator("main form.sheet button.first").click()
    owner.goto(f"{portal}profile/presentation/")
    owner.get_by_label("Description").fill(ALL)
    owner.locator("main form.sheet button.first").click()
    owner.goto(f"{portal}apps/new/")
    owner.get_by_label("App key").fill("com.example.naughty")
    owner.get_by_label("Name", exact=True).fill(f"naughty {SHORT}")
    owner.get_by_label("Tagline").fill(NAUGHTY[0])
    owner.get_by_label("Description").fill(ALL)
    owner.get_by_label("Cloud", exact=True).select_option("platform")
    owner.get_by_label("Jira", exact=True).check()
    owner.get_by_label("Integrations", exact=True).check()
    press(owner, "Save", exact=True)
    press(owner, "Submit for approval")
    app = owner.url.removesuffix("/").rpartition("/")[2]

    staff.goto("/staff/content/new/?kind=announcement")
    staff.get_by_label("Title").fill(SHORT)
    staff.get_by_label("Text").fill(ALL)
    staff.locator("main form.sheet button.first").click()
    staff.once("dialog", lambda asked: asked.accept())
    press(staff, "Publish")
    staff.goto(f"/staff/apps/{app}/")
    staff.get_by_label("Reason").fill(ALL)
    press(staff, "Approve and list")
    staff.goto(f"/staff/partners/{partner}/")
    staff.get_by_label("Why do you look?").fill(SHORT)
    press(staff, "View as this partner")

    owner.goto("/program/")
    press(owner, "No")
    owner.get_by_label("What would make this page better?").fill(ALL[:2000])
    owner.locator("form:has(textarea) button").click()
    expect(owner.get_by_text("Thank")).to_be_visible()

    public = demo.page()
    public.goto("/announcements/")
    post = public.locator("main a").filter(has_text="onerror").first.get_attribute("href")
    seen_by = {
        owner: (portal, *(f"{portal}{part}" for part in ("profile/", f"apps/{app}/", "notices/"))),
        staff: (
            f"/staff/partners/{partner}/",
            f"/staff/apps/{app}/",
            "/staff/ratings/",
            "/staff/record/",
            "/staff/content/",
            "/staff/search/?q=onerror",
            portal,
        ),
        public: ("/", "/partners/", f"/partners/{partner}/", f"/apps/{app}/", post),
    }
    for page, addresses in seen_by.items():
        for address in addresses:
            assert page.goto(address).status == 200
            assert page.evaluate("window.owned") is None, address
            assert "javascript:" not in str(
                page.eval_on_selector_all("a", "them => them.map(a => a.href)")
            )
            assert page.url.endswith(address)
    demo.close(owner, staff, public)
