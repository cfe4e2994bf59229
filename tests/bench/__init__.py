"""Measure: speed and memory as ratios, against DuckDB, pandas and Polars. Run by `make bench`."""

from datetime import date

PROGRAM = "atlassian-marketplace@2024-06-13"
REVIEW_ON = date(2025, 7, 1)
SINCE, CUT_OFF = date(2024, 7, 1), date(2025, 7, 1)  # the window of that review
