"""Letters: what is told in a notice, as the text and the HTML of a mail, in the same words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from assay.words.look import fragment

WIDTH = 78  # columns of plain text


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter's parts: paragraphs parted by empty lines, one link, why the reader gets it.

    `link` and `choose` are whole addresses, or "" for none; `why` is a sentence.
    """

    sender: str
    subject: str
    body: str
    link: str = ""
    link_words: str = "See it in the portal"
    why: str = ""
    choose: str = ""
    choose_words: str = "Choose what reaches you by mail"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body."""
        return tuple(part.strip() for part in self.body.split("\n\n") if part.strip())


def letter_text(letter: Letter) -> str:
    """Write a letter as plain text."""
    parts = [_wrapped(paragraph) for paragraph in letter.paragraphs]
    if letter.link:
        parts.append(f"{letter.link_words}:\n{letter.link}")
    small = [part for part in (letter.sender, _wrapped(letter.why)) if part]
    if letter.choose:
        small.append(f"{letter.choose_words}: {letter.choose}")
    return "\n\n".join([*parts, "-- \n" + "\n".join(small)]) + "\n"


def letter_html(letter: Letter) -> str:
    """Write a letter as HTML that asks nothing of any server."""
    return fragment("letter.html", letter=letter)


def _wrapped(paragraph: str) -> str:
    lines = paragraph.splitlines()
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines
    )
