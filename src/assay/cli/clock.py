"""`assay clock`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assay.core.clock import hours_text, told_moment, weekday_time
from assay.core.issues import Issue, Refused


def clock(
    opened: Annotated[
        str, typer.Argument(metavar="OPENED", help="When it was opened, in ISO 8601.")
    ],
    answered: Annotated[
        str, typer.Argument(metavar="ANSWERED", help="When it was first answered, in ISO 8601.")
    ],
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help="The partner's IANA time zone.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count the hours between two moments, less the Saturdays and Sundays of a time zone.

    A moment without an offset is a local time of the zone.
    """
    start = told_moment(opened, zone, named="OPENED")
    end = told_moment(answered, zone, named="ANSWERED")
    if end < start:
        raise Refused(
            Issue(
                file="ANSWERED",
                value=answered,
                message="is before it was opened",
                hint="give the moment of opening first",
            )
        )
    hours = hours_text(weekday_time(start, end, zone))
    if as_json:
        typer.echo(json.dumps({"hours": hours}))
        return
    typer.echo(f"{hours} hours count in {zone}, from {opened} to {answered}.")
