"""An explanation as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from assay.core.explanations import Explanation, Outcome
from assay.core.program import Program
from assay.words.evidence import Group, MeasureEvidence, evidence_words, rows_words
from assay.words.findings import Line
from assay.words.standing import Asked, TierStanding, answer, as_of, standings

MOST_ROWS = 5


def explanation_text(explanation: Explanation, program: Program, *, rows: bool, width: int) -> str:
    """Write an explanation: the answer first, then every requirement of every tier.

    With `rows` the rows behind every measure follow. Lines are at most `width` characters where
    words allow.
    """
    lines = _wrapped(" ".join(answer(explanation, program)), width)
    lines += _wrapped(as_of(explanation, program), width)
    for standing in standings(explanation, program):
        lines += ["", *_tier(standing, width)]
    if rows:
        for evidence in evidence_words(explanation, program, most=MOST_ROWS):
            lines += ["", *_evidence(evidence, width)]
    lines += [
        "",
        f"Program {explanation.program}, digest {explanation.program_digest}",
        f"Facts digest {explanation.facts_digest}",
    ]
    return "\n".join(lines) + "\n"


def _tier(standing: TierStanding, width: int) -> Iterator[str]:
    if not standing.asked:
        yield f"{standing.title}: nothing is asked, so nobody is placed here"
        return
    met = len(standing.asked) - len(standing.unmet)
    held = ", held" if standing.held else ""
    yield f"{standing.title}{held}: {met} of {len(standing.asked)} requirements met"
    for asked in standing.asked:
        yield from _asked(asked, width)


def _asked(asked: Asked, width: int) -> Iterator[str]:
    yield from _wrapped(
        f"{asked.line.mark} {asked.title} ({asked.clause})", width, indent="  ", hanging=2
    )
    yield from _line(asked.line, width, indent="    ")
    if asked.missing:
        yield from _wrapped(f"Unknown: {asked.missing}.", width, indent="    ")
    if asked.line.outcome is Outcome.NOT_MET and asked.remedy:
        helps = f"What helps: {asked.remedy} {asked.who} can act."
        yield from _wrapped(helps, width, indent="    ")


def _line(line: Line, width: int, *, indent: str) -> Iterator[str]:
    if line.kind == "comparison":
        yield from _wrapped(comparison_text(line), width, indent=indent, hanging=2)
        return
    for number, part in enumerate(line.parts):
        deeper = indent
        if line.kind == "any":
            yield f"{indent}{'or' if number else 'either'}"
            deeper = f"{indent}  "
        if part.kind == "comparison":
            text = f"{part.mark} {comparison_text(part)}"
            yield from _wrapped(text, width, indent=deeper, hanging=2)
        else:
            yield from _line(part, width, indent=deeper)


def comparison_text(line: Line) -> str:
    """Write a comparison in one line: the rule, what was found, how far off."""
    distance = f", {line.distance}" if line.distance else ""
    return f"{line.rule}; found {line.found}{distance}"


def _evidence(evidence: MeasureEvidence, width: int) -> Iterator[str]:
    yield from _wrapped(f"{evidence.title}: {evidence.value} ({evidence.clause})", width)
    window = f", {evidence.window}" if evidence.window else ""
    yield from _wrapped(f"from {evidence.source}{window}", width, indent="  ")
    if not evidence.groups:
        yield "  No rows."
    for group in evidence.groups:
        yield from _group(evidence, group, width)


def _group(evidence: MeasureEvidence, group: Group, width: int) -> Iterator[str]:
    at_least = "at least " if group.at_least else ""
    yield f"  {group.title}: {at_least}{rows_words(group.count)}"
    cells = [evidence.columns, *(row.cells for row in group.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(evidence.columns))]
    why = ("", *(row.standing for row in group.rows)) if group.mixed else ("",) * len(cells)
    longest = max(map(len, why))
    for row, standing in zip(cells, why, strict=True):
        padded = (
            cell.rjust(size) if right else cell.ljust(size)
            for cell, size, right in zip(row, widths, evidence.right, strict=True)
        )
        told = (standing.ljust(longest),) if group.mixed else ()
        text = "  ".join((*told, *padded)).rstrip()
        yield f"    {_shortened(text, width - 4)}"
    if group.more:
        yield f"    and {rows_words(group.more, more=True)}"


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _wrapped(text: str, width: int, *, indent: str = "", hanging: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
