"""Rows behind a measure in words."""

from dataclasses import replace
from datetime import date

from assay.core.explanations import Evidence, EvidenceRow, Standing
from assay.core.facts import Type
from assay.words.evidence import cell_words, evidence_words, missing_words


def sale(number, standing, reason=None, *, near_edge=False):
    return EvidenceRow(
        cells={"transaction_id": f"t{number}", "purchase_price": 100},
        dated=date(2025, 1, 1),
        standing=standing,
        near_edge=near_edge,
        reason=reason,
    )


def groups(explained, rows, counts, *, most):
    program, explanation = explained("P3")
    evidence = Evidence(
        measure="gross_sales",
        source="transactions",
        columns={"transaction_id": Type.TEXT, "purchase_price": Type.MONEY},
        counts=counts,
        rows=tuple(rows),
    )
    (found,) = evidence_words(
        replace(explanation, evidence={"gross_sales": evidence}), program, most=most
    )
    return [(g.title, g.at_least, g.count, len(g.rows), g.more) for g in found.groups]


def test_the_first_rows_and_how_many_more(explained):
    rows = [sale(number, Standing.COUNTED) for number in range(3)]
    assert groups(explained, rows, {Standing.COUNTED: 1_000}, most=2) == [
        ("Counted", False, 1_000, 2, 998)
    ]


def test_reasons_of_which_not_all_rows_are_given_are_at_least_so_many(explained):
    rows = [sale(1, Standing.LEFT_OUT, "late"), sale(2, Standing.LEFT_OUT, "early")]
    assert groups(explained, rows, {Standing.LEFT_OUT: 9}, most=5) == [
        ("Left out: late", True, 1, 1, 0),
        ("Left out: early", True, 1, 1, 0),
    ]


def test_rows_that_may_count_come_first_then_those_near_an_edge(explained):
    rows = [
        sale(1, Standing.COUNTED, near_edge=True),
        sale(2, Standing.MAY_COUNT, "its price is unknown"),
    ]
    counts = {Standing.COUNTED: 1, Standing.MAY_COUNT: 1}
    assert groups(explained, rows, counts, most=5) == [
        ("May count: its price is unknown", False, 1, 1, 0),
        ("Within a week of the window's edges", False, 1, 1, 0),
        ("Counted", False, 1, 1, 0),
    ]


def test_cells_by_type(explained):
    program, _ = explained("P3")
    cells = [
        (None, Type.TEXT),
        ("cloud", Type.CHOICE),
        (date(2025, 7, 1), Type.DATE),
        (True, Type.BOOLEAN),
        (False, Type.BOOLEAN),
        (-1050, Type.MONEY),
        (1_234, Type.INTEGER),
        (7_800_000_000, Type.HOURS),
        (1_740_988_800_000_000, Type.INSTANT),
    ]
    assert [cell_words(cell, kind, program) for cell, kind in cells] == [
        "–",
        "cloud",
        "2025-07-01",
        "yes",
        "no",
        "-$10.50",
        "1,234",
        "2 h 10 min",
        "3 March 2025, 08:00:00 UTC",
    ]


def test_only_the_facts_that_are_missing_are_named(explained):
    program, explanation = explained("P2")
    finding = next(f for f in explanation.findings if f.requirement == "paid_cloud_app")
    row = EvidenceRow(
        cells={"hosting": "cloud", "payment": None},
        dated=None,
        standing=Standing.MAY_COUNT,
        near_edge=False,
        reason="payment <> 'free' is unknown",
    )
    evidence = Evidence(
        measure="paid_cloud_apps",
        source="listings_on_the_day",
        columns={"hosting": Type.CHOICE, "payment": Type.CHOICE},
        counts={Standing.MAY_COUNT: 1},
        rows=(row,),
    )
    told = replace(explanation, evidence={"paid_cloud_apps": evidence})
    assert missing_words(finding, told, program) == (
        "payment missing in 1 row of listings on the day"
    )
    untold = replace(explanation, evidence={})
    assert missing_words(finding, untold, program) == "a fact is missing"
