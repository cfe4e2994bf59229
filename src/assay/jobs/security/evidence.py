"""Evidence that an applicant shows: checked by its kind, files kept as they were sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any

from assay.core.issues import Issue, Refused
from assay.core.security import MOST_TEXT, Evidence, EvidenceKind, SecurityProgram
from assay.gateways.attachments import MEGABYTE
from assay.jobs.content.attach import attachments
from assay.store.models import Enrolment, EvidenceFile

MOST_BYTES = 20 * MEGABYTE  # of one file
MOST_FILES = 30  # of one enrolment, those of earlier steps included
MOST_ADDRESS = 300

Shown = Mapping[str, Any]  # by key: text, date, True, or a file with its name (`SentFile`)


class SentFile:
    """A file as somebody sent it."""

    def __init__(self, content: IO[bytes], name: str) -> None:
        """Wrap its content and its name."""
        self.content = content
        self.name = name


def put_evidence(
    enrolment: Enrolment, program: SecurityProgram, shown: Shown, *, at: datetime
) -> None:
    """Take what is shown into an enrolment; a file that is not sent anew stays.

    Raises Refused with everything that is missing or wrong, before anything is kept.
    """
    issues = [issue for asked in program.evidence for issue in _wrong(enrolment, asked, shown)]
    if issues:
        raise Refused(*issues)
    kept: dict[str, Any] = {}
    for asked in program.evidence:
        value = shown.get(asked.key)
        if asked.kind is EvidenceKind.FILE:
            kept[asked.key] = _file(enrolment, asked, value, at)
        elif isinstance(value, date):
            kept[asked.key] = value.isoformat()
        else:
            kept[asked.key] = value
    enrolment.evidence = kept


def _wrong(enrolment: Enrolment, asked: Evidence, shown: Shown) -> Iterator[Issue]:
    value = shown.get(asked.key)
    if asked.kind is EvidenceKind.FILE:
        if value is None and not enrolment.evidence.get(asked.key):
            yield _issue(asked, "attach the file")
        return
    if not value:
        yield _issue(asked, "confirm it" if asked.kind is EvidenceKind.YES else "fill it in")
    elif isinstance(value, str) and len(value) > _most(asked):
        yield _issue(asked, f"at most {_most(asked)} characters")


def _most(asked: Evidence) -> int:
    return MOST_ADDRESS if asked.kind is EvidenceKind.URL else MOST_TEXT


def _issue(asked: Evidence, message: str) -> Issue:
    return Issue(file="enrolment", column=asked.key, message=message)


def _file(enrolment: Enrolment, asked: Evidence, sent: SentFile | None, at: datetime) -> int:
    """Keep a file and return its number; without a new one, that of the file shown before."""
    if sent is None:
        return int(enrolment.evidence[asked.key])
    if enrolment.files.count() >= MOST_FILES:
        raise Refused(_issue(asked, f"an application holds at most {MOST_FILES} files"))
    attached = attachments().keep(sent.content, sent.name, column=asked.key, most=MOST_BYTES)
    row = EvidenceFile.objects.create(
        enrolment=enrolment,
        asked=asked.key,
        file=attached.file,
        name=attached.name,
        media_type=attached.media_type,
        size=attached.size,
        at=at,
    )
    return int(row.pk)
