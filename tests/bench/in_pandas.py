"""The 2024 program in pandas, vectorised, as one would write it by hand for speed.

It computes all of R1 to R7 from the same Parquet folder, money as whole cents, reading only the
columns and rows it needs, texts as categories. It trusts the facts: it checks no cell and no key,
and has no outcome "unknown".
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet as pq

from tests.bench import CUT_OFF as CUT_OFF_ON
from tests.bench import SINCE as SINCE_ON
from tests.bench.conditions import conditions

MINIMUM = {"P1": 1500, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
SINCE, CUT_OFF = pd.Timestamp(SINCE_ON), pd.Timestamp(CUT_OFF_ON)
TIERS = ("silver", "gold", "platinum")


def review(folder):
    """Return a row a partner: `partner_id`, `tier`, and each `REQUIREMENT__TIER`."""
    tables = {
        path.stem: pd.read_parquet(path)
        for path in Path(folder).glob("*.parquet")
        if path.stem != "transactions"
    }
    awards = tables["bounty_submissions"]
    tables["bounty_submissions"] = awards[awards["awarded"].notna()]
    partners = tables["partners"][["partner_id"]].set_index("partner_id")
    parts = (_listed(tables), _sold(Path(folder)), _answered(tables), _awarded(tables))
    measures = partners.join(list(parts))
    most = ["most_in", "most_out"]
    measures[most] = measures[most].fillna(-1)
    measures = measures.fillna(0)
    judged = pd.DataFrame(conditions(lambda name: measures[name].astype("int64")))
    tier = np.where(judged.pop("base"), "partner", "none")
    for name in TIERS:
        met = judged[[column for column in judged if column.endswith(f"__{name}")]].all(axis=1)
        tier = np.where(met, name, tier)
    return judged.assign(tier=tier).reset_index()


def _sold(folder):
    """Gross and cloud sales of the year in cents, by partner."""
    rows = pq.read_table(
        folder / "transactions.parquet",
        columns=["partner_id", "hosting", "purchase_price"],
        filters=[("sale_date", ">=", SINCE_ON), ("sale_date", "<", CUT_OFF_ON)],
        read_dictionary=["partner_id", "hosting"],
    )
    cents = pc.cast(pc.multiply(rows["purchase_price"], pa.scalar(100)), pa.int64())
    sales = rows.select(["partner_id", "hosting"]).unify_dictionaries().to_pandas()
    sales["gross"] = cents.to_numpy()
    sales["cloud"] = sales["gross"].where(sales["hosting"] == "cloud", 0)
    found = sales.groupby("partner_id", observed=True, sort=False)[["gross", "cloud"]].sum()
    return found.set_axis(found.index.astype(object))


def _day(dates):
    return pd.to_datetime(dates)


def _stands(rows, begun, ended):
    ends = _day(rows[ended])
    return rows[(_day(rows[begun]) < CUT_OFF) & (ends.isna() | (ends >= CUT_OFF))]


def _listed(tables):
    listings = _stands(tables["listings"], "listed_on", "retired_on")
    installs = tables["installs"]
    installs = installs[_day(installs["on_date"]) < CUT_OFF].sort_values("on_date")
    newest = installs.drop_duplicates(["app_id", "hosting"], keep="last")
    approved = listings[
        (listings["hosting"] == "data_center") & (_day(listings["approved_on"]) < CUT_OFF)
    ]
    enrolled = _stands(tables["bounty_enrolments"], "enrolled_on", "left_on")
    rows = listings.merge(tables["apps"], on="app_id")
    rows = rows.merge(newest, on=["app_id", "hosting"], how="left")
    rows["approved"] = rows["app_id"].isin(approved["app_id"])
    rows["enrolled"] = rows["app_id"].isin(enrolled["app_id"])
    paid, installs = rows["payment"] != "free", rows["active_installs"]
    cloud, server = rows["hosting"] == "cloud", rows["hosting"] == "server"
    asked = cloud & paid & rows["public"]
    outside = asked & ~rows["enrolled"]
    counted = {
        "elsewhere": ~server & (rows["payment"] == "partner"),
        "paid_cloud": cloud & paid,
        "unapproved": server & paid & (installs >= 500) & ~rows["approved"],
        "larger_out": outside & (installs > 100),
        "all_out": outside,
    }
    found = {
        name: rows[judged].groupby("partner_id")["app_id"].nunique()
        for name, judged in counted.items()
    }
    found["platform"] = rows[rows["payment"] == "platform"].groupby("partner_id").size()
    for name, judged in {"most_in": asked & rows["enrolled"], "most_out": outside}.items():
        found[name] = rows[judged].groupby("partner_id")["active_installs"].max()
    return pd.DataFrame(found)


def _answered(tables):
    """The slowest response of a partner in microseconds, less local Saturdays and Sundays."""
    rows = tables["escalations"].merge(tables["partners"][["partner_id", "time_zone"]])
    since, cut_off = SINCE.tz_localize("UTC"), CUT_OFF.tz_localize("UTC")
    rows = rows[(rows["opened_at"] >= since) & (rows["opened_at"] < cut_off)]
    rows = rows.assign(until=rows["responded_at"].fillna(cut_off).clip(upper=cut_off))
    parts = []
    for zone, some in rows.groupby("time_zone"):
        starts, ends = _weekends(zone, some["opened_at"].min())
        opened, until = (_microseconds(some[column]) for column in ("opened_at", "until"))
        off = _weekend_before(until, starts, ends) - _weekend_before(opened, starts, ends)
        parts.append(
            pd.DataFrame({"partner_id": some["partner_id"], "slowest": until - opened - off})
        )
    return pd.concat(parts).groupby("partner_id").max()


def _weekends(zone, first):
    before_first = first.tz_localize(None).normalize() - pd.Timedelta(days=9)
    saturdays = pd.date_range(before_first, CUT_OFF, freq="W-SAT")
    mondays = saturdays + pd.Timedelta(days=2)
    return tuple(
        _microseconds(days.tz_localize(zone, nonexistent="shift_forward", ambiguous=True))
        for days in (saturdays, mondays)
    )


def _microseconds(instants):
    return instants.astype("datetime64[us, UTC]").astype("int64").to_numpy()


def _weekend_before(instants, starts, ends):
    """Microseconds of weekend before each of `instants`."""
    sums = np.concatenate([[0], np.cumsum(ends - starts)])
    place = np.searchsorted(starts, instants, side="right")
    unfinished = np.where(place > 0, np.maximum(ends[place - 1] - instants, 0), 0)
    return sums[place] - unfinished


def _awarded(tables):
    rows = tables["bounty_submissions"]
    rows = rows[_day(rows["submitted_on"]) < CUT_OFF].merge(tables["apps"], on="app_id")
    below = rows["awarded"].astype("int64") < rows["severity"].map(MINIMUM)
    return below.groupby(rows["partner_id"]).sum().rename("below").to_frame()
