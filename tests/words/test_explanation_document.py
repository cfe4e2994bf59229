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
            "year": {"from": "2024-07-01", "to": "2025-06-30"},
            "until_july": {"from": None, "to": "2025-06-30"},
        },
    }


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
        "unit": "hours",
        "window": "year",
        "at_least": "0:00:00",
        "at_most": None,
        "no_rows": False,
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
