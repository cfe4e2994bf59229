"""The 2024 program in Polars, lazily and streaming, as one would write it by hand for speed.

It computes all of R1 to R7 from the same Parquet folder, money as whole cents. It trusts the
facts: it checks no cell and no key, and has no outcome "unknown".
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import polars as pl

from tests.bench import CUT_OFF, SINCE
from tests.bench.conditions import conditions

MINIMUM = {"P1": 1500, "P2": 900, "P3": 300, "P4": 100, "P5": 0}

SINCE_AT, CUT_OFF_AT = (datetime.combine(day, time(), UTC) for day in (SINCE, CUT_OFF))


def review(folder):
    """Return a row a partner: `partner_id`, `tier`, and each `REQUIREMENT__TIER`."""
    return judged(measures_of(tables_of(folder))).collect(engine="streaming")


def tables_of(folder):
    """Open the tables of a facts folder, by name."""
    return {path.stem: pl.scan_parquet(path) for path in Path(folder).glob("*.parquet")}


def measures_of(tables):
    """Return a row a partner: its measures, money in cents, time in microseconds."""
    measures = tables["partners"].select("partner_id")
    for part in (_listed(tables), _sold(tables), _answered(tables), _awarded(tables)):
        measures = measures.join(part, on="partner_id", how="left")
    return measures.with_columns(
        pl.col("most_in", "most_out").fill_null(-1), pl.exclude("most_in", "most_out").fill_null(0)
    )


def judged(measures):
    """Return a row a partner: `partner_id`, `tier`, and each `REQUIREMENT__TIER`."""
    found = measures.select("partner_id", *(c.alias(n) for n, c in conditions(pl.col).items()))
    return found.select(pl.exclude("base"), _tier().alias("tier"))


def _tier():
    tier = pl.when(pl.col("base")).then(pl.lit("partner")).otherwise(pl.lit("none"))
    for name in ("silver", "gold", "platinum"):
        met = pl.all_horizontal(f"^.*__{name}$")
        tier = pl.when(met).then(pl.lit(name)).otherwise(tier)
    return tier


def _sold(tables):
    cents = (pl.col("purchase_price") * 100).cast(pl.Int64)
    return (
        tables["transactions"]
        .filter(pl.col("sale_date") >= SINCE, pl.col("sale_date") < CUT_OFF)
        .select("partner_id", "hosting", cents=cents)
        .group_by("partner_id")
        .agg(
            gross=pl.col("cents").sum(),
            cloud=pl.col("cents").filter(pl.col("hosting") == "cloud").sum(),
        )
    )


def _stands(begun, ended):
    return (pl.col(begun) < CUT_OFF) & (pl.col(ended).is_null() | (pl.col(ended) >= CUT_OFF))


def _listed(tables):
    listings = tables["listings"].filter(_stands("listed_on", "retired_on"))
    installs = (
        tables["installs"]
        .filter(pl.col("on_date") < CUT_OFF)
        .group_by("app_id", "hosting")
        .agg(installs=pl.col("active_installs").sort_by("on_date").last())
    )
    approved = listings.filter(
        pl.col("hosting") == "data_center", pl.col("approved_on") < CUT_OFF
    ).select("app_id", approved=True)
    enrolled = tables["bounty_enrolments"].filter(_stands("enrolled_on", "left_on"))
    rows = (
        listings.join(tables["apps"], on="app_id")
        .join(installs, on=("app_id", "hosting"), how="left")
        .join(approved.unique(), on="app_id", how="left")
        .join(enrolled.select("app_id", enrolled=True).unique(), on="app_id", how="left")
        .with_columns(pl.col("approved", "enrolled").fill_null(False))  # noqa: FBT003
    )
    cloud, paid = pl.col("hosting") == "cloud", pl.col("payment") != "free"
    asked, enrolled = cloud & paid & pl.col("public"), pl.col("enrolled")
    elsewhere = pl.col("hosting").is_in(["cloud", "data_center"]) & (pl.col("payment") == "partner")
    unapproved = (pl.col("hosting") == "server") & paid & (pl.col("installs") >= 500)
    apps, installs = pl.col("app_id"), pl.col("installs")
    return rows.group_by("partner_id").agg(
        platform=(pl.col("payment") == "platform").sum(),
        elsewhere=apps.filter(elsewhere).n_unique(),
        paid_cloud=apps.filter(cloud & paid).n_unique(),
        unapproved=apps.filter(unapproved & ~pl.col("approved")).n_unique(),
        most_in=installs.filter(asked & enrolled).max(),
        most_out=installs.filter(asked & ~enrolled).max(),
        larger_out=apps.filter(asked & ~enrolled & (installs > 100)).n_unique(),
        all_out=apps.filter(asked & ~enrolled).n_unique(),
    )


def _answered(tables):
    """The slowest response of a partner in microseconds, less local Saturdays and Sundays."""
    zones = tables["partners"].select("partner_id", "time_zone")
    rows = (
        tables["escalations"]
        .filter(pl.col("opened_at") >= SINCE_AT, pl.col("opened_at") < CUT_OFF_AT)
        .join(zones, on="partner_id")
        .with_columns(until=pl.min_horizontal(pl.col("responded_at"), pl.lit(CUT_OFF_AT)))
        .collect()
    )
    weekends = _weekends(rows["time_zone"].unique().to_list(), rows["opened_at"].min())
    clocks = [_weekend_before(rows.lazy(), weekends, column) for column in ("opened_at", "until")]
    took = (pl.col("until") - pl.col("opened_at")).dt.total_microseconds()
    return (
        pl.concat([rows.lazy(), *clocks], how="horizontal")
        .group_by("partner_id")
        .agg(slowest=(took - (pl.col("until_off") - pl.col("opened_at_off"))).max())
    )


def _weekends(zones, first):
    """Local weekends of each zone as instants, with the microseconds of those before each."""
    before_first = first.date() - timedelta(days=first.weekday() + 9)  # a Saturday
    saturdays = pl.date_range(before_first, CUT_OFF, "1w", eager=True).cast(pl.Datetime("us"))
    tables = []
    for zone in zones:
        starts = saturdays.dt.replace_time_zone(zone, non_existent="null", ambiguous="earliest")
        ends = saturdays.dt.offset_by("2d").dt.replace_time_zone(
            zone, non_existent="null", ambiguous="earliest"
        )
        tables.append(
            pl.DataFrame(
                {
                    "time_zone": [zone] * len(saturdays),
                    "starts": starts.dt.convert_time_zone("UTC"),
                    "ends": ends.dt.convert_time_zone("UTC"),
                }
            )
        )
    length = (pl.col("ends") - pl.col("starts")).dt.total_microseconds()
    before = (length.cum_sum() - length).over("time_zone")
    return pl.concat(tables).with_columns(before=before).sort("starts")


def _weekend_before(rows, weekends, column):
    """Microseconds of weekend before the instants of `column`, in the order of the rows."""
    inside = pl.min_horizontal(pl.col(column), pl.col("ends")) - pl.col("starts")
    off = pl.col("before") + inside.dt.total_microseconds()
    return (
        rows.select("time_zone", column)
        .with_row_index("place")
        .sort(column)
        .join_asof(
            weekends.lazy(),
            left_on=column,
            right_on="starts",
            by="time_zone",
            check_sortedness=False,
        )
        .sort("place")
        .select(off.fill_null(0).alias(f"{column}_off"))
    )


def _awarded(tables):
    minimum = pl.col("severity").replace_strict(MINIMUM, return_dtype=pl.Int64)
    return (
        tables["bounty_submissions"]
        .filter(pl.col("submitted_on") < CUT_OFF)
        .join(tables["apps"], on="app_id")
        .group_by("partner_id")
        .agg(below=(pl.col("awarded") < minimum).sum())
    )
