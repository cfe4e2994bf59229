"""Rate a page: whether it helped, then what would help more."""

from __future__ import annotations

from datetime import datetime

from assay.core.issues import Issue, Refused
from assay.store.models import Person, Rating

MOST_WORDS = 2000  # characters of a comment


def rate(path: str, *, helped: bool, by: Person | None, at: datetime) -> int:
    """Keep what a reader says of the page at `path`; return the rating's number."""
    return Rating.objects.create(path=path, helped=helped, by=by, at=at).pk


def comment(number: int, words: str) -> None:
    """Add a reader's words to a rating, once; raises Refused where there are some already."""
    changed = Rating.objects.filter(pk=number, comment="").update(comment=words[:MOST_WORDS])
    if not changed:
        raise Refused(Issue(file="rating", message="This page has your comment already."))
