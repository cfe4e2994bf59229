"""`assay year`: the review calendar in fast time."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.options import DEFAULT_PROGRAM, LedgerOption, ProgramOption, day_of
from assay.core.issues import Issue, Refused

SETTLING_DAYS = 14


def year(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")],
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")],
    ledger: LedgerOption = None,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="A demo installation to play in for good."),
    ] = None,
    program: ProgramOption = DEFAULT_PROGRAM,
    settling_days: Annotated[
        int, typer.Option("--settling-days", min=0, max=180, help="From opening to closing.")
    ] = SETTLING_DAYS,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write each closed review's results here."),
    ] = None,
    hindsight: Annotated[
        bool, typer.Option("--hindsight", help="Let each day know all that the ledger knows now.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play whole program years: assess, open and close reviews on what was known on each day."""
    from assay.jobs.reviews.play_year import play_year
    from assay.jobs.reviews.review import write_review
    from assay.words.played import played_document, played_text

    first, last = _days(since, until)
    if folder and not ledger:
        _refuse_of_a_ledger({"--out": out is not None, "--hindsight": hindsight})
        _play_in(folder, first, last, settling_days, as_json=as_json)
        return
    if not ledger or folder:
        raise Refused(Issue(file="--ledger", message="give a ledger or --dir, one of two"))
    days = {"since": first, "until": last}
    acts = play_year(program, ledger, **days, settling_days=settling_days, hindsight=hindsight)
    documents = []
    for played, reviewed in acts:
        if out is not None and reviewed is not None:
            write_review(reviewed, out / played.act.review_on.isoformat())
        documents.append(played_document(played))
        if not as_json:
            typer.echo("\n".join(played_text(played)))
    if as_json:
        typer.echo(json.dumps(documents, indent=2, ensure_ascii=False))
    _tell_nothing_known(documents)


def _tell_nothing_known(documents: list[dict[str, Any]]) -> None:
    if documents and not any(sum(one["counts"].values()) for one in documents):
        words = "nothing was known on these days; --hindsight plays on what is known now"
        typer.echo(words, err=True)


def _days(since: str, until: str) -> tuple[date, date]:
    first, last = day_of(since, option="--from"), day_of(until, option="--to")
    if first > last:
        raise Refused(Issue(file="--from", value=since, message="is after --to"))
    return first, last


def _refuse_of_a_ledger(given: dict[str, bool]) -> None:
    """Refuse what can be asked of a play on a ledger alone."""
    asked = [name for name, is_given in given.items() if is_given]
    if asked:
        raise Refused(Issue(file=asked[0], message="goes with --ledger, and not with --dir"))


def _play_in(folder: Path, first: date, last: date, settling_days: int, *, as_json: bool) -> None:
    """Play on an installation; what is done is told as the calendar keeps it."""
    from assay.jobs.operations.installation import open_installation

    open_installation(folder)
    from assay.jobs.reviews.play_installation import play_installation

    done = []
    for on, words in play_installation(since=first, until=last, settling_days=settling_days):
        done.append({"on": on.isoformat(), "words": words})
        if not as_json:
            typer.echo(f"{on}  {words}")
    if as_json:
        typer.echo(json.dumps(done, indent=2, ensure_ascii=False))
