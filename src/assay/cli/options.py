"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.core.calendar import FIRST_DAY, LAST_DAY
from assay.core.issues import Issue, Refused

if TYPE_CHECKING:
    from assay.jobs.reviews.facts import Source

DEFAULT_PROGRAM = "atlassian-marketplace@2024-06-13"

ProgramOption = Annotated[
    str, typer.Option("--program", help="A program's folder, or NAME@VERSION of a shipped one.")
]
FactsOption = Annotated[
    Path | None, typer.Option("--facts", metavar="DIR", help="A folder of fact files.")
]
LedgerOption = Annotated[Path | None, typer.Option("--ledger", metavar="DIR", help="A ledger.")]
OnOption = Annotated[str, typer.Option("--on", metavar="DATE", help="The review day, YYYY-MM-DD.")]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="MOMENT",
        help="The ledger as it was known then: YYYY-MM-DD (its end, UTC) or ISO 8601 with a zone.",
    ),
]


def day_of(text: str, *, option: str) -> date:
    """Read a date option; raises Refused."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(
            Issue(file=option, value=text, message="no date", hint="write YYYY-MM-DD")
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(
            Issue(file=option, value=text, message=f"no day from {FIRST_DAY} to {LAST_DAY}")
        )
    return day


def moment_of(text: str | None, *, option: str) -> datetime | None:
    """Read a moment option: a day means its end in UTC; raises Refused."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and len(text) == len("YYYY-MM-DD"):
        return moment.replace(hour=23, minute=59, second=59, microsecond=999_999, tzinfo=UTC)
    if moment is None or moment.tzinfo is None:
        raise Refused(
            Issue(
                file=option,
                value=text,
                message="no moment",
                hint="write YYYY-MM-DD, or ISO 8601 with Z or an offset",
            )
        )
    return moment


def source_of(facts: Path | None, ledger: Path | None, known_at: str | None) -> Source:
    """Put the options that say where facts are into one value; raises Refused."""
    from assay.jobs.reviews.facts import Source

    return Source(folder=facts, ledger=ledger, known_at=moment_of(known_at, option="--known-at"))
