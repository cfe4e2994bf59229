"""docs/programs.md against the reader of program files, and its example against itself."""

import ast
import json
from importlib.resources import files
from pathlib import Path

import pytest

import assay.documents
from assay.core.facts import Type
from assay.core.program import Aggregate, BenefitKind
from assay.documents.programs import PLACEMENTS
from assay.documents.vocabularies import load_vocabulary
from assay.jobs.programs.run_cases import run_cases
from tests.docs.pages import ROOT, blocks, code, rows, sections, text

PAGE = "docs/programs.md"
SECTIONS = sections(PAGE)
COMMUNITY = ROOT / "docs/example/community/2026-01-01"
READERS = ("programs", "measures", "security", "vocabularies", "cases")
TAKING = {"text", "texts", "form", "forms", "scalars", "value", "has"}


def keys_taken(module):
    """Yield the key of every field that a reader takes from a form: `form.text("title")`."""
    path = Path(assay.documents.__path__[0]) / f"{module}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = node.args[0] if node.args else None
            if node.func.attr in TAKING and isinstance(first, ast.Constant):
                yield first.value


@pytest.mark.parametrize("module", READERS)
def test_every_key_that_a_reader_takes_is_documented(module):
    assert set(keys_taken(module)) - code(text(PAGE)) == set()


def named_properties(schema):
    """Yield the name of every property anywhere in a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from named_properties(inner)


def test_every_property_of_the_published_schema_is_documented():
    schema = json.loads((files("assay") / "programs/program.schema.json").read_text("utf-8"))
    assert set(named_properties(schema)) - code(text(PAGE)) == set()


def test_every_kind_of_benefit_placement_and_aggregate_is_documented():
    assert [row[0].strip("`") for row in rows(SECTIONS["Benefits"])[5:]] == list(BenefitKind)
    assert set(PLACEMENTS) <= code(SECTIONS["Tiers and placement"])
    values = next(row[1] for row in rows(SECTIONS["Measures"]) if row[0] == "`value`")
    assert {part.partition("(")[0] for part in code(values)} == {
        aggregate.value.partition(" ")[0] for aggregate in Aggregate
    }


def test_every_relation_of_the_vocabulary_is_named():
    relations = load_vocabulary("marketplace-1").relations
    assert set(relations) <= code(SECTIONS["Measures"])


def test_hours_are_the_one_type_that_facts_do_not_have():
    types = next(row[1] for row in rows(SECTIONS["Own facts"]) if row[0] == "`type`")
    assert types.endswith(f"in relations also `{Type.HOURS}`")


def test_the_examples_stand_in_the_files_that_they_are_taken_from():
    files = [*COMMUNITY.rglob("*.yaml"), *(ROOT / "src/assay/programs").rglob("program.yaml")]
    contents = [path.read_text(encoding="utf-8") for path in files]
    lines = [
        line
        for block in blocks(PAGE, "yaml")
        for line in block.splitlines()
        if line and not any(line in content for content in contents)
    ]
    assert lines == []


def test_the_golden_cases_of_the_example_hold():
    results = run_cases(str(COMMUNITY))
    assert [str(difference) for result in results for difference in result.differences] == []
    assert [result.tier for result in results] == ["guide", "member", "guide", "member", "none"]
