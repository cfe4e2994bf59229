"""A program for machines."""

import json

from assay.documents.programs import load_program
from assay.words.program_document import program_document
from tests.documents.program_text import PROGRAM


def documented(folder, text=PROGRAM):
    path = folder / "program.yaml"
    path.write_text(text, encoding="utf-8")
    return program_document(load_program(str(path)))


def test_a_program_as_a_document(tmp_path):
    document = documented(tmp_path)
    assert json.loads(json.dumps(document)) == document
    assert document["program"] == "helpers"
    assert document["vocabulary"] == "marketplace-1"
    assert document["review"] == {
        "month": 7,
        "clause": "V1",
        "since": "2026-01-01",
        "assessments": None,
    }
    assert document["tiers"][0]["base"] == {
        "words": "at least 1 answer",
        "tree": {"measure": "answers_given", "operator": ">=", "bound": "1"},
    }
    assert document["tiers"][1] == {
        "name": "silver",
        "title": "Silver",
        "clause": "C1",
        "since": "2026-01-01",
        "base": None,
    }
    assert document["windows"][0]["months"] == 12
    assert document["amounts"][0]["since"] == {"2026-01-01": {"short": "10", "long": "20.50"}}
    assert document["benefits"][2] == {
        "key": "credit",
        "title": "Credit",
        "clause": "B3",
        "since": "2026-01-01",
        "kind": "money",
        "by_tier": {"gold": "2500"},
        "unspent": "expires",
        "lowered": "kept",
    }
    assert document["settings"] == {"grace": "none"}
    assert document["notes"] == ["Words."]


def test_measures_as_documents(tmp_path):
    measures = {measure["name"]: measure for measure in documented(tmp_path)["measures"]}
    assert measures["short_gifts"] == {
        "name": "short_gifts",
        "title": "Gifts for short answers",
        "clause": "C3",
        "since": "2026-01-01",
        "words": "total gift of answers where kind = 'short', in window year",
        "phrase": "",
        "from": "answers",
        "where": ["kind = 'short'"],
        "aggregate": "sum",
        "value": "gift",
        "window": "year",
        "none": "0",
        "type": "money",
        "unit": "money",
    }
    assert measures["answers_given"]["value"] is None
    assert measures["short_share"]["words"] == (
        "short_gifts as a share of gifts; not met where gifts is zero or less"
    )


def test_conditions_as_trees(tmp_path):
    text = PROGRAM.replace("silver: answers_given >= 3", "silver: not (busiest > 2 or gifts > 1)")
    rows = documented(tmp_path, text)["requirements"]
    assert rows[0]["by_tier"]["silver"] == {
        "text": "not (busiest > 2 or gifts > 1)",
        "words": "not (most answers on a day: more than 2; or g: more than $1)",
        "tree": {
            "not": {
                "any": [
                    {"measure": "busiest", "operator": ">", "bound": "2"},
                    {"measure": "gifts", "operator": ">", "bound": "1"},
                ]
            }
        },
    }
    assert rows[0]["by_tier"]["gold"]["tree"] == {
        "all": [
            {"measure": "answers_given", "operator": ">=", "bound": "5"},
            {"measure": "short_share", "operator": ">=", "bound": "0.25"},
        ]
    }
    assert rows[1]["by_tier"]["gold"]["tree"] == {
        "measure": "busiest",
        "operator": "<",
        "other": "answers_given",
    }
