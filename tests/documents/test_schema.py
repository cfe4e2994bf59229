"""The JSON Schema of program files says what the reader takes, and nothing else."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from assay.core.issues import Refused
from assay.documents.programs import load_program, program_file, shipped_programs
from tests.documents.program_text import PROGRAM, spoilt

SCHEMA = json.loads((files("assay") / "programs" / "program.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def plain(value):
    """Turn what YAML gives into what an editor's JSON has."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def complaints(text):
    document = plain(YAML(typ="safe", pure=True).load(text))
    return [error.json_path for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_shipped_program_keeps_to_it_and_names_it_to_editors():
    for label in shipped_programs():
        file = program_file(label)
        text = file.read_text(encoding="utf-8")
        assert complaints(text) == []
        first = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert json.loads((file.parent / first).read_text(encoding="utf-8")) == SCHEMA


def test_the_program_of_these_tests_keeps_to_it():
    assert complaints(PROGRAM) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("  month: 7", "  month: 13", "$.review.month"),
        ("currency: USD", "currency: usd", "$.currency"),
        ("kind: level", "kind: levels", "$.benefits.help.kind"),
        ("    clause: C4\n", "", "$.requirements.quality"),
        ("months: 12", "months: some", "$.windows.year.months"),
        ("days: [1]", "days: [8]", "$.calendars.mondays.days[0]"),
        ("    none: 0\n", "", "$.measures.busiest"),
        ("when_not_positive: not_met", "when_not_positive: x", "$.measures.short_share"),
        ("  rush:", "  Rush:", "$.requirements"),
    ],
)
def test_what_an_editor_marks(old, new, path):
    assert complaints(spoilt(old, new)) == [path]


def mappings():
    """Name each kind of mapping: where its properties stand, and a line it may be spoilt at."""
    defs = SCHEMA["$defs"]
    yield SCHEMA, "version: 2026-01-01\n", "version: 2026-01-01\nzz: 1\n", ()
    yield SCHEMA["properties"]["review"], "  month: 7\n", "  month: 7\n  zz: 1\n", ()
    for name, old, tiers in (
        ("tier", "{title: Member,", ()),
        ("requirement", "    remedy: Take your time.", ("gold", "silver")),
        ("benefit", "{title: Portal,", ("gold", "member", "silver")),
        ("calendar", "{title: Mondays,", ()),
        ("column", "gift: {type: money", ()),
        ("window", "    months: 12", ()),
        ("amounts", "    by: kind", ()),
        ("share", "    of: gifts", ()),
        ("security_program", "    valid_months: 24", ()),
        ("table", "    key: [answer_id]", ()),
        ("relation", "    title: Days with answers", ()),
        ("aggregate", "    none: 0", ()),
    ):
        end = ", zz: 1" if old.endswith("money") else " zz: 1," if "{" in old else "\n    zz: 1"
        yield defs[name], old, old + end, tiers
    totals = "    totals: {by: [kind], of: [gift], zz: 1}\n    key: [answer_id]"
    yield defs["table"]["properties"]["totals"], "    key: [answer_id]", totals, ()


@pytest.mark.parametrize(("schema", "old", "new", "tiers"), list(mappings()))
def test_the_reader_takes_the_keys_of_the_schema(tmp_path, schema, old, new, tiers):
    path = tmp_path / "program.yaml"
    path.write_text(spoilt(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_program(str(path))
    (told,) = [issue for issue in refused.value.issues if "`zz`" in issue.message]
    known = told.hint.rpartition(": ")[2].split(", ")
    assert sorted(known) == sorted({*schema["properties"], *tiers})


def test_every_key_is_described():
    def described(schema):
        for name, inner in schema.get("properties", {}).items():
            yield name, "description" in inner
            yield from described(inner)

    for schema in (SCHEMA, *SCHEMA["$defs"].values()):
        assert [name for name, is_described in described(schema) if not is_described] == []
