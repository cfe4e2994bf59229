"""The pages of the documentation, as the tests of this room read them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
}


def text(page: str) -> str:
    """Read one page."""
    return PAGES[page].read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """Map each heading of a page to what stands below it, up to the next heading."""
    plain = re.sub(r"^```.*?^```", "", text(page), flags=re.DOTALL | re.MULTILINE)
    parts = re.split(r"^#+ (.+)$", plain, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> list[list[str]]:
    """Read the rows of the tables of a section, headers and rulers left out."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line[1:-1])] for line in lines]
    rulers = [at for at, row in enumerate(cells) if set("".join(row)) <= set("-:")]
    heads = {at - 1 for at in rulers} | set(rulers)
    return [row for at, row in enumerate(cells) if at not in heads]


def code(section: str) -> set[str]:
    """Name everything a section sets in code."""
    return set(re.findall(r"`([^`\n]+)`", section))


def blocks(page: str, language: str) -> Iterator[str]:
    """Yield the fenced blocks of a page in one language, in order."""
    fences = re.finditer(r"^```(\S*)\n(.*?)^```", text(page), flags=re.DOTALL | re.MULTILINE)
    return (fence[2] for fence in fences if fence[1] == language)
