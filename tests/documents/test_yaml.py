"""YAML as program files and cases are read: strictly, as text, with lines."""

import pytest

from assay.core.issues import Refused
from assay.documents.yaml import Fields, Form, Items, Scalar, lines_of, read_yaml


def read(folder, text):
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, name="a.yaml")


def form_of(folder, text):
    fields, issues = read(folder, text)
    return Form(fields, file="a.yaml", what="thing", issues=issues), issues


def told(issues):
    return [(issue.line, issue.message) for issue in issues]


def test_values_are_text_with_their_lines(tmp_path):
    fields, issues = read(tmp_path, "a: yes\nb: [1, 2.50]\nc:\n  d: 2024-06-13\n  e:\n")
    assert issues == []
    assert fields == Fields(
        fields={
            "a": Scalar("yes", 1),
            "b": Items((Scalar("1", 2), Scalar("2.50", 2)), 2),
            "c": Fields({"d": Scalar("2024-06-13", 4), "e": Scalar("", 6)}, {"d": 4, "e": 5}, 4),
        },
        lines={"a": 1, "b": 2, "c": 3},
        line=1,
    )


def test_the_lines_of_all_keys(tmp_path):
    fields, _ = read(tmp_path, "a: 1\nb:\n  c:\n    d: 2\n")
    assert lines_of(fields) == {("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", "d"): 4}


def test_a_repeated_key_is_told_with_both_lines(tmp_path):
    fields, issues = read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert told(issues) == [(3, "`a` is repeated; it stands first on line 1")]
    assert fields.fields["a"] == Scalar("1", 1)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "a mapping is expected"),
        ("# only a comment\n", 1, "a mapping is expected"),
        ("- a\n- b\n", 1, "a mapping is expected"),
        ("a: 1\n\tb: 2\n", 2, r"not valid YAML: found character '\t' that cannot start any token"),
        ("a: 'x\n", 2, "not valid YAML: found unexpected end of stream"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML: another document begins"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8 at byte 8"),
        ("a: 1".encode("utf-16"), 1, "not UTF-8 at byte 0"),
        ("a: &x 1\nb: *x\n", 2, "aliases (`*name`) are not read"),
        ("a: &x [1]\nb: *x\n", 2, "aliases (`*name`) are not read"),
        ("a: !secret 1\n", 1, "tags (`!secret`) are not read"),
        ("a: !!python/name:os.system x\n", 1, None),
        ('a: "\\e[31m"\n', 1, "a text holds a control character"),
        ('a: "x\\u202ey"\n', 1, "a text holds a control character"),
        ('"a\\x07": 1\n', 1, "a text holds a control character"),
        ("[a]: 1\n", 1, "a key must be plain text"),
        ("a: 1\nb: " + "[" * 30 + "]" * 30 + "\n", 2, "nested too deeply"),
        ("a: 1\nb: " + "{a: " * 5_000, 2, "nested too deeply"),
        ("\n".join(" " * n + "a:" for n in range(25)), 22, "nested too deeply"),
        ("a: 1\n#" + "x" * 1_000_000, None, "larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, text, line, message):
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    (issue,) = refused.value.issues
    assert issue.line == line
    assert message in (None, issue.message)
    assert issue.hint


def test_a_character_that_yaml_does_not_allow(tmp_path):
    with pytest.raises(Refused, match="not valid YAML: unacceptable character"):
        read(tmp_path, b"a: \x00\n")


def test_a_byte_order_mark_is_passed_over(tmp_path):
    fields, _ = read(tmp_path, b"\xef\xbb\xbfa: 1\n")
    assert fields.fields == {"a": Scalar("1", 1)}


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Refused, match=r"^a\.yaml: no such file or directory — check the path$"):
        read_yaml(tmp_path / "none.yaml", name="a.yaml")


def test_fields_that_are_wrong_or_missing(tmp_path):
    form, issues = form_of(tmp_path, "a: [1]\nb:\nc: x\nd: [[1]]\ne: 1\nf:\n  g: [1]\nh: 1\n")
    assert form.text("a") == ""
    assert form.text("b") == ""
    assert form.text("z") == ""
    assert form.text("z", default="y") == "y"
    assert form.texts("c") == ()
    assert form.texts("d") == ()
    assert form.texts("z") == ()
    assert list(form.forms("e", what="e")) == []
    assert list(form.forms("z", what="z", needed=False)) == []
    assert list(form.forms("f", what="f")) == []
    assert form.form("h") is None
    assert form.form("z", needed=False) is None
    assert form.scalars("f") == {}
    assert form.scalars("z") == {}
    assert form.value("c") == Scalar("x", 3)
    assert told(issues) == [
        (1, "thing: `a` must be one value"),
        (2, "thing: `b` is missing"),
        (1, "thing: `z` is missing"),
        (3, "thing: `c` must be a list"),
        (4, "thing: `d` must be a list"),
        (5, "`e` is missing or has no fields"),
        (7, "f `g` must have fields"),
        (8, "thing: `h` is missing"),
        (6, "thing: `f` must hold single values"),
    ]


def test_keys_that_nothing_took_are_told_with_the_likeliest_name(tmp_path):
    form, issues = form_of(tmp_path, "title: x\nclaus: R1\nsilvr: 1\n")
    form.text("title")
    form.text("clause", default="")
    assert form.rest() == ["claus", "silvr"]
    form.close(tiers=["silver", "gold"])
    assert [(issue.line, issue.message, issue.hint) for issue in issues] == [
        (
            2,
            "thing: `claus` is neither a field nor a tier",
            "did you mean `clause`? known here: clause, gold, silver, title",
        ),
        (
            3,
            "thing: `silvr` is neither a field nor a tier",
            "did you mean `silver`? known here: clause, gold, silver, title",
        ),
    ]


def test_keys_that_nothing_took_with_a_hint_of_their_own(tmp_path):
    form, issues = form_of(tmp_path, "b: 1\n")
    form.close("a only")
    assert [(issue.message, issue.hint) for issue in issues] == [
        ("thing: `b` is not known", "a only")
    ]
