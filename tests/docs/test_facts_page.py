"""docs/facts.md against the vocabulary, the reader and the review."""

from datetime import date

import pytest

import assay
from assay.core.facts import Type
from assay.documents.vocabularies import load_vocabulary
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts, review_record
from tests.docs.pages import ROOT, code, rows, sections

PROGRAM = "atlassian-marketplace@2024-06-13"
ON = date(2025, 7, 1)
TABLES = load_vocabulary("marketplace-1").tables
SECTIONS = sections("docs/facts.md")


@pytest.fixture(scope="module")
def reviewed():
    return review_facts(PROGRAM, Source(folder=ROOT / "docs/example/facts"), on=ON)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_of_a_table_is_documented_with_its_type(table):
    documented = [row[:3] for row in rows(SECTIONS[table.name])]
    key = {name: f"**`{name}`**" for name in table.key}
    assert documented == [
        [key.get(name, f"`{name}`"), column.type.value, "yes" if column.optional else "no"]
        for name, column in table.columns.items()
    ]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_value_and_spelling_of_a_choice_is_documented(table):
    meanings = {row[0].strip("*`"): code(row[3]) for row in rows(SECTIONS[table.name])}
    for name, column in table.columns.items():
        assert {*column.values, *column.spellings} <= meanings[name]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_a_column_refers_to_is_documented(table):
    meanings = {row[0].strip("*`"): row[3] for row in rows(SECTIONS[table.name])}
    for name, column in table.columns.items():
        told = f"refers to `{column.references}`" in meanings[name]
        assert told == (column.references is not None)


def test_every_type_of_a_fact_is_documented():
    documented = [row[0] for row in rows(SECTIONS["How cells are written"])]
    assert documented == [kind.value for kind in Type if kind is not Type.HOURS]


def test_the_tables_are_documented_in_the_order_of_the_vocabulary():
    assert [name for name in SECTIONS if name in TABLES] == list(TABLES)


def test_every_column_of_decisions_and_findings_is_documented(reviewed):
    review = reviewed.done
    documented = [row[0].strip("`") for row in rows(SECTIONS["What a review writes"])]
    columns = [*review.decisions.column_names, *review.findings.column_names]
    assert documented[: len(columns)] == columns


def test_every_key_of_the_review_record_is_documented(reviewed):
    record = review_record(reviewed)
    keys = {name for row in rows(SECTIONS["What a review writes"]) for name in code(row[0])}
    assert set(record) <= keys


def test_the_library_reviews_the_example_folder():
    review = assay.review(PROGRAM, ROOT / "docs/example/facts", on=ON)
    assert review.decisions.to_pylist() == [
        {"partner_id": "fern", "tier": "silver"},
        {"partner_id": "moss", "tier": "partner"},
        {"partner_id": "oak", "tier": "gold"},
        {"partner_id": "reed", "tier": "none"},
    ]
