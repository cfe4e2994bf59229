"""The public product catalog: one row a version of an app and kind of hosting."""

from __future__ import annotations

from assay.core.facts import Column, Table, Type
from assay.core.issues import Issue, Refused
from assay.documents.columns import Source
from assay.documents.columns import cells as readings
from assay.documents.csv_files import CsvFile, literal
from assay.documents.pieces import Piece
from assay.documents.reports.desk import (
    Desk,
    microseconds,
    stage,
    stage_selected,
    with_exact_reader,
)
from assay.documents.staging import Staged
from assay.tables.duck import parquet, quoted

KIND = "product catalog"
_NAMES = {
    "app_id": "marketplace_app_key",
    "name": "marketplace_app_name",
    "vendor": "vendor_name",
    "app_number": "product_id",
    "hosting": "app_software_hosting",
    "payment": "supported_payment_model",
    "released_on": "released_at",
    "active_installs": "install_count",
    "public": "publicly_visible",
}


def is_header(header: tuple[str, ...]) -> bool:
    """Tell whether a CSV header is the product catalog's."""
    return {_NAMES["app_id"], _NAMES["hosting"]} <= set(header)


def read_csv(desk: Desk, file: CsvFile) -> None:
    """Stage apps, their numbers, listings and installs as the catalog shows them on its day."""
    day = desk.day()
    desk.header = file.header
    desk.columns = {name: column for column, name in _NAMES.items()}
    table = _versions(desk)
    cells = _cells(desk, file)
    texts = [file.cell(i) for i in range(len(file.header))]

    def read(raw: str, row: str) -> Staged:
        piece = Piece(
            name=desk.name,
            path=desk.path,
            raw=raw,
            read=readings(table, cells, currency=desk.currency),
            row=row,
            names=_NAMES,
        )
        return stage(desk, table, piece, seen_at=str(microseconds(day)), cells=texts)

    staged = with_exact_reader(desk, file, read)
    desk.rows = staged.read
    if staged.read == staged.bad:
        return
    versions = f"({_with_vendor(desk, staged)})"
    for name, sql in (
        ("apps", _apps(versions)),
        ("app_numbers", _app_numbers(versions)),
        ("listings", _listings(desk, versions, f"DATE '{day}'")),
        ("installs", _installs(versions, f"DATE '{day}'")),
    ):
        stage_selected(desk, desk.table(name), sql, seen_at=microseconds(day))


def _cells(desk: Desk, file: CsvFile) -> dict[str, Source]:
    """Find the catalog's columns; refuses a catalog that lacks one."""
    places = {name: i for i, name in enumerate(file.header)}
    issues = [
        Issue(file=desk.name, column=name, message="is missing", hint="export the whole catalog")
        for name in _NAMES.values()
        if name not in places
    ]
    if issues:
        raise Refused(*issues)
    cells = {column: file.cell(places[name]) for column, name in _NAMES.items()}
    moment = cells["released_on"]
    day_only = f"CASE WHEN {moment}[11] IN ('T', ' ') THEN {moment}[:10] ELSE {moment} END"
    cells["released_on"] = day_only
    return {column: Source(sql=sql) for column, sql in cells.items()}


def _versions(desk: Desk) -> Table:
    """Say what the columns of the catalog hold, in the vocabulary's choices."""
    listings = desk.table("listings").columns
    columns = (
        Column(name="app_id", type=Type.TEXT),
        Column(name="name", type=Type.TEXT, optional=True),
        Column(name="vendor", type=Type.TEXT),
        Column(name="app_number", type=Type.TEXT, optional=True),
        listings["hosting"],
        listings["payment"],
        Column(name="released_on", type=Type.DATE),
        Column(name="active_installs", type=Type.INTEGER, optional=True),
        Column(name="public", type=Type.BOOLEAN, optional=True),
    )
    return Table(
        name="versions",
        title="Versions of apps",
        key=("app_id",),
        columns={column.name: column for column in columns},
    )


def _with_vendor(desk: Desk, staged: Staged) -> str:
    """Write a SELECT of the catalog's rows with `partner_id`: whose app it is, as far as known."""
    source = parquet(tuple(literal(path) for path in staged.paths))
    said = "NULL" if desk.partner_id is None else quoted(desk.partner_id)
    return f"""
        SELECT v.*, coalesce(namesake.partner_id, {said}, owned.partner_id, v.vendor) AS partner_id
        FROM {source} AS v
        LEFT JOIN (
            SELECT name, min(partner_id) AS partner_id FROM {desk.held_rows("partners")} AS p
            GROUP BY name HAVING count(*) = 1
        ) AS namesake ON namesake.name = v.vendor
        LEFT JOIN {desk.held_rows("apps")} AS owned ON owned.app_id = v.app_id"""


def _newest(versions: str, key: str) -> str:
    """Write a subquery of the newest version for each `key` (columns as SQL)."""
    order = f"{key}, released_on DESC, _line DESC"
    return f"(SELECT DISTINCT ON ({key}) * FROM {versions} ORDER BY {order})"


def _apps(versions: str) -> str:
    newest = _newest(versions, "app_id")
    return f"SELECT app_id, partner_id, name, public, _line FROM {newest}"


def _app_numbers(versions: str) -> str:
    newest = _newest(f"(FROM {versions} WHERE app_number IS NOT NULL)", "app_number")
    return f"SELECT app_number, app_id, _line FROM {newest}"


def _installs(versions: str, day: str) -> str:
    newest = _newest(f"(FROM {versions} WHERE active_installs IS NOT NULL)", "app_id, hosting")
    return f"SELECT app_id, hosting, {day} AS on_date, active_installs, _line FROM {newest}"


def _listings(desk: Desk, versions: str, day: str) -> str:
    """Write the listings as they are from `day` on, next to the ones held.

    A live listing goes on under the day it was listed. Where its payment is another one now, it is
    retired on `day` and a new one begins; so it does for a listing that was retired before.
    """
    return f"""
        WITH shown AS (
            SELECT n.app_id, n.hosting, n.payment, e.first_on, n._line
            FROM {_newest(versions, "app_id, hosting")} AS n
            JOIN (
                SELECT app_id, hosting, min(released_on) AS first_on
                FROM {versions} GROUP BY app_id, hosting
            ) AS e USING (app_id, hosting)
        ), held AS (
            SELECT app_id, hosting, count(*) FILTER (retired_on IS NOT NULL) AS retired,
                   arg_max(l, listed_on) FILTER (retired_on IS NULL) AS live
            FROM {desk.held_rows("listings")} AS l GROUP BY app_id, hosting
        ), both_ AS (
            SELECT s.*, h.live, coalesce(h.retired, 0) > 0 AS was_retired,
                   coalesce(live.payment <> payment AND live.listed_on < {day}, false) AS changed
            FROM shown AS s LEFT JOIN held AS h USING (app_id, hosting)
        )
        SELECT app_id, hosting, live.listed_on, live.payment, {day} AS retired_on,
               live.approved_on, _line
        FROM both_ WHERE changed
        UNION ALL
        SELECT app_id, hosting,
               CASE WHEN changed OR (live IS NULL AND was_retired) THEN {day}
                    ELSE coalesce(live.listed_on, first_on) END,
               CASE WHEN live.listed_on > {day} THEN coalesce(live.payment, payment)
                    ELSE coalesce(payment, live.payment) END,
               NULL::DATE, live.approved_on, _line
        FROM both_"""
