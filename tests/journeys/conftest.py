"""A demo that is served for real, and people who use it in Chromium."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = {"executable_path": "/usr/bin/chromium-headless-shell", "args": ["--no-sandbox"]}
GRAVE = ("error", "warning")  # what a console says that somebody should mend
PATIENCE = 20_000  # milliseconds for a page on a busy machine: no journey is a test of speed
expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Play journeys in the order in which they stand: in one demo, what one does is there for all.

    Who is removed has spent credits before; what is unread is told before all is opened.
    """
    journeys = [item for item in items if item.path.parent == Path(__file__).parent]
    others = [item for item in items if item.path.parent != Path(__file__).parent]
    journeys.sort(key=lambda item: (item.path.name, item.reportinfo()[1], item.name))
    items[:] = [*others, *journeys]


@pytest.fixture(scope="package")
def browser():
    """Chromium; ended with the journeys, as its loop of events keeps others from the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


@dataclass
class Demo:
    """A served demo: its folder, its address, and who has signed in so far."""

    folder: Path
    url: str
    browser: Browser
    signed_in: dict[str, dict] = field(default_factory=dict)

    def persona(self, name: str) -> dict:
        """Return what `personas.json` says of a persona."""
        told = json.loads((self.folder / "personas.json").read_text())
        (found,) = [persona for persona in told if persona["persona"] == name]
        return found

    def page(self, persona: str | None = None, *, width: int = 1280, scheme: str = "light") -> Page:
        """Open a window, signed in as a persona (its link is used once) or as nobody.

        What the console complains of, and every address that is asked for, is kept on the page.
        """
        if persona is not None and persona not in self.signed_in:
            window = self.browser.new_context()
            window.new_page().goto(self.persona(persona)["sign_in_url"])
            self.signed_in[persona] = window.storage_state()
            window.close()
        window = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=self.url,
            storage_state=self.signed_in.get(persona),
            accept_downloads=True,
        )
        window.set_default_timeout(PATIENCE)
        page = window.new_page()
        page.complaints = []
        page.asked = []
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type in GRAVE else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    def close(self, *pages: Page) -> None:
        """Close windows; none of them complained of anything but refusals, or asked elsewhere."""
        for page in pages:
            refusals = ("404 (Not Found)", "403 (Forbidden)")
            assert [said for said in page.complaints if not said.endswith(refusals)] == []
            assert [url for url in page.asked if not url.startswith((self.url, "data:"))] == []
            page.context.close()

    def partner_key(self, persona: str) -> str:
        """Return the key by which reports know a persona's partner."""
        page = self.page("staff-manager")
        page.goto(f"/staff/partners/{self.persona(persona)['partner']}/")
        told = page.locator(".page-head .quiet").inner_text()
        self.close(page)
        return told.split(" · ")[0]

    def link_in_mail(self, address: str, part: str, *, seconds: float = 40) -> str:
        """Return the path of the link in a mail to an address, waiting for the mail."""
        ends_at = time.monotonic() + seconds
        while True:
            for path in sorted((self.folder / "mail").glob("*")):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                text = mail.get_body(("plain",)).get_content() if mail["To"] else ""
                link = re.search(rf"{self.url}(/{part}\S+)", text)
                if link and address in mail["To"]:
                    return link[1]
            assert time.monotonic() < ends_at, f"no mail with {part} to {address}"
            time.sleep(0.2)


@pytest.fixture(scope="package")
def demo(tmp_path_factory, browser):
    """The demo, which all journeys of a run share: a second would be a fault of the scheduling."""
    if run := os.environ.get("PYTEST_XDIST_TESTRUNUID"):
        (tmp_path_factory.getbasetemp().parent / f"demo-{run}").touch(exist_ok=False)
    with served_demo(tmp_path_factory.mktemp("demo") / "demo", browser) as served:
        yield served


@contextmanager
def served_demo(folder: Path, browser: Browser) -> Iterator[Demo]:
    """Make and serve a demo by the command that people use, on a port of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ASSAY_", "DJANGO_"))}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "assay", "demo", "--dir", str(folder), "--port", "0"]
    untraced = {k: v for k, v in environment.items() if not k.startswith("COVERAGE_")}
    subprocess.run([*command, "--no-serve"], env=untraced, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        url = next(
            line.split()[1].rstrip("/") for line in process.stdout if line.startswith("Serving ")
        )
        _wait_for(f"{url}/healthz")
        yield Demo(folder=folder, url=url, browser=browser)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()


def _wait_for(url: str, *, seconds: float = 40) -> None:
    ends_at = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url):  # noqa: S310 - our own address
                return
        except OSError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)
