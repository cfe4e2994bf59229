"""The engine against a second reading of the program, on marketplaces that sit on boundaries."""

import json
from datetime import date

import pytest

from assay.documents.folder import open_folder
from assay.documents.programs import load_program
from assay.engine.reviews import review
from tests.marketplace import write_marketplace
from tests.oracle import judge

PROGRAM = "atlassian-marketplace@2024-06-13"
PARTNERS = 300
DAYS = {
    date(2024, 2, 29): date(2024, 2, 29),  # a standing on a day that the year before has not
    date(2025, 3, 31): date(2025, 3, 31),  # a standing on the Monday after a change of clocks
    date(2025, 7, 1): date(2025, 7, 1),
    date(2025, 7, 31): date(2025, 7, 1),  # the review counts to 30 June on any day of July
    date(2026, 7, 1): date(2026, 7, 1),  # with the Friday of 23 hours in Jerusalem
    date(2027, 7, 1): date(2027, 7, 1),  # with the Thursday of 25 hours in Cairo
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_engine_and_the_oracle_agree_on_every_partner(tmp_path, on, seed):
    facts_folder, scratch = tmp_path / "facts", tmp_path / "scratch"
    scratch.mkdir()
    write_marketplace(facts_folder, seed=seed, partners=PARTNERS, cut_off=DAYS[on])
    tiers, findings = judge(facts_folder, on=on)
    program = load_program(PROGRAM)
    facts = open_folder(
        facts_folder, vocabulary=program.vocabulary, currency=program.currency, scratch=scratch
    )
    reviewed = review(program, facts, on=on, scratch=scratch)
    assert {row["partner_id"]: row["tier"] for row in reviewed.decisions.to_pylist()} == tiers
    found = {
        (row["partner_id"], row["tier"], row["requirement"]): (
            row["outcome"],
            json.loads(row["measured"]),
        )
        for row in reviewed.findings.to_pylist()
    }
    expected = {place: tuple(finding) for place, finding in findings.items()}
    differing = {
        place: (found.get(place), finding)
        for place, finding in expected.items()
        if found.get(place) != finding
    }
    assert differing == {}
    assert len(found) == PARTNERS * 3 * 7
