"""What a program allows, found without facts: tiers out of reach, contradictions, no ladder.

Each question is put to a solver over a small symbolic population (`populations`); where facts
show the finding, they come with it. Findings are in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from assay.core.policy import PolicyFinding, PolicyKind
from assay.core.program import AllOf, Condition, Not, Program
from assay.engine.searches import MOST_WORK, Answer, Budget, OutOfWork, Search


def policy_findings(program: Program, *, work: int = MOST_WORK) -> tuple[PolicyFinding, ...]:
    """Find what is wrong or surprising in a program, whatever the facts.

    `work` bounds the search; where it ends, the last finding is UNDECIDED and names no row.
    """
    found: list[PolicyFinding] = []
    try:
        for finding in _findings(program, Budget(work)):
            found.append(finding)  # noqa: PERF402 - what was found before the bound is kept
    except OutOfWork:
        found.append(PolicyFinding(kind=PolicyKind.UNDECIDED, tier=""))
    return tuple(found)


def _findings(program: Program, budget: Budget) -> Iterator[PolicyFinding]:
    reachable: list[str] = []
    for tier in program.tiers:
        if not _asked(program, tier):
            yield PolicyFinding(kind=PolicyKind.ASKS_NOTHING, tier=tier)
            continue
        answer = Search(program, _whole(program, tier), budget).answer()
        if answer is Answer.NO:
            yield PolicyFinding(
                kind=PolicyKind.UNREACHABLE, tier=tier, requirements=tuple(_asked(program, tier))
            )
            yield from _contradictions(program, tier, budget)
        else:
            reachable.append(tier)
        if answer is Answer.UNDECIDED:
            yield PolicyFinding(kind=PolicyKind.UNDECIDED, tier=tier)
    yield from _shadowed(program, reachable, budget)
    for lower, higher in combinations(reachable, 2):
        yield from _easier(program, higher, lower, budget)


def _asked(program: Program, tier: str) -> dict[str, Condition]:
    """Name what a tier asks: the conditions of its rows, or its base under an empty name."""
    base = program.tiers[tier].base
    if base is not None:
        return {"": base}
    return {
        row.key: row.by_tier[tier] for row in program.requirements.values() if tier in row.by_tier
    }


def _whole(program: Program, tier: str) -> Condition:
    return AllOf(tuple(_asked(program, tier).values()))


def _contradictions(program: Program, tier: str, budget: Budget) -> Iterator[PolicyFinding]:
    """Name the rows that cannot be met, and the pairs that cannot be met together."""
    possible: dict[str, Condition] = {}
    for key, condition in _asked(program, tier).items():
        if Search(program, condition, budget).answer() is Answer.NO:
            yield PolicyFinding(kind=PolicyKind.NEVER_MET, tier=tier, requirements=(key,))
        else:
            possible[key] = condition
    for one, other in combinations(possible, 2):
        pair = (possible[one], possible[other])
        first, second = ({m.source for m in program.measures_of(part)} for part in pair)
        if first & second and Search(program, AllOf(pair), budget).answer() is Answer.NO:
            yield PolicyFinding(kind=PolicyKind.CONTRADICTION, tier=tier, requirements=(one, other))


def _shadowed(program: Program, tiers: list[str], budget: Budget) -> Iterator[PolicyFinding]:
    """Name tiers that nobody is placed in, because a higher one is always met as well."""
    for rank, tier in enumerate(tiers[:-1], start=1):
        above = tuple(Not(_whole(program, higher)) for higher in tiers[rank:])
        alone = AllOf((_whole(program, tier), *above))
        if Search(program, alone, budget).answer() is Answer.NO:
            yield PolicyFinding(kind=PolicyKind.SHADOWED, tier=tier)


def _easier(program: Program, higher: str, lower: str, budget: Budget) -> Iterator[PolicyFinding]:
    """Name the rows that some facts meet for `higher` and not for `lower`."""
    for key, low in _asked(program, lower).items():
        missed = Not(low)
        whole = AllOf((_whole(program, higher), missed))
        high = _asked(program, higher).get(key)
        if high == low:
            continue
        row = whole if key == "" else missed if high is None else AllOf((high, missed))
        search = Search(program, row, budget)
        answer = search.answer()
        if answer is Answer.NO:
            continue
        keys = (key,) if key else ()
        if answer is Answer.UNDECIDED:
            yield PolicyFinding(
                kind=PolicyKind.UNDECIDED, tier=higher, other=lower, requirements=keys
            )
            continue
        yield PolicyFinding(
            kind=PolicyKind.EASIER,
            tier=higher,
            other=lower,
            requirements=keys,
            witness=search.witness(),
            overall=_OVERALL[Search(program, whole, budget).answer()],
        )


_OVERALL = {Answer.YES: True, Answer.NO: False, Answer.UNDECIDED: None}
