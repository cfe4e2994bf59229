"""Check the record of who did what: any change, gap or cut is found, with the first bad event."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from assay.core.canonical import canonical
from assay.core.events import Break, Chained, Walk
from assay.core.issues import Refused
from assay.core.signatures import opened, signed
from assay.gateways.checkpoints import Checkpoints
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.operations.heartbeat import beat
from assay.store.queries.operations.chain import chained, counted, digest_at, head, outside

ANCHOR_EVENTS = "anchor_events"  # the task
KIND = "assay-checkpoint"
PART = "record"  # the heartbeat that has the last result
SOUND = "sound: "
LATELY = 1_000  # events that a quick check walks along


@dataclass(frozen=True, kw_only=True)
class CheckedEvents:
    """What a check found: `events` were walked along, `checkpoints` agreed, `broken` says where."""

    events: int
    checkpoints: int
    broken: Break | None

    def __str__(self) -> str:
        """Say it in one line."""
        if self.broken is not None:
            return f"broken at {self.broken}"
        return f"{SOUND}{self.events:,} events, {self.checkpoints:,} signed checkpoints"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """That the event with a number had a digest at a moment, signed."""

    number: int
    digest: str
    at: datetime


def check_events(installation: Installation) -> CheckedEvents:
    """Walk along the whole chain, and hold it against every signed checkpoint."""
    return _checked(_checkpoints(installation), chained(), Walk())


def check_lately(installation: Installation) -> CheckedEvents:
    """Walk along the newest events alone, and count the rest: quick, whatever the length."""
    newest = head()
    before = max(0, 0 if newest is None else newest[0] - LATELY)
    walk = Walk() if not before else Walk(number=before, digest=digest_at(before) or "")
    return _checked(_checkpoints(installation), chained(after=before), walk)


def anchor_events(installation: Installation, *, at: datetime) -> CheckedEvents:
    """Check the whole chain, sign its newest event where it is sound, and keep the result.

    The same newest event is signed once.
    """
    found = check_events(installation)
    newest = head()
    if found.broken is None and newest is not None:
        held = _checkpoints(installation)
        last = held[-1] if held else None
        if not isinstance(last, Checkpoint) or last.number != newest[0]:
            _sign(installation, *newest, at=at)
    beat(PART, at=at, words=str(found)[:200])
    return found


def _sign(installation: Installation, number: int, digest: str, *, at: datetime) -> None:
    content = canonical({"at": at.isoformat(), "digest": digest, "number": number})
    text = signed(content, Keys.of(installation).current(), kind=KIND)
    Checkpoints.of(installation).append(text)


def _checkpoints(installation: Installation) -> list[Checkpoint | Break]:
    """Read the checkpoints; one that is not as we signed it is a break, at the number after."""
    keys = {key["kid"] for key in Keys.of(installation).public()}
    return list(_read(Checkpoints.of(installation).read(), keys))


def _read(lines: Iterable[str], keys: set[str]) -> Iterator[Checkpoint | Break]:
    number = 0
    for place, line in enumerate(lines, 1):
        try:
            found = opened(line, kind=KIND, file="checkpoint")
        except Refused:
            yield Break(number=number + 1, words=f"checkpoint {place} is not as it was signed")
            return
        if found.key_id not in keys:
            yield Break(number=number + 1, words=f"checkpoint {place} is signed by another's key")
            return
        told = json.loads(found.payload)
        number = told["number"]
        moment = datetime.fromisoformat(told["at"])
        yield Checkpoint(number=number, digest=told["digest"], at=moment)


def _checked(held: list[Checkpoint | Break], chain: Iterable[Chained], walk: Walk) -> CheckedEvents:
    wanted = deque(one for one in held if isinstance(one, Checkpoint) and one.number > walk.number)
    before = walk.number
    broken = None
    for event in walk.follow(chain):
        while wanted and broken is None and wanted[0].number == event.number:
            signed_then = wanted.popleft()
            if signed_then.digest != event.digest:
                broken = Break(
                    number=event.number,
                    words=f"is not the one that was signed at {signed_then.at:%Y-%m-%d %H:%M} UTC",
                )
    broken = _first(broken, walk.broken, *_counts(walk, wanted), *_bad(held))
    return CheckedEvents(events=walk.number - before, checkpoints=len(held), broken=broken)


def _counts(walk: Walk, wanted: Iterable[Checkpoint]) -> Iterator[Break]:
    """Yield what is wrong with how many events there are."""
    for one in wanted:
        words = f"is missing; event {one.number:,} was signed at {one.at:%Y-%m-%d %H:%M} UTC"
        yield Break(number=walk.number + 1, words=words)
    stray = outside()
    if stray:
        yield Break(number=walk.number + 1, words=f"{stray:,} events stand outside the chain")
    held, newest = counted()
    if held - stray != newest:
        words = f"there are {held - stray:,} events of {newest:,}; assay audit verify finds where"
        yield Break(number=walk.number + 1, words=words)


def _bad(held: Iterable[Checkpoint | Break]) -> Iterator[Break]:
    return (one for one in held if isinstance(one, Break))


def _first(*breaks: Break | None) -> Break | None:
    found = [one for one in breaks if one is not None]
    return min(found, key=lambda one: one.number, default=None)
