"""What a program allows, in words: a message and a hint for each finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.core.facts import Type
from assay.core.policy import PolicyFinding, PolicyKind, Witness, WitnessRows
from assay.core.program import Program
from assay.words.conditions import measured_words, stored_words


def policy_words(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    """Say a finding and how to mend it; `lines` has the line of each requirement it names."""
    return _WORDS[finding.kind](finding, program, lines)


def witness_words(witness: Witness, program: Program) -> str:
    """Say facts that show a finding: what the measures give, then the rows."""
    measured = ", ".join(
        measured_words(program.measures[name], value, program)
        for name, value in witness.measures.items()
    )
    rows = "; ".join(_rows_words(rows, program) for rows in witness.rows)
    return f"{measured} ({rows or 'no facts at all'})"


def _rows_words(rows: WitnessRows, program: Program) -> str:
    columns = (
        program.vocabulary.tables.get(rows.source) or program.vocabulary.relations[rows.source]
    ).columns
    cells = [
        _cell_words(name, value, columns[name].type, program) for name, value in rows.values.items()
    ]
    cells += [
        f"{_spaced(name)} {stored_words(total, columns[name].type, currency=program.currency)}"
        for name, total in rows.totals.items()
    ]
    count = "1 row" if rows.count == 1 else f"{rows.count:,} rows"
    return f"{count} of {rows.source}" + (f": {', '.join(cells)}" if cells else "")


def _cell_words(name: str, value: object, kind: Type, program: Program) -> str:
    if value is None:
        return f"no {_spaced(name)}"
    if isinstance(value, bool):
        return _spaced(name) if value else f"not {_spaced(name)}"
    if isinstance(value, int):
        return f"{_spaced(name)} {stored_words(value, kind, currency=program.currency)}"
    return f"{_spaced(name)} {value}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _row(program: Program, key: str, lines: Mapping[str, int]) -> str:
    line = f" (line {lines[key]})" if key in lines else ""
    return f"{program.requirements[key].clause} {key}{line}"


def _asks_nothing(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    del lines
    title = program.tiers[finding.tier].title
    return (
        f"{title} can never be reached: no requirement asks anything of it",
        f"add `{finding.tier}: …` to the requirements, or give the tier a `base`",
    )


def _unreachable(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    title = program.tiers[finding.tier].title
    rows = [_row(program, key, lines) for key in finding.requirements if key]
    asked = f"its requirements {', '.join(rows)}" if rows else "its base condition"
    return (
        f"{title} can never be reached: no facts meet {asked}{' together' if rows[1:] else ''}",
        "loosen one of them",
    )


def _never_met(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    key, title = finding.requirements[0], program.tiers[finding.tier].title
    row = _row(program, key, {}) if key else "the base"
    del lines
    return f"{row} can never be met for {title}: it contradicts itself", "check its bounds"


def _contradiction(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    one, other = (_row(program, key, lines) for key in finding.requirements)
    title = program.tiers[finding.tier].title
    return (
        f"for {title}, {one} contradicts {other}: no facts meet both",
        "loosen one of the two",
    )


def _shadowed(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    del lines
    title = program.tiers[finding.tier].title
    return (
        f"nobody is ever placed in {title}: whoever meets it meets a higher tier as well",
        f"make the higher tiers ask more than {title}, or drop it",
    )


def _easier(finding: PolicyFinding, program: Program, lines: Mapping[str, int]) -> tuple[str, str]:
    del lines
    higher, lower = program.tiers[finding.tier].title, program.tiers[finding.other or ""].title
    row = "".join(f"{_row(program, key, {})}: " for key in finding.requirements)
    shown = "" if finding.witness is None else witness_words(finding.witness, program)
    overall = {
        True: f"; {higher} as a whole can be met without {lower}",
        False: f"; the other requirements of {higher} rule it out",
        None: "",
    }
    return (
        f"{row}{higher} can be met where {lower} is not: {shown}{overall[finding.overall]}",
        f"if that is not meant, let {higher} ask at least what {lower} asks",
    )


def _undecided(
    finding: PolicyFinding, program: Program, lines: Mapping[str, int]
) -> tuple[str, str]:
    del lines
    hint = "nothing is claimed about it; simpler conditions can be decided"
    if finding.tier == "":
        return "the search met its bound: the rest of the program could not be decided", hint
    higher = program.tiers[finding.tier].title
    if finding.other is None:
        return f"whether {higher} can be reached could not be decided", hint
    lower = program.tiers[finding.other].title
    row = "".join(f"{_row(program, key, {})}: " for key in finding.requirements)
    return f"{row}whether {higher} can be met where {lower} is not could not be decided", hint


_Words = Callable[[PolicyFinding, Program, Mapping[str, int]], tuple[str, str]]
_WORDS: Mapping[PolicyKind, _Words] = {
    PolicyKind.ASKS_NOTHING: _asks_nothing,
    PolicyKind.UNREACHABLE: _unreachable,
    PolicyKind.NEVER_MET: _never_met,
    PolicyKind.CONTRADICTION: _contradiction,
    PolicyKind.SHADOWED: _shadowed,
    PolicyKind.EASIER: _easier,
    PolicyKind.UNDECIDED: _undecided,
}
