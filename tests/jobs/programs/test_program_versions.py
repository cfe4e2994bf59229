from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assay.jobs.programs.program_versions import next_review, program_versions
from assay.jobs.programs.programs import program_of
from tests.small_program import HEAD

MEASURES = """\
tiers:
  good: {title: Good, clause: T1, since: 2024-01-01}
measures:
  deeds: {title: Deeds, clause: M, since: 2024-01-01, from: deeds, value: count(*), unit: deeds}
requirements:
  enough: {title: Enough deeds, clause: R1, since: 2024-01-01, good: deeds >= 3}
"""


@pytest.fixture
def versions(tmp_path):
    """Write versions of the program beside each other; gives the folder of one."""

    def write(**asked):
        for version, bound in asked.items():
            name = version.removeprefix("v")
            folder = tmp_path / "deeds" / name
            folder.mkdir(parents=True)
            text = (HEAD + MEASURES).replace("version: 1", f"version: {name}")
            (folder / "program.yaml").write_text(text.replace(">= 3", f">= {bound}"))
        return lambda name: str(tmp_path / "deeds" / name)

    return write


def told(found):
    return [(one.program.version, one.state, one.follows) for one in found]


def test_versions_beside_the_one_in_force_are_older_or_coming(versions):
    at = versions(v2023=1, v2024=2, v2025=3)
    assert told(program_versions(at("2024"))) == [
        ("2025", "coming", "2024"),
        ("2024", "in force", "2023"),
        ("2023", "older", ""),
    ]


def test_each_tells_what_it_changed_of_the_one_before(versions):
    newest, middle, oldest = program_versions(versions(v2023=1, v2024=2, v2025=3)("2024"))
    assert [(c.label, dict(c.facets)) for c in newest.changes] == [
        ("R1 enough", {"Good": ("deeds: at least 2", "deeds: at least 3")})
    ]
    assert [c.label for c in middle.changes] == ["R1 enough"]
    assert oldest.changes == ()


def test_one_that_cannot_be_read_and_another_program_are_left_out(versions):
    at = versions(v2023=1, v2024=2, v2025=3)
    broken, other = Path(at("2025"), "program.yaml"), Path(at("2023"), "program.yaml")
    broken.write_text(broken.read_text() + "what: is this\n")
    other.write_text(other.read_text().replace("program: deeds", "program: others"))
    assert told(program_versions(at("2024"))) == [("2024", "in force", "")]


def test_a_version_that_is_added_while_we_run_is_found(versions):
    at = versions(v2024=2)
    assert told(program_versions(at("2024"))) == [("2024", "in force", "")]
    versions(v2025=3)
    assert told(program_versions(at("2024")))[0] == ("2025", "coming", "2024")


def test_a_shipped_program_stands_beside_itself_once():
    assert told(program_versions("atlassian-marketplace@2024-06-13")) == [
        ("2024-06-13", "in force", "")
    ]


@pytest.mark.parametrize(
    ("today", "on"),
    [("2026-06-30", "2026-07-01"), ("2026-07-01", "2026-07-01"), ("2026-07-02", "2027-07-01")],
)
def test_the_next_review_is_today_at_the_earliest(today, on):
    program = program_of("atlassian-marketplace@2024-06-13")
    found = next_review(program, date.fromisoformat(today))
    assert (found.on, found.cut_off) == (date.fromisoformat(on), date.fromisoformat(on))


def test_windows_of_a_review_have_their_first_day():
    found = next_review(program_of("atlassian-marketplace@2024-06-13"), date(2026, 11, 1))
    assert dict(found.windows) == {"year": date(2026, 7, 1), "until_july": None}
