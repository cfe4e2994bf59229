"""Export the record of who did what: a line an event, and a signed seal at the end."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.core.canonical import canonical
from assay.core.events import Chained
from assay.core.issues import Issue, Refused
from assay.core.signatures import signed
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.records.verify_file import EVENTS, head_of, seal_of
from assay.store.queries.operations.chain import chained


def event_lines(
    installation: Installation, events: Iterable[Chained], *, whole: bool
) -> Iterator[bytes]:
    """Yield the lines of an export; they are made as they are asked for."""
    digest, count = hashlib.sha256(), 0
    line = canonical(head_of(whole=whole)) + b"\n"
    digest.update(line)
    yield line
    for count, event in enumerate(events, 1):  # noqa: B007 - counted to the end
        line = canonical(event.document) + b"\n"
        digest.update(line)
        yield line
    content = canonical(seal_of(digest.hexdigest(), count))
    key = Keys.of(installation).current()
    yield canonical({"seal": signed(content, key, kind=EVENTS)}) + b"\n"


def export_events(installation: Installation, out: Path) -> int:
    """Write the whole record to a file that is not there yet; return how many events it has."""
    lines = event_lines(installation, chained(), whole=True)
    return write_new(out, lines) - 2


def write_new(out: Path, lines: Iterable[bytes]) -> int:
    """Write lines to a new file, whole or not at all; return how many. Raises Refused."""
    if out.exists():
        raise Refused(Issue(file=str(out), message="is there already", hint="name another --out"))
    fresh = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with fresh.open("xb") as file:
            count = sum(1 for line in lines if file.write(line))
        fresh.replace(out)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise Refused(Issue(file=str(out), message=reason, hint="name another --out")) from None
    finally:
        fresh.unlink(missing_ok=True)
    return count
