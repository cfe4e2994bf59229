"""A play of the calendar in words, and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.core.calendar import ActKind
from assay.core.reviewing import Move, Moved, Played

MOST_NAMED = 10
_DONE = {
    ActKind.OPEN: "review opened",
    ActKind.ASSESS: "assessed",
    ActKind.MAY_CLOSE: "review closed",
}


def played_document(played: Played) -> dict[str, Any]:
    """Return one act as plain values."""
    return {
        "on": played.act.on.isoformat(),
        "act": _DONE[played.act.kind],
        "review_on": played.act.review_on.isoformat(),
        "program": played.program,
        "known_at": played.known_at.isoformat(),
        "facts_digest": played.facts_digest,
        "counts": dict(played.counts),
        "moves": {move.value: played.how_many(move) for move in Move},
        "moved": [
            {"partner_id": one.partner, "was": one.was, "tier": one.tier, "move": one.move.value}
            for one in played.moved
        ],
        "late": list(played.late),
        "refused": played.refused,
    }


def played_text(played: Played) -> Iterator[str]:
    """Yield the lines of one act: what was done, partners by tier, who moves."""
    done = _DONE[played.act.kind]
    if played.refused:
        yield f"{played.act.on}  {done}: not done, {played.refused}"
        return
    counts = ", ".join(f"{count:,} {tier}" for tier, count in played.counts.items())
    yield f"{played.act.on}  {done} ({played.program}): {counts}"
    if played.act.kind is ActKind.ASSESS:
        yield from _named("below the credited tier", played.below)
        return
    moves = ", ".join(f"{played.how_many(move):,} {_MOVES[move]}" for move in Move)
    yield f"            {moves}"
    if played.act.kind is ActKind.MAY_CLOSE:
        if played.late:
            some = ", ".join(played.late[:MOST_NAMED])
            rest = f" and {len(played.late) - MOST_NAMED:,} more"
            more = rest if len(played.late) > MOST_NAMED else ""
            yield f"            changed by what came late: {some}{more}"
        for move in (Move.UP, Move.DOWN):
            yield from _named(_MOVES[move], tuple(m for m in played.moved if m.move is move))


_MOVES = {Move.ENTERS: "enter", Move.UP: "up", Move.STAYS: "stay", Move.DOWN: "down"}


def _named(words: str, moved: tuple[Moved, ...]) -> Iterator[str]:
    if not moved:
        return
    some = ", ".join(f"{one.partner} ({one.was} to {one.tier})" for one in moved[:MOST_NAMED])
    more = f" and {len(moved) - MOST_NAMED:,} more" if len(moved) > MOST_NAMED else ""
    yield f"            {len(moved):,} {words}: {some}{more}"
