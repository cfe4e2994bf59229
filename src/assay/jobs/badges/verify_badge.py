"""Verify a badge from files alone: nothing is asked of anybody, no installation is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from assay.core.credential_checks import Fault, Reason, Verdict, check_badge
from assay.core.issues import Issue, Refused
from assay.documents.badges import MOST_BYTES, key_ring, token_in

LISTS = "status-*.jwt"  # beside the keys, as an export writes them


def verify_badge(file: Path, *, keys: Path, lists: Sequence[Path] = (), at: datetime) -> Verdict:
    """Check the badge in a file as of a moment by the keys in another.

    Without `lists` the status lists beside the keys are taken. Raises Refused where keys or lists
    cannot be read; a badge that cannot be is malformed.
    """
    ring = key_ring(_content(keys), str(keys))
    found = [*lists] or sorted(keys.parent.glob(LISTS))
    texts = [token_in(_content(path), str(path)) for path in found]
    content = _content(file)
    try:
        token = token_in(content, str(file))
    except Refused as refused:
        words = f"it {refused.issues[0].message}"
        fault = Fault(reason=Reason.MALFORMED, words=words)
        return Verdict(credential=None, faults=(fault,), status_checked=False)
    return check_badge(token, ring, at=at, lists=texts)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(Issue(file=str(path), message=error.strerror or "cannot be read")) from None
