"""A program as a page of text."""

import pytest

from assay.documents.programs import load_program
from assay.words.program_text import program_text
from tests.documents.program_text import PROGRAM

REVIEW = (
    "- Review (V1, since 1 January 2026): every July; what is dated 1 July or later does not count"
)
SHIPPED = load_program("atlassian-marketplace@2024-06-13")


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "program.yaml"
    path.write_text(PROGRAM, encoding="utf-8")
    return load_program(str(path))


def section(text, title):
    """Return the lines below a heading, up to the next one."""
    lines = text.splitlines()
    start = lines.index(title) + 2
    end = next(
        (n for n in range(start, len(lines)) if lines[n] and set(lines[n]) == {"-"}),
        len(lines) + 2,
    )
    return [line for line in lines[start : end - 2] if line]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_longer_than_the_terminal_and_no_word_is_cut(width):
    text = program_text(SHIPPED, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert "\x1b" not in text


def test_a_width_out_of_bounds_is_brought_within():
    assert program_text(SHIPPED, width=20) == program_text(SHIPPED, width=60)
    assert program_text(SHIPPED, width=999) == program_text(SHIPPED, width=160)


def test_every_row_note_and_amount_is_there():
    text = " ".join(program_text(SHIPPED, width=160).split())
    for row in (*SHIPPED.requirements.values(), *SHIPPED.benefits.values()):
        assert row.clause in text
    for note in SHIPPED.notes:
        assert " ".join(note.split()) in text
    for said in ("at least $500,000 gross sales", "$50,000", "Platinum Marketplace Partner"):
        assert all(word in text for word in said.split())


def test_the_requirements_as_a_table(small):
    assert section(program_text(small, width=90), "Requirements") == [
        "Clause  Requirement         Silver                          Gold",
        "─" * 90,
        "C4      Quality             at least 3 answers              at least 5 answers and short",
        "                                                            gifts: at least 25 %",
        "C5      Not all on one day  most answers on a day lower     as Silver",
        "                            than answers",
    ]


def test_the_benefits_as_a_table(small):
    assert section(program_text(small, width=80), "Benefits") == [
        "Clause  Benefit  Member  Silver  Gold",
        "─" * 40,
        "B1      Badge    —       S       G",
        "B2      Help     —       some    more",
        "B3      Credit   —       —       $2,500",
        "B4      Portal   yes     —       —",
    ]


def test_dated_amounts_and_notes(small):
    text = program_text(small, width=80)
    assert section(text, "Least gift (C2)") == [
        "kind                  short  long",
        "─" * 36,
        "since 1 January 2026  $10    $20.50",
    ]
    assert section(text, "Notes") == ["- Words.", "- grace: none"]


def test_the_head(small):
    assert program_text(small, width=100).splitlines()[:9] == [
        "Helpers",
        "=======",
        "- Program: helpers@2026-01-01",
        "- Source: A test",
        "- Amounts in USD, days in UTC",
        REVIEW,
        "- Window year (C2, since 1 January 2026): the year (the 12 months before the cut-off)",
        "- Placement: the highest tier whose own requirements are all met; it is not a ladder",
        "",
    ]


def test_a_program_without_benefits_and_notes(tmp_path):
    cut = PROGRAM[: PROGRAM.index("benefits:")].replace("levels: [some, more]\n", "")
    path = tmp_path / "program.yaml"
    path.write_text(cut, encoding="utf-8")
    text = program_text(load_program(str(path)), width=80)
    assert "Benefits" not in text
    assert "Notes" not in text
