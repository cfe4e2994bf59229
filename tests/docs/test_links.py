"""Links between pages resolve, and nothing in the project names a place outside it."""

import re
import subprocess

import pytest

from tests.docs.pages import PAGES, ROOT, text

HOMES = ["home", "root", "Users", "opt", "srv", "mnt", *ROOT.parent.parts[1:2]]
MACHINE_PATHS = re.compile(rf"(?<![\w.:/-])/(?:{'|'.join(set(HOMES) - {'tmp'})})/\w")


def anchors(page):
    """Name every heading of a page as a link names it."""
    headings = re.findall(r"^#+ (.+)$", text(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        path = (PAGES[page].parent / place).resolve() if place else PAGES[page]
        found = path.exists()
        if not found or (anchor and anchor not in anchors(str(path.relative_to(ROOT)))):
            broken.append(target)
    assert broken == []


def test_no_file_names_a_path_of_the_machine_it_was_made_on():
    listed = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    named = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".gz", ".lock", ".png", ".woff2"}:
            continue
        content = path.read_text(encoding="utf-8")
        if MACHINE_PATHS.search(content):
            named.append(name)
    assert named == []
