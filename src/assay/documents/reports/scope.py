"""The bug bounty scope list: which apps take part, by their number on the marketplace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from assay.documents.reports.desk import Desk, microseconds, stage_selected
from assay.documents.reports.json_rows import records
from assay.tables.duck import quoted

KIND = "bug bounty scope list"
_APP = re.compile(
    r"marketplace\.atlassian\.com/(?:[a-z]{2}(?:-[A-Z]{2})?/)?apps/([0-9]{1,18})(?![0-9])"
)
_MOST_NAMED = 10


def is_record(record: object) -> bool:
    """Tell whether a JSON record is a bug bounty program with its targets."""
    return isinstance(record, Mapping) and isinstance(record.get("targets"), Mapping)


def read_json(desk: Desk) -> None:
    """Stage an enrolment for every app in scope: the one that is open already, else a new one."""
    day = desk.day()
    desk.columns = {"targets": "app_id"}
    table = desk.table("bounty_enrolments")
    in_scope = _numbers(desk)
    open_since = _open_enrolments(desk)
    lines = sorted((line, number) for number, line in in_scope.items())
    rows = [(*open_since.get(number, (number, day)), line) for line, number in lines]
    if rows:
        values = ", ".join(
            f"({quoted(app)}, DATE '{since}', NULL::DATE, {line})" for app, since, line in rows
        )
        enrolments = f"FROM (VALUES {values}) AS v (app_id, enrolled_on, left_on, _line)"
        stage_selected(desk, table, enrolments, seen_at=microseconds(day))
    going_on = {app for number, (app, _) in open_since.items() if number in in_scope}
    gone = sorted({app for app, _ in open_since.values()} - going_on)
    if gone:
        named = ", ".join(gone[:_MOST_NAMED]) + (", …" if len(gone) > _MOST_NAMED else "")
        desk.notes.append(
            f"{len(gone):,} apps enrolled before are not on this list ({named}): "
            f"if they left, import bounty_enrolments with left_on."
        )


def _numbers(desk: Desk) -> dict[str, int]:
    """Map the app numbers in scope to the record that names them first (1-based)."""
    found: dict[str, int] = {}
    for row, record in enumerate(records(desk.path, name=desk.name, under=None), start=1):
        desk.rows = row
        for address in _addresses(record):
            for number in _APP.findall(address):
                found.setdefault(number, row)
    return found


def _addresses(record: object) -> Iterator[str]:
    targets = record.get("targets") if isinstance(record, Mapping) else None
    in_scope = targets.get("in_scope") if isinstance(targets, Mapping) else None
    for target in in_scope if isinstance(in_scope, list) else []:
        if isinstance(target, Mapping):
            yield from (
                text for key in ("target", "uri") if isinstance(text := target.get(key), str)
            )


def _open_enrolments(desk: Desk) -> dict[str, tuple[str, date]]:
    """Map app numbers (and keys) to the open enrolment that is held: its app and first day."""
    found = desk.query(
        f"SELECT e.app_id, n.app_number, min(e.enrolled_on) "
        f"FROM {desk.held_rows('bounty_enrolments')} AS e "
        f"LEFT JOIN {desk.held_rows('app_numbers')} AS n ON n.app_id = e.app_id "
        f"WHERE e.left_on IS NULL GROUP BY ALL"
    )
    return {str(number or app): (str(app), day) for app, number, day in found}
