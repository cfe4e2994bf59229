"""Hints that name what is known, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_NAMES = 40  # of a hint
_MOST_COMPARED = 200  # names: comparing more would cost more than the hint is worth


def known(written: str, names: Iterable[str], *, what: str = "known") -> str:
    """Say which name was likely meant by `written`, and what the names are."""
    listed = list(names)
    close = get_close_matches(written[:100], listed[:_MOST_COMPARED], n=1)
    meant = f"did you mean `{close[0]}`? " if close else ""
    more = ", …" if len(listed) > _MOST_NAMES else ""
    return f"{meant}{what}: {', '.join(listed[:_MOST_NAMES]) or 'none'}{more}"


def shown(text: str, *, most: int = 80) -> str:
    """Return the text, or the beginning of a long one."""
    return text if len(text) <= most else f"{text[:most]}…"
