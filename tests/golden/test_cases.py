"""Every golden case of every shipped program, one test a case; all of them are a few reviews."""

import pytest

from assay.documents.cases import read_cases
from assay.documents.programs import load_program, shipped_programs
from assay.jobs.programs.run_cases import run_cases

CASES = [
    pytest.param(label, number, id=f"{label}-{case.file}-{case.line}")
    for label, folder in shipped_programs().items()
    for number, case in enumerate(read_cases(folder, load_program(label)))
]


@pytest.fixture(scope="module")
def results():
    return {label: run_cases(label) for label in shipped_programs()}


@pytest.mark.parametrize(("label", "number"), CASES)
def test_a_golden_case(results, label, number):
    assert [str(difference) for difference in results[label][number].differences] == []


def test_every_requirement_of_every_tier_has_a_case_on_each_side(results):
    for label, tested in results.items():
        program = load_program(label)
        asked = {(tier, key) for key, row in program.requirements.items() for tier in row.by_tier}
        sides = {
            (place, outcome)
            for result in tested
            for place, outcome in result.case.expect.outcomes.items()
        }
        missing = [
            (place, outcome)
            for place in sorted(asked)
            for outcome in ("met", "not_met")
            if (place, outcome) not in sides
        ]
        assert missing == []
