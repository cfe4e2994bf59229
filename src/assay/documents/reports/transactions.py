"""The marketplace's transactions report: JSON list, JSON object with `transactions`, or CSV."""

from __future__ import annotations

from collections.abc import Mapping

from assay.core.issues import Issue, Refused
from assay.documents.columns import Source
from assay.documents.columns import cells as readings
from assay.documents.csv_files import CsvFile, literal
from assay.documents.pieces import Piece
from assay.documents.reports.desk import Desk, add_staged, stage, with_exact_reader
from assay.documents.reports.json_rows import as_text, records
from assay.documents.staging import Staged
from assay.documents.text_rows import TextRows
from assay.tables.duck import named, parquet, quoted

KIND = "transactions report"
IDS = ("transactionLineItemId", "transactionId")
_AMOUNT = "purchasePrice"
_LEAVES = (
    *IDS,
    *("vendorId", "addonKey", "hosting", "saleDate", "saleType"),
    *(_AMOUNT, "vendorAmount", "currency", "lastUpdated"),
)
_NAMES = {
    "transaction_id": IDS[0],
    "partner_id": "vendorId",
    "app_id": "addonKey",
    "hosting": "hosting",
    "sale_date": "saleDate",
    "sale_type": "saleType",
    "purchase_price": _AMOUNT,
    "vendor_amount": "vendorAmount",
    "currency": "currency",
}
_READ_AS = {leaf: column for column, leaf in _NAMES.items()} | {
    IDS[1]: "transaction_id",
    "lastUpdated": "the moment of its last change",
}
_TELL_EVERY = 10_000  # rows
_HINTS = {"partner_id": "say whose report it is (--partner), or import the apps first"}


def is_header(header: tuple[str, ...]) -> bool:
    """Tell whether a CSV header is one of a transactions report."""
    names = {name.lower() for name in header}
    return _AMOUNT.lower() in names and any(name.lower() in names for name in IDS)


def is_record(record: object) -> bool:
    """Tell whether a JSON record is a row of a transactions report."""
    return isinstance(record, Mapping) and any(name in record for name in IDS)


def read_csv(desk: Desk, file: CsvFile) -> None:
    """Stage the rows of a CSV report."""
    desk.header = file.header
    places = _places(desk, file.header)
    desk.columns = {file.header[i]: _READ_AS[name] for name, i in places.items()}
    cells = {name: file.cell(i) for name, i in places.items()}
    texts = [file.cell(i) for i in range(len(file.header))]
    staged = with_exact_reader(
        desk, file, lambda raw, row: _staged(desk, raw, row=row, cells=cells, texts=texts)
    )
    desk.rows = staged.read


def _places(desk: Desk, header: tuple[str, ...]) -> dict[str, int]:
    """Find the columns the report is read from; their order and letter case do not matter."""
    places: dict[str, int] = {}
    for leaf in _LEAVES:
        found = [i for i, name in enumerate(header) if name.lower() == leaf.lower()]
        if len(found) > 1:
            message = "stands twice in the header"
            raise Refused(Issue(file=desk.name, column=leaf, message=message, hint="remove one"))
        if found:
            places[leaf] = found[0]
    return places


def read_json(desk: Desk, *, under: str | None) -> None:
    """Stage the rows of a JSON report, whose list is the document or stands at the key `under`."""
    desk.header = _LEAVES
    desk.columns = dict(_READ_AS)
    raw = desk.new_file("raw")
    with TextRows(raw, _LEAVES) as rows:
        for row, record in enumerate(records(desk.path, name=desk.name, under=under), start=1):
            desk.rows = row
            if isinstance(record, Mapping):
                rows.add(row, _leaves(record))
            else:
                issue = Issue(
                    file=desk.name, row=row, value=as_text(record), message="is not a transaction"
                )
                desk.rejects.add([issue], [])
            if desk.on_progress is not None and row % _TELL_EVERY == 0:
                desk.on_progress(row)
    cells = {name: named(name) for name in _LEAVES}
    source = parquet((literal(raw),))
    _staged(desk, source, row="_row", cells=cells, texts=list(cells.values()))


def _leaves(record: Mapping[str, object]) -> list[str | None]:
    """Flatten one transaction to the texts of the leaves that are read."""
    details = record.get("purchaseDetails")
    flat = {**record, **details} if isinstance(details, Mapping) else record
    return [as_text(flat.get(name)) for name in _LEAVES]


def _staged(
    desk: Desk, raw: str, *, row: str, cells: Mapping[str, str], texts: list[str]
) -> Staged:
    """Stage the rows of `raw`; `cells` maps the report's leaves to their SQL."""
    table = desk.table("transactions")
    if desk.partner_id is None and "addonKey" in cells:
        raw = _with_owner(desk, raw, cells["addonKey"])
    piece = Piece(
        name=desk.name,
        path=desk.path,
        raw=raw,
        read=readings(table, _sources(desk, cells), currency=desk.currency),
        row=row,
        names=_NAMES,
        hints=_HINTS,
    )
    staged = stage(desk, table, piece, seen_at=_seen_at(cells.get("lastUpdated")), cells=texts)
    add_staged(desk, table.name, staged)
    return staged


def _with_owner(desk: Desk, raw: str, app: str) -> str:
    """Put the owner of the row's app, as held, beside each row (`_owner`)."""
    return (
        f"(SELECT rows.*, held.partner_id AS _owner FROM {raw} AS rows "
        f"LEFT JOIN {desk.held_rows('apps')} AS held ON held.app_id = rows.{app})"
    )


def _sources(desk: Desk, cells: Mapping[str, str]) -> dict[str, Source]:
    """Say from which of the report's leaves the columns of the table are read."""
    ids = [f"nullif({cells[name]}, '')" for name in IDS if name in cells]
    partners = [f"nullif({cells['vendorId']}, '')"] if "vendorId" in cells else []
    partners += ["_owner"] if "addonKey" in cells else []
    if desk.partner_id is not None:
        partners = [quoted(desk.partner_id)]
    said = [f"nullif({cells['currency']}, '')"] if "currency" in cells else []
    chosen = {
        "transaction_id": _first(ids),
        "partner_id": _first(partners),
        "currency": _first([*said, quoted(desk.currency)]),
    }
    plain = {column: cells[leaf] for column, leaf in _NAMES.items() if leaf in cells}
    return {column: Source(sql=sql) for column, sql in {**plain, **chosen}.items()}


def _first(expressions: list[str]) -> str:
    return f"coalesce({', '.join([*expressions, 'NULL::VARCHAR'])})"


def _seen_at(updated: str | None) -> str:
    """Write the moment a row was last changed: a day counts from its start, UTC."""
    if updated is None:
        return "NULL"
    return f"epoch_us(TRY_CAST({updated} AS TIMESTAMPTZ))"
