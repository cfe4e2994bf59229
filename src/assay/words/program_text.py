"""A program as a person reads it: its page in plain text, in the width of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from textwrap import wrap

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.core.program import Amounts, Program, Requirement
from assay.words.dates import day_words
from assay.words.definitions import (
    acting_words,
    assessment_words,
    calendar_words,
    cell_words,
    measure_words,
    placement_words,
    since_words,
    tier_words,
    valid_words,
    window_words,
)
from assay.words.program_tables import amounts_table, asked_cells

NARROWEST, WIDEST = 60, 160


def program_text(program: Program, *, width: int) -> str:
    """Write a program as text, lines at most `width` characters long (60 to 160)."""
    page = _Page(width)
    page.heading(program.title, "=")
    page.lines(_opening(program))
    page.heading("Tiers, lowest first", "-")
    page.lines(
        f"{tier.title} ({since_words(tier.clause, tier.since)}): {tier_words(tier, program)}"
        for tier in program.tiers.values()
    )
    page.heading("Requirements", "-")
    titles = [program.tiers[tier].title for tier in program.ranked_tiers]
    page.table(("Clause", "Requirement", *titles), _requirement_rows(program))
    if program.benefits:
        page.heading("Benefits", "-")
        titles = [tier.title for tier in program.tiers.values()]
        page.table(("Clause", "Benefit", *titles), _benefit_rows(program))
    if program.security_programs:
        page.heading("Security programs", "-")
        heads = ("Clause", "Security program", "Who may join", "Valid", "Attests")
        page.table(heads, _security_rows(program))
    page.heading("How it is measured", "-")
    page.table(("Clause", "Measure", "Is"), _measure_rows(program))
    for amounts in program.amounts.values():
        page.heading(f"{amounts.title} ({amounts.clause})", "-")
        page.table(*_amounts_table(amounts, program))
    if program.notes or program.settings:
        page.heading("Notes", "-")
        settings = (f"{name.replace('_', ' ')}: {v}" for name, v in program.settings.items())
        page.lines((*program.notes, *settings))
    return page.text()


class _Page:
    """Collects headings, lists and tables."""

    def __init__(self, width: int) -> None:
        self._width = min(max(width, NARROWEST), WIDEST)
        self._console = Console(
            file=StringIO(), width=self._width, color_system=None, legacy_windows=False
        )

    def heading(self, text: str, rule: str) -> None:
        """Write a heading with a line under it."""
        lines = wrap(text, self._width)
        self._print("\n".join(["", *lines, rule * max(map(len, lines))]))

    def lines(self, texts: Iterable[str]) -> None:
        """Write a list, each item wrapped."""
        for text in texts:
            item = wrap(
                text,
                self._width,
                initial_indent="- ",
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
            self._print("\n".join(item))

    def table(self, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table whose cells wrap."""
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, show_lines=True, padding=(0, 1, 0, 0))
        for title in titles:
            table.add_column(Text(title), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._console.print(table)

    def text(self) -> str:
        """Return the page, without spaces at the ends of lines."""
        written = self._console.file
        text = written.getvalue() if isinstance(written, StringIO) else ""
        return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"

    def _print(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)


def _opening(program: Program) -> Iterator[str]:
    review = program.review
    yield f"Program: {program.label}"
    yield f"Source: {program.source}"
    yield f"Amounts in {program.currency}, days in {program.time_zone}"
    yield f"Review ({since_words(review.clause, review.since)}): {calendar_words(review)}"
    if review.assessments is not None:
        where = since_words(review.assessments.clause, review.assessments.since)
        yield f"Assessments ({where}): {assessment_words(review)}"
    for window in program.windows.values():
        where = since_words(window.clause, window.since)
        yield f"Window {window.name} ({where}): {window_words(window)}"
    yield f"Placement: {placement_words(program.placement)}"


def _requirement_rows(program: Program) -> Iterator[Sequence[str]]:
    for row in program.requirements.values():
        who = f" [{acting_words(row).lower()} can act]" if row.acts else ""
        yield row.clause, row.title + who, *_requirement_cells(row, program)


def _requirement_cells(row: Requirement, program: Program) -> Iterator[str]:
    """Say each tier's condition; one that repeats the tier before it says so."""
    for cell in asked_cells(row, program):
        yield f"as {cell.same_as}" if cell.same_as else cell.words


def _measure_rows(program: Program) -> Iterator[Sequence[str]]:
    for measure in program.measures.values():
        name = f"{measure.title} [{measure.name}]"
        yield measure.clause, name, measure_words(measure, program)


def _amounts_table(
    amounts: Amounts, program: Program
) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    table = amounts_table(amounts, program)
    rows = ((f"since {day_words(first)}", *cells) for first, cells in table.rows)
    return (table.by, *table.values), rows


def _benefit_rows(program: Program) -> Iterator[Sequence[str]]:
    for row in program.benefits.values():
        cells = (cell_words(row, tier, program) for tier in program.tiers)
        yield row.clause, row.title, *cells


def _security_rows(program: Program) -> Iterator[Sequence[str]]:
    for one in program.security_programs.values():
        until = "" if one.until is None else f", until {day_words(one.until)}"
        yield one.clause, one.title, one.joins.words, valid_words(one) + until, one.attests
