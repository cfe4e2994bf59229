"""Security programs of a program file, and what requirements rest on."""

import pytest

from assay.core.issues import Refused
from assay.core.security import RestsOn
from assay.documents.programs import load_program
from tests.documents.program_text import spoilt

SHIPPED = "atlassian-marketplace@2024-06-13"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hosting: [cloud]}", "hosting: [clod]}", "no hosting `clod`"),
        ("valid_months: 24", "valid_months: 0", "`valid_months` is a number from 1 to 120"),
        ("kind: file}", "kind: fil}", "no kind `fil`"),
        ("begins: enrolled_on", "begins: enroled", "`bounty_enrolments` has no day `enroled`"),
        ("{table: bounty_enrolments", "{table: partners", "no table `partners` of apps"),
        (", until: left_on}", "}", "`until` is missing"),
        ("    valid_months: 24", "    until: 2025-01-01\n    valid_months: 24", "it ends before"),
        ("  grace: none", "  grace: none\n  notice_days: soon", "`notice_days` cannot be `soon`"),
    ],
)
def test_a_fault_is_told(tmp_path, old, new, said):
    path = tmp_path / "program.yaml"
    path.write_text(spoilt(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_program(str(path))
    assert [said in issue.message for issue in refused.value.issues] == [True]


def test_requirements_rest_on_the_facts_their_measures_come_from():
    rests = {key: row.rests_on for key, row in load_program(SHIPPED).requirements.items()}
    assert rests["paid_apps_are_pva"] == RestsOn(tables=("listings",))
    assert rests["server_apps_data_center_approved"] == RestsOn(
        security_programs=("data_center_approval",), tables=("listings", "installs")
    )
    assert rests["bounty_participation"] == RestsOn(
        security_programs=("bug_bounty",),
        tables=("apps", "app_numbers", "listings", "installs", "bounty_enrolments"),
    )
    assert rests["bounty_awards_meet_minimum"] == RestsOn(
        security_programs=("bug_bounty",),
        amounts=("minimum_payout",),
        tables=("bounty_submissions",),
    )
    assert rests["annual_gross_sales"] == RestsOn(tables=("transactions",))
