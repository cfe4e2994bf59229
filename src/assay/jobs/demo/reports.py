"""The demo's transactions reports, in the shapes and spellings of the real one."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from assay.jobs.demo.partners import Partner, Times
from assay.jobs.demo.sales import Sale

REGIONS = (("DE", "EMEA"), ("SE", "EMEA"), ("US", "Americas"), ("BR", "Americas"), ("JP", "APAC"))
_ALONE = 40  # every 40th partner sends its own report
_OVERLAP = timedelta(days=75)  # a report reaches back over what the one before it had
_FORGOTTEN = "RTBF"  # what the real report writes where a contact asked to be forgotten
Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A file, the day it was taken, and the partner to name at its import (None: it says)."""

    path: Path
    taken_on: date
    partner_id: str | None = None


def write_reports(
    folder: Path, sold: Mapping[Partner, Sequence[Sale]], times: Times
) -> list[Report]:
    """Write the exports of both days; what both have is told again, and in part restated.

    Every 40th partner sends a report of its own, which does not say whose it is; the others come
    in four exports of the marketplace, whose rows name the partner.
    """
    alone = [[partner] for partner in sold if partner.number % _ALONE == 0]
    together = [
        [partner for partner in sold if partner.number % _ALONE and partner.number % 4 == part]
        for part in range(4)
    ]
    return [
        report
        for at in range(2)
        for group in (*together, *alone)
        for report in _export(folder, group, sold, times, at=at)
    ]


def _export(
    folder: Path,
    group: Sequence[Partner],
    sold: Mapping[Partner, Sequence[Sale]],
    times: Times,
    *,
    at: int,
) -> Iterator[Report]:
    """Write the lines of some partners on one of the two days, unless there are none."""
    first_on, second_on = times.exports
    alone = len(group) == 1
    rows = [
        _row(partner, sale, first=at == 0, named=not alone)
        for partner in group
        for sale in sold[partner]
        if (sale.sale_on <= first_on if at == 0 else sale.sale_on > first_on - _OVERLAP)
    ]
    if rows:
        taken_on = (first_on, second_on)[at]
        name = group[0].id if alone else f"export-{1 + group[0].number % 4}"
        path = _write(folder / f"transactions-{name}-{taken_on}", group[0].number, rows)
        partner_id = group[0].id if alone else None
        yield Report(path=path, taken_on=taken_on, partner_id=partner_id)


def _write(stem: Path, number: int, rows: list[Row]) -> Path:
    """Write rows as a JSON list, a JSON object or CSV, some of them compressed."""
    kind = number % 4
    if kind == 0:
        text, ending = json.dumps(rows, ensure_ascii=False), "json"
    elif kind == 1:
        links = {"self": {"href": "/rest/2/vendors/demo/reporting/sales/transactions"}}
        text = json.dumps({"_links": links, "transactions": rows}, ensure_ascii=False)
        ending = "json"
    else:
        text, ending = _csv(rows, number), "csv"
    content = text.encode()
    if number % 3 == 0:
        content, ending = gzip.compress(content, mtime=0), f"{ending}.gz"
    path = stem.with_name(f"{stem.name}.{ending}")
    path.write_bytes(content)
    return path


def _row(partner: Partner, sale: Sale, *, first: bool, named: bool) -> Row:
    """Write one line of the report, as it stood in the first or stands in the second export."""
    as_before = first and sale.before is not None
    price = sale.before if as_before and sale.before is not None else sale.price
    app = partner.apps[0]
    row: Row = {
        "transactionId": f"AT-{sale.line // 2}",
        "transactionLineItemId": f"{sale.line:010}",
        "addonLicenseId": str(sale.line % 10_000_000),
        "licenseId": f"SEN-{sale.line % 1_000_000}",
        "addonKey": sale.app_key,
        "addonName": app.name,
        "lastUpdated": str(sale.sale_on + timedelta(days=1) if as_before else sale.updated_on),
        "customerDetails": _customer(sale),
        "purchaseDetails": _purchase(sale, price, is_open=as_before),
    }
    if named:
        row["vendorId"] = partner.id
        row["vendorName"] = partner.name
    return row


def _customer(sale: Sale) -> Row:
    number = sale.line % 4_973
    country, region = REGIONS[number % len(REGIONS)]
    company = f"Demo Customer {number:04}"
    contact = {
        "name": f"Demo Contact {number:04}",
        "email": f"contact@demo-customer-{number:04}.example",
    }
    if number % 17 == 0:
        contact = dict.fromkeys(contact, _FORGOTTEN)
    if number % 11 == 0:
        company = f'Demo Customer {number:04},\n"Annex", 2nd floor'
    return {"company": company, "country": country, "region": region, "technicalContact": contact}


def _purchase(sale: Sale, price: int, *, is_open: bool) -> Row:
    paid = "Refunded" if sale.kind == "Refund" else "Paid"
    return {
        "saleDate": str(sale.sale_on),
        "tier": f"{25 * (1 + sale.line % 40)} Users",
        "licenseType": "COMMERCIAL" if sale.price else "DEMONSTRATION",
        "hosting": sale.hosting,
        "billingPeriod": "Annual",
        "purchasePrice": price / 100,
        "vendorAmount": price * 85 // 100 / 100,
        "saleType": sale.kind,
        "paymentStatus": "Open" if is_open else paid,
        "paymentTerms": sale.terms,
        "maintenanceStartDate": str(sale.sale_on),
        "maintenanceEndDate": str(sale.sale_on + timedelta(days=365)),
    }


def _csv(rows: list[Row], number: int) -> str:
    """Write rows with the names of their leaves, in an order of the file's own."""
    flat = [_leaves(row) for row in rows]
    columns = sorted(flat[0], key=lambda name: hash_of(f"{number}{name}"))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=columns, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(flat)
    mark = "\ufeff" if number % 5 == 0 else ""
    return mark + text.getvalue()


def hash_of(text: str) -> int:
    """Return a number for a text that is the same on every run."""
    return sum((place + 7) * ord(letter) ** 2 for place, letter in enumerate(text)) % 997


def _leaves(row: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Flatten a line as the CSV does: leaf names, those of a contact with its role before them."""
    found: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= _leaves(value, name if name.endswith("Contact") else "")
        else:
            found[prefix + name[0].upper() + name[1:] if prefix else name] = value
    return found
