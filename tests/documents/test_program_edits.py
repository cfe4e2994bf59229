"""A new version of a program changes the lines that it is about, and no other."""

import difflib
from datetime import date

from assay.documents.program_edits import Edit, edited
from assay.documents.programs import load_program, program_file

SHIPPED = program_file("atlassian-marketplace@2024-06-13")
ON = date(2027, 1, 1)


def changed(edit):
    before = SHIPPED.read_text(encoding="utf-8").splitlines()
    lines = difflib.unified_diff(before, edited(SHIPPED, edit).splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("---", "+++")]


def test_a_raised_minimum_is_a_line_more_and_comments_stay():
    cells = {"P1": 2000, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
    edit = Edit(on=ON, source="The team: more", amounts="minimum_payout", cells=cells)
    assert changed(edit) == [
        "-version: 2024-06-13",
        "+version: 2027-01-01",
        "-source: The program page as of 13 June 2024",
        "+source: 'The team: more'",
        "+      2027-01-01: {P1: 2000, P2: 900, P3: 300, P4: 100, P5: 0}",
    ]


def test_an_ended_security_program_has_its_last_day(tmp_path):
    edit = Edit(on=ON, source="The team", ends="bug_bounty")
    assert changed(edit)[4:] == ["+    until: 2027-01-01"]
    path = tmp_path / "program.yaml"
    path.write_text(edited(SHIPPED, edit), encoding="utf-8")
    program = load_program(str(path))
    assert program.security_programs["bug_bounty"].until == ON
    assert program.amounts == load_program(str(SHIPPED)).amounts
