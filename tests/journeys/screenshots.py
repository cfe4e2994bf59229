"""Take the pictures of docs/portal.md: `python -m tests.journeys.screenshots FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import CHROMIUM, Demo, served_demo

PAGES = (  # the picture's name, who looks, where, in which theme
    ("public-home", None, "/", "light"),
    ("program", None, "/program/", "light"),
    ("partners", None, "/partners/", "light"),
    ("portal-home", "owner-at-risk", "/portal/{partner}/", "light"),
    ("standing", "owner-at-risk", "/portal/{partner}/standing/", "light"),
    ("standing-dark", "owner-at-risk", "/portal/{partner}/standing/", "dark"),
    ("sales", "owner-safe", "/portal/{partner}/sales/", "light"),
    ("apps", "owner-safe", "/portal/{partner}/apps/", "light"),
    ("staff-today", "staff-manager", "/staff/", "light"),
    ("staff-partners", "staff-manager", "/staff/partners/", "light"),
)


def take(demo: Demo, folder: Path) -> None:
    """Write every picture into `folder`, as PNG of one screen's height."""
    for name, persona, address, scheme in PAGES:
        page = demo.page(persona, scheme=scheme)
        partner = demo.persona(persona)["partner"] if persona else None
        page.goto(address.format(partner=partner))
        page.screenshot(path=folder / f"{name}.png", animations="disabled")
        page.context.close()


def main() -> None:
    """Make a demo, take the pictures, remove the demo."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        with served_demo(Path(scratch) / "demo", chromium) as demo:
            take(demo, folder)
        chromium.close()


if __name__ == "__main__":
    main()
