"""An auditor checks the record, narrows it, opens an act, and takes away files that verify."""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import expect

from tests.journeys.test_journeys import follow, look, press


def taken(page, name, folder):
    """Click a link that downloads; returns the file."""
    with page.expect_download() as waiting:
        follow(page, name, exact=True)
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def verified(file, keys):
    """Verify a file as somebody does who has nothing but the file and the public keys."""
    done = subprocess.run(
        [sys.executable, "-m", "assay", "verify", file, "--keys", keys],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_an_auditor_checks_narrows_opens_and_takes_the_record_away(demo, tmp_path):
    page = demo.page("staff-auditor")
    page.goto("/staff/")
    page.locator("nav.side").get_by_role("link", name="Record", exact=True).click()
    press(page, "Check now")
    state = page.locator(".checked .state")
    for _ in range(60):
        if state.inner_text() == "Whole":
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(state).to_have_text("Whole")
    look(page)

    page.get_by_role("combobox", name="Act").select_option("record_check_asked")
    press(page, "Filter")
    follow(page, "Staff auditor had the record checked")
    expect(page.locator("dl.facts")).to_contain_text("127.0.0.1")
    expect(page.locator("main")).to_contain_text("What stands here is what was written down.")
    look(page)
    page.get_by_role("navigation", name="Acts beside it").locator("a[rel=prev]").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(
        "Staff auditor had the record checked"
    )
    page.go_back()
    follow(page, "127.0.0.1", exact=True)
    expect(page.get_by_role("textbox", name="From where")).to_have_value("127.0.0.1")
    lines = taken(page, "CSV", tmp_path).read_text().splitlines()
    assert lines[0] == "When,Number,Who,What,Partner,Act,From where,Address,On,As partner"
    assert all(",127.0.0.1," in line for line in lines[1:])

    keys = tmp_path / "jwks.json"
    keys.write_text(page.request.get("/.well-known/jwks.json").text())
    part = verified(taken(page, "JSONL", tmp_path), keys)
    assert "events, a part of the record, as it was filtered" in part
    page.goto("/staff/record/")
    assert "events, the whole record" in verified(taken(page, "JSONL", tmp_path), keys)
    with page.expect_download() as waiting:
        page.locator("#reviews + p + div").get_by_role("link").first.click()
    review = tmp_path / "review.jws"
    waiting.value.save_as(review)
    assert "is one of the keys given" in verified(review, keys)
    demo.close(page)
