"""Play a program's calendar in fast time on a ledger: what would have been done, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from assay.core.calendar import Act, ActKind, acts_between
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.reviewing import Move, Moved, Played, move_of
from assay.documents.programs import PROGRAM_FILE, load_program, program_file
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import Reviewed, review_facts

NO_TIER = "none"


@dataclass
class _Year:
    """Where a play stands: who is credited with what, the open review, whose demotion waits."""

    hindsight: bool
    credited: dict[str, str] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    is_open: bool = False
    spared: list[tuple[date, str, str]] = field(default_factory=list)


def play_year(
    reference: str,
    ledger: Path,
    *,
    since: date,
    until: date,
    settling_days: int,
    hindsight: bool = False,
) -> Iterator[tuple[Played, Reviewed | None]]:
    """Play every act of the calendar from one day to another, both included.

    Each act knows what the ledger knew at the end of its day, in UTC. The version of the program
    in force on the day decides: of those named by a day beside the one given, the newest that has
    begun, and before the first the first. A review that opens is closed when its settling days
    are over, on what is known then, and comes with its results. With `hindsight`, every act knows
    all that the ledger knows now. Raises Refused for a bad program or ledger.
    """
    versions = versions_beside(reference)
    year = _Year(hindsight=hindsight)
    for act in _acts(versions, since=since, until=until, settling_days=settling_days):
        _end_grace(year, act.on)
        yield _played(act, versions, ledger, year)


def versions_beside(reference: str) -> Mapping[str, tuple[Path, Program]]:
    """Map the versions of a program that play, by the day each begins; raises Refused."""
    given = program_file(reference)
    program = load_program(str(given))
    found = {program.version: (given, program)}
    if _begins(program.version) is not None:
        for file in sorted(given.parent.parent.glob(f"*/{PROGRAM_FILE}")):
            other = _other(file, program.name)
            if other is not None and _begins(other.version) is not None:
                found.setdefault(other.version, (file, other))
    return dict(sorted(found.items()))


def _other(file: Path, name: str) -> Program | None:
    """Read another version; None where it cannot be, or is of another program."""
    try:
        other = load_program(str(file))
    except Refused:
        return None
    return other if other.name == name else None


def _begins(version: str) -> date | None:
    try:
        return date.fromisoformat(version)
    except ValueError:
        return None


def _on(versions: Mapping[str, tuple[Path, Program]], on: date) -> tuple[Path, Program]:
    begun = [version for version in versions if version <= on.isoformat()]
    return versions[max(begun) if begun and len(versions) > 1 else min(versions)]


def _acts(
    versions: Mapping[str, tuple[Path, Program]], *, since: date, until: date, settling_days: int
) -> Iterator[Act]:
    """Yield the acts that the version in force on their day asks for, by day."""
    asked = {
        act: program
        for _, program in versions.values()
        for act in acts_between(
            program.review, settling_days=settling_days, since=since, until=until
        )
        if act.kind is not ActKind.REMIND and _on(versions, act.on)[1] is program
    }
    order = list(ActKind)
    return iter(sorted(asked, key=lambda act: (act.on, order.index(act.kind))))


def _played(
    act: Act, versions: Mapping[str, tuple[Path, Program]], ledger: Path, year: _Year
) -> tuple[Played, Reviewed | None]:
    file, program = _on(versions, act.review_on if act.kind is ActKind.MAY_CLOSE else act.on)
    known_at = datetime.combine(act.on, time.max, UTC)
    played = Played(act=act, program=program.label, known_at=known_at)
    if act.kind is ActKind.MAY_CLOSE and not year.is_open:
        return replace(played, refused="no review is open"), None
    on = act.review_on if act.kind is ActKind.MAY_CLOSE else act.on
    source = Source(ledger=ledger, known_at=None if year.hindsight else known_at)
    try:
        reviewed = review_facts(str(file), source, on=on)
    except Refused as refused:
        raise Refused(
            Issue(file=f"{act.on} {act.kind}", message="cannot be played"), *refused.issues
        ) from None
    decided = _decided(reviewed)
    late: tuple[str, ...] = ()
    if act.kind is ActKind.MAY_CLOSE:
        late = tuple(key for key, tier in decided.items() if year.opened.get(key) != tier)
    played = replace(
        played,
        facts_digest=reviewed.facts.digest,
        counts=reviewed.done.counts,
        moved=tuple(_moved(decided, year.credited, program)),
        late=late,
    )
    _go_on(act, decided, program, year)
    return played, reviewed if act.kind is ActKind.MAY_CLOSE else None


def _go_on(act: Act, decided: dict[str, str], program: Program, year: _Year) -> None:
    """Let an act change where the play stands."""
    if act.kind is ActKind.OPEN:
        year.opened, year.is_open = decided, True
    if act.kind is not ActKind.MAY_CLOSE:
        return
    year.is_open, year.spared = False, []
    falls_on = program.demotion.takes_effect(act.on)
    ranks = _ranks(program)
    for key, tier in decided.items():
        was = year.credited.get(key, NO_TIER)
        if falls_on > act.on and ranks[tier] < ranks.get(was, 0):
            year.spared.append((falls_on, key, tier))
        else:
            year.credited[key] = tier


def _end_grace(year: _Year, on: date) -> None:
    """Credit the lower tiers whose grace has ended by a day."""
    for falls_on, key, tier in year.spared:
        if falls_on <= on:
            year.credited[key] = tier
    year.spared = [one for one in year.spared if one[0] > on]


def _decided(reviewed: Reviewed) -> dict[str, str]:
    keys, tiers = (column.to_pylist() for column in reviewed.done.decisions.columns[:2])
    return dict(zip(keys, tiers, strict=True))


def _moved(
    decided: Mapping[str, str], credited: Mapping[str, str], program: Program
) -> Iterator[Moved]:
    ranks = _ranks(program)
    for key, tier in decided.items():
        was = credited.get(key, NO_TIER)
        move = move_of(ranks.get(was, 0), ranks[tier])
        if move is not Move.STAYS:
            yield Moved(partner=key, was=was, tier=tier, move=move)


def _ranks(program: Program) -> dict[str, int]:
    return {name: place for place, name in enumerate((NO_TIER, *program.tiers))}
