"""A badge: downloaded by its owner, checked by a stranger, revoked after a demotion."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import expect

from tests.journeys.test_every_page import judge

OWNER = "owner-promoted"
# What a closed review does: a newer grant of another tier. Then what the worker does each minute.
GRANT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assay.jobs.operations.installation import open_installation
open_installation(Path(sys.argv[1]))
from assay.jobs.badges.issue_badges import issue_badges
from assay.store.models import Grant
now = datetime.now(UTC)
last = Grant.objects.filter(partner__slug=sys.argv[2]).first()
last.pk, last.tier, last.rank = None, sys.argv[3], int(sys.argv[4])
last.since_on, last.until_on, last.made_at = now.date(), None, now
last.save(force_insert=True)
issue_badges(at=now)
"""


def credited(demo, tier, rank):
    """Credit the owner's partner with a tier from today on."""
    ours = ("ASSAY_", "DJANGO_", "DATABASE_URL")
    environment = {name: told for name, told in os.environ.items() if not name.startswith(ours)}
    environment["ASSAY_BASE_URL"] = demo.url
    partner = demo.persona(OWNER)["partner"]
    command = [sys.executable, "-c", GRANT, str(demo.folder), partner, tier, str(rank)]
    subprocess.run(command, env=environment, check=True)


def verified(*arguments):
    """Run the command as a stranger does: from files, with no installation."""
    command = [sys.executable, "-m", "assay", "badge", "verify", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def fetched(page, folder):
    """Take the keys and the status lists from where the badge's page says."""
    for name, link in (
        ("jwks.json", "jwks.json"),
        ("status-revocation-1.jwt", "revocations"),
        ("status-suspension-1.jwt", "suspensions"),
    ):
        address = page.get_by_role("link", name=link, exact=True).get_attribute("href")
        (folder / name).write_bytes(page.request.get(address).body())


def test_a_badge_is_embedded_checked_by_a_stranger_and_revoked_after_a_demotion(demo, tmp_path):
    owner = demo.page(OWNER)
    owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    owner.goto(f"/portal/{demo.persona(OWNER)['partner']}/badges/")
    expect(owner.locator("p.answer")).to_contain_text("You may display Gold Marketplace Partner")
    with owner.expect_download() as downloading:
        owner.get_by_role("link", name="PNG 512").first.click()
    file = tmp_path / "badge.png"
    downloading.value.save_as(file)
    owner.get_by_role("button", name="Copy the code").click()
    expect(owner.get_by_role("button", name="Copied")).to_be_visible()
    embed = owner.evaluate("navigator.clipboard.readText()")
    assert embed == owner.locator("#embed-code").inner_text()
    assert list(judge(owner, owner.url, 200)) == []

    stranger = demo.page()
    stranger.set_content(f"<!doctype html><title>Somebody's site</title>{embed}")
    stranger.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
    stranger.get_by_role("link").click()
    expect(stranger.locator("p.answer")).to_contain_text("This badge holds")
    assert list(judge(stranger, stranger.url, 200)) == []
    fetched(stranger, tmp_path)
    code, told = verified(file, "--keys", tmp_path / "jwks.json")
    assert (code, "valid on" in told, "status checked" in told) == (0, True, True)

    credited(demo, "silver", 2)
    try:
        stranger.reload()
        expect(stranger.locator("p.answer")).to_contain_text("It was revoked")
        expect(stranger.locator("p.answer")).to_contain_text("Demoted: Silver instead of Gold")
        assert list(judge(stranger, stranger.url, 200)) == []
        fetched(stranger, tmp_path)
        code, told = verified(file, "--keys", tmp_path / "jwks.json")
        assert (code, "  revoked: " in told) == (1, True)
        owner.reload()
        expect(owner.locator("p.answer")).to_contain_text("Silver Marketplace Partner")
    finally:
        credited(demo, "gold", 3)
    demo.close(owner, stranger)
