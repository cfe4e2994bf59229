"""`assay explain --json`."""

import json
from datetime import date

from assay.core.facts import Type
from assay.words.explanation_document import explanation_document, plain_value


def document(explained, partner):
    program, explanation = explained(partner)
    return explanation_document(explanation, program)


def requirement(found, tier, key):
    tiers = {one["tier"]: one for one in found["tiers"]}
    return next(one for one in tiers[tier]["requirements"] if one["requirement"] == key)


def test_it_comes_back_from_json_as_it_went(explained):
    for partner in ("P1", "P2", "P3", "P4", "P5"):
        found = document(explained, partner)
        assert json.loads(json.dumps(found)) == found


def test_what_is_decided_and_as_of_when(explained):
    found = document(explained, "P1")
    told = ("program", "subject", "name", "on", "cut_off", "tier", "next_tier", "windows")
    assert {name: found[name] for name in told} == {
        "program": "atlassian-marketplace@2024-06-13",
        "subject": "P1",
        "name": "Acme",
        "on": "2025-07-01",
        "cut_off": "2025-07-01",
        "tier": "gold",
        "next_tier": "platinum",
        "windows": {
            "year": {
                "title": "1 July of the previous year to 30 June",
                "clause": "V5",
                "from": "2024-07-01",
                "to": "2025-06-30",
                "days": "1 July 2024 to 30 June 2025",
            },
            "until_july": {
                "title": "everything before 1 July",
                "clause": "V6",
                "from": None,
                "to": "2025-06-30",
                "days": "up to 30 June 2025",
            },
        },
    }


def test_how_many_days_are_left_until_the_next_review(explained):
    assert document(explained, "P1")["next_review"] == {
        "cut_off": "2026-07-01",
        "last_day": "2026-06-30",
        "days_left": 365,
        "clause": "V1",
        "words": "The next review counts facts up to 30 June 2026: 365 days left",
    }


def test_the_steps_to_a_tier_begin_with_the_nearest(explained):
    platinum = document(explained, "P1")["tiers"][2]
    # Of $1,000,000 are $541,200 there, 46 % short; of no app outside the program there is one.
    assert platinum["steps"] == ["annual_gross_sales", "bounty_participation"]
    assert (platinum["met"], platinum["asked"], platinum["next"]) == (5, 7, True)


def test_the_room_that_a_tier_has(explained):
    tiers = {one["tier"]: one["narrowest"] for one in document(explained, "P1")["tiers"]}
    assert tiers == {
        "silver": "cloud's share of annual gross sales, $139,788.23 of it to spare",
        "gold": "annual gross sales, $41,200 above",
        "platinum": "",
    }


def test_what_was_found_is_in_pieces_that_name_their_measure(explained):
    gold = requirement(document(explained, "P1"), "gold", "annual_gross_sales")
    share = gold["parts"]["parts"][0]["parts"][1]
    assert share["figures"] == [
        {"words": "36.9 % (", "measure": None},
        {"words": "$200,000", "measure": "cloud_sales"},
        {"words": " of ", "measure": None},
        {"words": "$541,200", "measure": "gross_sales"},
        {"words": ")", "measure": None},
    ]


def test_a_condition_as_judged(explained):
    found = requirement(document(explained, "P3"), "gold", "annual_gross_sales")
    assert found["judged"] == {
        "kind": "any",
        "outcome": "not_met",
        "parts": [
            {
                "kind": "all",
                "outcome": "not_met",
                "parts": [
                    {
                        "kind": "comparison",
                        "outcome": "met",
                        "measure": "gross_sales",
                        "operator": ">=",
                        "bound": "500000",
                        "distance": {"measure": "gross_sales", "missing": "0.00"},
                    },
                    {
                        "kind": "comparison",
                        "outcome": "not_met",
                        "measure": "cloud_share",
                        "operator": ">=",
                        "bound": "0.25",
                        "distance": {"measure": "cloud_sales", "missing": "0.02"},
                    },
                ],
            },
            {
                "kind": "comparison",
                "outcome": "not_met",
                "measure": "gross_sales",
                "operator": ">=",
                "bound": "3000000",
                "distance": {"measure": "gross_sales", "missing": "2500000.00"},
            },
        ],
    }


def test_a_measure_with_its_bounds(explained):
    measures = document(explained, "P2")["measures"]
    assert measures["slowest_response"] == {
        "title": "Slowest response to an escalation",
        "clause": "R4",
        "source": "answered_escalations",
        "unit": "hours",
        "window": "year",
        "window_words": "1 July 2024 to 30 June 2025 (V5: 1 July of the previous year to 30 June)",
        "at_least": "0:00:00",
        "at_most": None,
        "no_rows": False,
        "words": "at least 0 hours",
    }
    assert (measures["gross_sales"]["unit"], measures["gross_sales"]["at_least"]) == ("USD", "0.00")


def test_what_is_unknown_names_the_missing_facts(explained):
    found = requirement(document(explained, "P2"), "silver", "escalation_response")
    assert (found["outcome"], found["missing_facts"], found["judged"]["distance"]) == (
        "unknown",
        "response time missing in 1 row of answered escalations",
        None,
    )


def test_a_row_left_out_with_its_cells(explained):
    evidence = document(explained, "P5")["evidence"]["gross_sales"]
    assert evidence["counts"] == {"counted": 1, "may_count": 0, "left_out": 2}
    assert evidence["rows"][0] == {
        "standing": "left_out",
        "reason": "before 2024-07-01",
        "dated": "2024-06-30",
        "near_edge": True,
        "cells": {
            "transaction_id": "t50",
            "partner_id": "P5",
            "app_id": "a5",
            "hosting": "cloud",
            "sale_date": "2024-06-30",
            "sale_type": "new",
            "purchase_price": "10.00",
            "vendor_amount": None,
            "currency": "USD",
        },
    }


def test_values_by_type():
    cells = [
        (None, Type.MONEY),
        (True, Type.BOOLEAN),
        ("cloud", Type.CHOICE),
        (date(2025, 7, 1), Type.DATE),
        (-5, Type.MONEY),
        (7, Type.INTEGER),
        (-93_600_000_001, Type.HOURS),
        (1_740_988_800_000_000, Type.INSTANT),
    ]
    assert [plain_value(cell, kind) for cell, kind in cells] == [
        None,
        True,
        "cloud",
        "2025-07-01",
        "-0.05",
        7,
        "-26:00:00.000001",
        "2025-03-03T08:00:00Z",
    ]
