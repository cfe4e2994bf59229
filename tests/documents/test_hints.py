"""Hints name what was likely meant, then what there is."""

from assay.documents.hints import known, shown


def test_a_close_name_comes_first():
    assert known("gros_sales", ["gross_sales", "cloud_sales"]) == (
        "did you mean `gross_sales`? known: gross_sales, cloud_sales"
    )


def test_nothing_close():
    assert known("zzz", ["gold", "silver"], what="tiers") == "tiers: gold, silver"
    assert known("zzz", []) == "known: none"


def test_many_names_are_cut():
    hint = known("zzz", [f"a{n}" for n in range(50)])
    assert hint.endswith("a38, a39, …")


def test_long_texts_are_cut():
    assert shown("abc", most=3) == "abc"
    assert shown("abcd", most=3) == "abc…"
