"""The same review in Polars: what `in_polars` trusts is looked at, and findings are made.

Facts are refused where a needed cell is empty, a value is none of its list, a text holds a NUL or
a key stands twice; sales of partners or apps that nobody named are counted; the facts are named by
a sum of row hashes. Findings are a row a partner, tier and requirement, with the measured values
as JSON. It trusts more than Assay still: it has no outcome "unknown" and tells no row's place.
"""

import hashlib
from functools import reduce

import polars as pl

from tests.bench import in_polars

KEYS = {
    "partners": ["partner_id"],
    "apps": ["app_id"],
    "listings": ["app_id", "hosting", "listed_on"],
    "installs": ["app_id", "hosting", "on_date"],
    "transactions": ["transaction_id"],
    "bounty_enrolments": ["app_id", "enrolled_on"],
    "bounty_submissions": ["submission_id"],
    "escalations": ["escalation_id"],
}
MAY_BE_EMPTY = {"retired_on", "approved_on", "left_on", "awarded", "responded_at"}
LISTS = {
    "hosting": ["cloud", "data_center", "server"],
    "payment": ["free", "platform", "partner"],
    "sale_type": ["new", "renewal", "upgrade", "downgrade", "refund"],
    "severity": ["P1", "P2", "P3", "P4", "P5"],
    "currency": ["USD"],
}
REFERENCES = {"partner_id": "partners", "app_id": "apps"}
BEST_FIRST = ("platinum", "gold", "silver")
MEASURES = {
    "paid_apps_are_pva": ["elsewhere"],
    "paid_cloud_app": ["paid_cloud"],
    "server_apps_data_center_approved": ["unapproved"],
    "escalation_response": ["slowest"],
    "annual_gross_sales": ["gross", "cloud"],
    "bounty_participation": ["most_in", "most_out", "larger_out", "all_out"],
    "bounty_awards_meet_minimum": ["below"],
}


def review(folder):
    """Return a row a partner as `in_polars` does; stops at facts that are wrong."""
    tables = in_polars.tables_of(folder)
    named = {name: _checked(name, tables) for name in sorted(tables)}
    digest = hashlib.sha256(repr(named).encode()).hexdigest()
    measures = in_polars.measures_of(tables).collect(engine="streaming")
    judged = in_polars.judged(measures.lazy()).collect(engine="streaming")
    findings = _findings(measures, judged)
    if findings.height != judged.height * len(MEASURES) * len(BEST_FIRST) or not digest:
        raise SystemExit("findings are missing")
    return judged


def _checked(name, tables):
    """Rows and sum of hashes of a table, and how many of its rows refer to nothing."""
    rows, columns = tables[name], tables[name].collect_schema()
    texts = [column for column, kind in columns.items() if kind == pl.String]
    wrong = [pl.col(column).is_null() for column in columns if column not in MAY_BE_EMPTY]
    wrong += [~pl.col(column).is_in(LISTS[column]) for column in texts if column in LISTS]
    wrong += [
        pl.col(column).str.contains("\0", literal=True) for column in texts if column not in LISTS
    ]
    found = rows.select(
        rows=pl.len(),
        wrong=pl.any_horizontal(one.any() for one in wrong),
        hash=_hash(columns).sum(),
        keys=_hash(KEYS[name]).n_unique(),  # as many hashes as rows: no key stands twice
    )
    unknown = [
        rows.join(tables[of], on=column, how="anti").select(pl.len())
        for column, of in REFERENCES.items()
        if column in columns and of != name
    ]
    first, *missing = pl.collect_all([found, *unknown], engine="streaming")
    told = first.row(0, named=True)
    if told["wrong"] or told["keys"] != told["rows"]:
        raise SystemExit(f"{name} has wrong rows")
    return told["rows"], told["hash"], [count.item() for count in missing]


def _hash(columns):
    """Hash cells, each with another seed, into one number of 64 bits a row."""
    first, *others = (pl.col(column).hash(place) for place, column in enumerate(columns))
    factor = pl.lit(6364136223846793005, dtype=pl.UInt64)  # Knuth's, of MMIX
    return reduce(lambda sofar, one: sofar * factor ^ one, others, first)


def _findings(measures, judged):
    both = measures.join(judged, on="partner_id").lazy()
    return pl.concat(
        [
            both.select(
                "partner_id",
                pl.lit(tier).alias("tier"),
                pl.lit(requirement).alias("requirement"),
                pl.when(pl.col(f"{requirement}__{tier}"))
                .then(pl.lit("met"))
                .otherwise(pl.lit("not_met"))
                .alias("outcome"),
                pl.struct(of).struct.json_encode().alias("measured"),
            )
            for tier in BEST_FIRST
            for requirement, of in MEASURES.items()
        ]
    ).collect(engine="streaming")
