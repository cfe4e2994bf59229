"""Ask facts for the figures of every partner in every category: one SELECT a figure.

Each SELECT gives partner, category, period, and a value as two whole numbers; a partner is left
out of a figure that has nothing to measure, or of which a row does not tell what is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pyarrow as pa

from assay.core.analytics import Period, months_before, quartile
from assay.core.program import Measure, Program
from assay.engine.compile import Moment, instant
from assay.engine.duck import Session
from assay.engine.rows_behind import hold_relations
from assay.store.queries.analytics.figures import PlacedApp

_MONTHS = 12
_CENTS = 100
_MICROSECONDS = 3_600_000_000  # of an hour


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One figure of one partner in one category and period."""

    partner: str
    category: str
    figure: str
    period: str
    value: Fraction


def ask_figures(
    session: Session, program: Program, apps: Sequence[PlacedApp], *, until: date
) -> Iterator[Asked]:
    """Yield every figure of the twelve months before `until` (a first day) and of those before."""
    moment = Moment(on=until, cut_off=until, cut_off_at=instant(until, program.time_zone))
    for name, rows in session.calendars(program.vocabulary.calendars, moment).items():
        session.connection.register(name, rows)
    for relation in ("answered_escalations", "bounty_awards"):
        hold_relations(session, program, relation, moment)
    session.connection.register("placed", _placed(apps))
    session.connection.register("periods", _periods(until, program.time_zone))
    for figure, sql in _selects(program).items():
        for partner, category, period, top, bottom in session.connection.execute(sql).fetchall():
            yield Asked(
                partner=partner,
                category=category,
                figure=figure,
                period=period,
                value=Fraction(int(top), int(bottom)),
            )
    yield from _response_times(session)


def _placed(apps: Sequence[PlacedApp]) -> pa.Table:
    return pa.table(
        {
            "app_id": pa.array([one.app for one in apps], pa.string()),
            "partner_id": pa.array([one.partner for one in apps], pa.string()),
            "category": pa.array([one.category for one in apps], pa.string()),
        }
    )


def _periods(until: date, zone: str) -> pa.Table:
    """Tell each period's first day, the morrow of its last, and the same in microseconds."""
    ends = {Period.NEWEST: until, Period.BEFORE: months_before(until, _MONTHS)}
    firsts = {period: months_before(end, _MONTHS) for period, end in ends.items()}
    return pa.table(
        {
            "period": [period.value for period in ends],
            "earlier": [months_before(first, _MONTHS) for first in firsts.values()],
            "since": list(firsts.values()),
            "until": list(ends.values()),
            "since_at": [instant(first, zone) for first in firsts.values()],
            "until_at": [instant(end, zone) for end in ends.values()],
        }
    )


_SOLD = """
FROM transactions t
JOIN placed a ON a.app_id = t.app_id AND a.partner_id = t.partner_id
JOIN periods p ON t.sale_date >= p.since AND t.sale_date < p.until
GROUP BY ALL"""
_OF_BOUNTY = """
JOIN placed a ON a.app_id = b.app_id AND a.partner_id = b.partner_id
JOIN periods p ON b.submitted_on >= p.since AND b.submitted_on < p.until
GROUP BY ALL"""
_BOUNTY = f"FROM bounty_awards b {_OF_BOUNTY}"
_BELOW = """
SELECT b.partner_id, a.category, p.period, count(*) FILTER (b.is_below), count(b.awarded)
FROM (SELECT *, ({below}) AS is_below FROM bounty_awards) b {of_bounty}
HAVING count(b.awarded) > 0 AND bool_and(b.is_below IS NOT NULL)"""
_SELECTS = {
    "gross_sales": f"""
SELECT t.partner_id, a.category, p.period, sum(t.purchase_price), {_CENTS} {_SOLD}""",
    "active_installs": """
SELECT a.partner_id, a.category, c.period, sum(c.installs), 1
FROM (
  SELECT p.period, i.app_id, i.hosting, max_by(i.active_installs, i.on_date) AS installs
  FROM installs i JOIN periods p ON i.on_date >= p.since AND i.on_date < p.until
  GROUP BY ALL
) c
JOIN placed a ON a.app_id = c.app_id
GROUP BY ALL""",
    "renewals_missing": """
SELECT t.partner_id, a.category, p.period,
  count(*) FILTER (t.sale_date < p.since AND t.sale_type IN ('new', 'renewal'))
  - count(*) FILTER (t.sale_date >= p.since AND t.sale_type = 'renewal'),
  count(*) FILTER (t.sale_date < p.since AND t.sale_type IN ('new', 'renewal')) AS due
FROM transactions t
JOIN placed a ON a.app_id = t.app_id AND a.partner_id = t.partner_id
JOIN periods p ON t.sale_date >= p.earlier AND t.sale_date < p.until
GROUP BY ALL
HAVING due > 0 AND bool_and(t.sale_type IS NOT NULL)""",
    "refunded": f"""
SELECT t.partner_id, a.category, p.period,
  -coalesce(sum(t.purchase_price) FILTER (t.sale_type = 'refund'), 0),
  coalesce(sum(t.purchase_price) FILTER (t.sale_type <> 'refund'), 0) AS sold
{_SOLD}
HAVING sold > 0 AND bool_and(t.sale_type IS NOT NULL)""",
    "bounty_submissions": f"""
SELECT b.partner_id, a.category, p.period, count(*), 1 {_BOUNTY}""",
    "bounty_awarded": f"""
SELECT b.partner_id, a.category, p.period, sum(b.awarded), {_CENTS} {_BOUNTY}
HAVING count(b.awarded) > 0""",
}


def _selects(program: Program) -> dict[str, str]:
    """Return the SELECT of each figure; awards are below the minimum as the program says."""
    for measure in program.measures.values():
        if not isinstance(measure, Measure) or measure.source != "bounty_awards":
            continue
        if measure.where:
            below = " AND ".join(f"({part.sql})" for part in measure.where)
            sql = _BELOW.format(below=below, of_bounty=_OF_BOUNTY)
            return _SELECTS | {"awards_below_minimum": sql}
    return _SELECTS


def _response_times(session: Session) -> Iterator[Asked]:
    """Yield median and slowest response times; a time that nobody can tell leaves a partner out."""
    rows = session.connection.execute("""
SELECT e.partner_id, a.category, p.period, list_sort(list(e.response_time))
FROM answered_escalations e
JOIN (SELECT DISTINCT partner_id, category FROM placed) a ON a.partner_id = e.partner_id
JOIN periods p ON e.opened_at >= p.since_at AND e.opened_at < p.until_at
GROUP BY ALL
HAVING bool_and(e.response_time IS NOT NULL)""").fetchall()
    for partner, category, period, times in rows:
        rising = [Fraction(int(time), _MICROSECONDS) for time in times]
        told = {"response_median": quartile(rising, 2), "response_slowest": rising[-1]}
        for figure, value in told.items():
            yield Asked(
                partner=partner, category=category, figure=figure, period=period, value=value
            )
