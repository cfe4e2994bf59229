"""A review opened by the calendar: previewed, waived and closed by two, seen by everybody."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press

# The demo's reviews are closed: as if its newest had just been opened, by the calendar.
OPEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assay.jobs.operations.installation import open_installation
open_installation(Path(sys.argv[1]))
from django.conf import settings
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.store.models import Review
now = datetime.now(UTC)
on = Review.objects.filter(kind="review").first().on
source = Source(ledger=settings.INSTALLATION.ledger, known_at=now)
review = record_review(settings.PROGRAM, source, on=on, kind=Review.Kind.REVIEW, at=now)
print(review.pk)
"""


def opened(demo):
    environment = {**os.environ, "ASSAY_BASE_URL": demo.url}
    command = [sys.executable, "-c", OPEN, str(demo.folder)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return int(done.stdout.split()[-1])


def test_a_review_is_previewed_waived_and_closed_by_two_and_the_directory_shows_it(demo):
    number = opened(demo)
    manager = demo.page("staff-manager")
    manager.goto("/staff/")
    manager.locator("nav.side").get_by_role("link", name="Reviews").click()
    look(manager)
    manager.goto(f"/staff/reviews/{number}/")
    expect(manager.locator(".badge")).to_have_text("Open")
    look(manager)
    follow(manager, "Everybody who moves")
    expect(manager.locator("tbody tr").first).to_be_visible()
    look(manager)
    manager.go_back()
    nearest = manager.locator("#near ~ .scroll").first.get_by_role("link").first
    name = nearest.inner_text()
    nearest.click()
    decision = manager.url
    look(manager)

    manager.get_by_text("Grant another tier").click()
    manager.get_by_label("Tier to grant").select_option("platinum")
    manager.get_by_label("Last day of the waiver").fill("2099-12-31")
    manager.get_by_label("Reason").fill("Their report was late, and we saw it.")
    press(manager, "Ask a second person")
    expect(manager.locator("main")).to_contain_text("Waits for a second person")
    expect(manager.get_by_role("button", name="Approve")).to_have_count(0)

    finance = demo.page("staff-finance")
    finance.goto(decision)
    look(finance)
    press(finance, "Approve")
    expect(finance.locator(".said-to-you")).to_contain_text("It is approved.")

    manager.goto(f"/staff/reviews/{number}/")
    press(manager, "Ask to close it")
    expect(manager.get_by_role("link", name="Close the review")).to_have_count(0)
    finance.goto(f"/staff/reviews/{number}/")
    follow(finance, "Close the review")
    look(finance)
    press(finance, "Close it")
    expect(finance.locator(".badge")).to_have_text("Closed")

    public = demo.page()
    public.goto("/partners/")
    public.get_by_label("Partner or app").fill(name)
    press(public, "Filter")
    expect(public.locator("tbody tr").filter(has_text=name)).to_contain_text("Platinum")
    demo.close(manager, finance, public)
