"""Local weekends as a table, as SELECTs read it."""

from __future__ import annotations

from assay.core.clock import HOUR, WEEKEND
from assay.documents.programs import load_program
from assay.engine.calendars import calendar_rows
from tests.few_partners import PROGRAM


def test_a_row_is_a_span_of_a_zone():
    rows = calendar_rows(
        WEEKEND, ["UTC"], starts_at=0, ends_at=96 * HOUR
    )  # 1 January 1970: Thursday
    assert rows.to_pylist() == [
        {"time_zone": "UTC", "starts_at": 48 * HOUR, "ends_at": 96 * HOUR},
    ]


def test_no_zone_gives_a_table_without_rows():
    assert calendar_rows(WEEKEND, [], starts_at=0, ends_at=HOUR).num_rows == 0


def test_the_weekend_of_the_clock_is_that_of_the_vocabulary():
    assert load_program(PROGRAM).vocabulary.calendars["weekends"].days == WEEKEND
