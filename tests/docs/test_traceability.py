"""docs/traceability.md: no statement is missing, and whatever it names is there."""

import ast

import pytest
from django.urls import resolve

from assay.documents.cases import read_cases
from assay.documents.programs import load_program, shipped_programs
from tests.docs.pages import ROOT, code, rows, text

PROGRAM = "atlassian-marketplace@2024-06-13"
ROWS = {row[0]: row[1:] for row in rows(text("docs/traceability.md"))}
SHOWN_BY = [(statement, name) for statement, row in ROWS.items() for name in sorted(code(row[2]))]


@pytest.fixture(scope="module")
def program():
    return load_program(PROGRAM)


@pytest.fixture(scope="module")
def cases(program):
    found = read_cases(shipped_programs()[PROGRAM], program)
    return {f"cases/{case.file}: {case.name}" for case in found}


def test_every_statement_has_a_row():
    counts = {"S": 6, "R": 8, "V": 6, "B": 14, "P": 3, "F": 1, "N": 11}
    wanted = [f"{letter}{n}" for letter, most in counts.items() for n in range(1, most + 1)]
    assert list(ROWS) == wanted


@pytest.mark.parametrize(("statement", "name"), SHOWN_BY)
def test_what_shows_a_statement_is_there(statement, name, cases):
    if name.startswith("cases/"):
        assert name in cases
        return
    path, _, function = name.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert function in defined, statement


def test_every_statement_names_what_shows_it():
    assert [name for name, row in ROWS.items() if not code(row[2])] == []


def test_every_statement_of_the_source_names_its_pages():
    pages = {name: [one for one in code(row[1]) if one[0] == "/"] for name, row in ROWS.items()}
    assert [name for name, found in pages.items() if not found and name[0] != "N"] == []
    for address in {one for found in pages.values() for one in found}:
        resolve(address.replace("SLUG", "acme").replace("NUMBER", "0123456789abcdef"))


def test_every_row_of_the_program_stands_with_its_clause(program):
    things = {
        **program.tiers,
        **program.windows,
        **program.amounts,
        **program.measures,
        **program.requirements,
        **program.benefits,
    }
    astray = [name for name, row in things.items() if name not in code(ROWS[row.clause][1])]
    assert astray == []
