"""What facts tell of apps: whose they are, their listings, installs and enrolment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assay.engine.duck import Session
from assay.jobs.imports.state_facts import FILE
from assay.tables.duck import parquet, quoted


@dataclass
class ToldHosting:
    """What facts say of an app on one kind of hosting; `by_report`: a report said it last."""

    listed_on: date
    payment: str
    retired_on: date | None
    approved_on: date | None
    by_report: bool


@dataclass
class ToldApp:
    """What facts say of one app; `only_sales`: it is sold, and no table of apps knows it.

    `hostings` are the live listings, or the last ones; `installs` the newest count and its day.
    """

    partner: str
    name: str
    public: bool | None
    by_report: bool = True
    only_sales: bool = False
    hostings: dict[str, ToldHosting] = field(default_factory=dict)
    installs: dict[str, tuple[int, date]] = field(default_factory=dict)
    enrolled_on: date | None = None

    @property
    def is_live(self) -> bool:
        """Whether the app is listed on any hosting."""
        return any(one.retired_on is None for one in self.hostings.values())


def told_apps(session: Session) -> dict[str, ToldApp]:
    """Read what facts say of every app."""
    found = {
        row["app_id"]: ToldApp(
            partner=row["partner_id"],
            name=row["name"] or "",
            public=row["public"],
            by_report=row["by_report"],
        )
        for row in _rows(session, f"FROM ({_sourced(session, 'apps')}) ORDER BY app_id")
    }
    for row in _rows(session, _SOLD):
        found[row["app_id"]] = ToldApp(
            partner=row["partner_id"], name="", public=None, only_sales=True
        )
    for row in _rows(session, _HOSTINGS.format(listings=_sourced(session, "listings"))):
        if row["app_id"] in found:
            found[row["app_id"]].hostings[row["hosting"]] = ToldHosting(
                listed_on=row["listed_on"],
                payment=row["payment"] or "",
                retired_on=row["retired_on"],
                approved_on=row["approved_on"],
                by_report=row["by_report"],
            )
    for row in _rows(session, _INSTALLS):
        if row["app_id"] in found:
            told = (row["installs"], row["on_date"])
            found[row["app_id"]].installs[row["hosting"]] = told
    for row in _rows(session, _ENROLLED):
        if row["app_id"] in found:
            found[row["app_id"]].enrolled_on = row["enrolled_on"]
    return found


_SOLD = """
    SELECT app_id, last(partner_id ORDER BY sale_date, partner_id) AS partner_id FROM transactions
    WHERE app_id IS NOT NULL AND app_id NOT IN (SELECT app_id FROM apps)
      AND app_id NOT IN (SELECT app_number FROM app_numbers)
    GROUP BY app_id ORDER BY app_id
"""
_HOSTINGS = """
    SELECT DISTINCT ON (app_id, hosting) * FROM ({listings})
    ORDER BY app_id, hosting, retired_on IS NOT NULL, listed_on DESC
"""
_INSTALLS = """
    SELECT app_id, hosting, max_by(active_installs, on_date) AS installs, max(on_date) AS on_date
    FROM installs GROUP BY app_id, hosting ORDER BY app_id, hosting
"""
_ENROLLED = """
    WITH names AS (
        SELECT app_id AS alias, app_id FROM apps
        UNION SELECT app_number, app_id FROM app_numbers
        WHERE app_number NOT IN (SELECT app_id FROM apps)
    )
    SELECT n.app_id, min(e.enrolled_on) AS enrolled_on
    FROM bounty_enrolments e JOIN names n ON n.alias = e.app_id
    WHERE e.left_on IS NULL GROUP BY n.app_id ORDER BY n.app_id
"""


def _rows(session: Session, sql: str) -> Iterator[dict[str, Any]]:
    for batch in session.rows(sql).to_batches():
        yield from batch.to_pylist()


def _sourced(session: Session, name: str) -> str:
    """Write the SELECT of a table's current rows, and whether a report said them (`by_report`)."""
    held = session.facts.tables[name]
    if not held.paths:
        return f"SELECT *, true AS by_report FROM ({held.sql})"  # noqa: S608 - our own SELECT
    by_report = f"NOT starts_with(_file, {quoted(FILE)}) AS by_report"
    rows = f"SELECT *, {by_report} FROM {parquet(held.paths)}"  # noqa: S608 - names are quoted
    if held.superseded:
        rows += f" ANTI JOIN (SELECT _row FROM {parquet(held.superseded)}) USING (_row)"  # noqa: S608 - as above
    return rows
