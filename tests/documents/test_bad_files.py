"""Files that are broken, hostile or of the wrong kind: refused in one line each."""

import gzip
import json
import zipfile
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.core.issues import Refused
from assay.documents.reading import write_rejects
from tests.documents.conftest import rejected, staged_rows
from tests.documents.workbooks import Formula, workbook, zipped

APPS = b"app_id,partner_id\n"
SALE = {"transactionId": "AT-1", "purchaseDetails": {"saleDate": "2025-01-02"}}


def parquet(columns):
    out = BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def bomb():
    """Give a workbook whose only sheet unpacks to 300 MB."""
    out = BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def far_apart():
    parts = zipfile.ZipFile(BytesIO(workbook(apps=[["app_id", "partner_id"], ["a", "p"]])))
    content = {name: parts.read(name).decode() for name in parts.namelist()}
    name = "xl/worksheets/sheet1.xml"
    content[name] = content[name].replace('r="B2"', 'r="XFD1048576"')
    return zipped(content)


REFUSED = {
    "empty": (b"", "is empty"),
    "utf-16": ("app_id,partner_id\n".encode("utf-16"), "is UTF-16"),
    "nul": (APPS + b"a\0,p\n", "has NUL bytes: it is not a text file"),
    "latin-1": (APPS + b"caf\xe9,p\n", "is not UTF-8 text"),
    "open quote": (APPS + b'a,p\n"b,p\n', "cannot be read after this row: unexpected end of data"),
    "text after quote": (APPS + b'a,"p"q\n', "cannot be read after this row: "),
    "long line": (APPS + b"a," + b"p" * 10_000_000, "has a line longer than 1,048,576 characters"),
    "long last line": (
        APPS + b"a,p\nb," + b"p" * 40_000_000 + b"\n",  # more than DuckDB's buffer
        "has a line longer than 1,048,576 characters",
    ),
    "one long line": (b"x" * 30_000_000, "has a line longer than 1,048,576 characters"),
    "20,000 columns": (b",".join(b"c%d" % i for i in range(20_000)), "has 20,000 columns"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "has NUL bytes: it is not a text file"),
    "page": (b"<!DOCTYPE html><html></html>", "is not a report Assay knows: no table of facts"),
    "other table": (b"colour,size\nred,1\n", "is not a report Assay knows: no table of facts"),
    "missing column": (b"escalation_id,partner_id\n", "is missing"),
    "repeated column": (b"app_id,partner_id,app_id\n", "stands twice in the header"),
    "repeated leaf": (b"transactionId,purchasePrice,PURCHASEPRICE\n", "stands twice in the header"),
    "cut json": (json.dumps([SALE, SALE]).encode()[:-20], "is not whole JSON: parse error"),
    "json and more": (json.dumps([SALE]).encode() + b"]", "is not whole JSON: parse error"),
    "json nan": (b'[{"transactionId": NaN}]', "is not whole JSON: lexical error"),
    "json not utf-8": (b'[{"transactionId": "caf\xe9"}]', "is not whole JSON: "),
    "json huge exponent": (b'[{"transactionId": 1e99999999999999999999}]', "is not whole JSON: "),
    "json long number": (
        b'[{"transactionId": ' + b"9" * 5_000 + b"}]",
        "has a number of more than 1,000 digits",
    ),
    "json deep": (b'[{"transactionId":' + b"[" * 3_000_000, "is nested more than 32 levels deep"),
    "json deep objects": (b'[{"a":' * 1_000_000, "is nested more than 32 levels deep"),
    "json huge record": (
        b'[{"transactionId": "' + b"x" * 20_000_000 + b'"}]',
        "has a record of more than 16,777,216 bytes",
    ),
    "json other": (b'[{"colour": 1}]', "is JSON, but neither a transactions report nor a bug"),
    "json object": (b'{"colour": 1}', "is JSON, but neither a transactions report nor a bug"),
    "json text list": (b'["a", "b"]', "is JSON, but neither a transactions report nor a bug"),
    "scope without day": (b'[{"targets": {}}]', "does not say its day"),
    "cut gzip": (gzip.compress(APPS * 10_000)[:-9], "cannot be unpacked: "),
    "broken gzip": (b"\x1f\x8b" + b"x" * 100, "cannot be unpacked: "),
    "gzip bomb": (gzip.compress(b"0" * 150_000_000), "unpacks to more than 60 times its size"),
    "empty gzip": (gzip.compress(b""), "is empty"),
    "cut parquet": (parquet({"app_id": ["a"]})[:-5], "cannot be read: "),
    "hollow parquet": (b"PAR1" + b"\0" * 100 + b"PAR1", "cannot be read: "),
    "float parquet": (
        parquet({"submission_id": ["s"], "app_id": ["a"], "submitted_on": ["x"], "awarded": [1.5]}),
        "is DOUBLE, which cannot be read as money",
    ),
    "cut workbook": (workbook(apps=[["app_id", "partner_id"]])[:-30], "is not a whole XLSX"),
    "other zip": (zipped({"a.txt": "hello"}), "cannot be read: "),
    "broken sheet": (zipped({"xl/worksheets/sheet1.xml": "<a"}), "is not a whole XLSX workbook"),
    "workbook bomb": (bomb(), "unpacks to more than 256 MiB"),
    "far cells": (far_apart(), "spans more than 20,000,000 cells"),
    "empty workbook": (workbook(apps=[]), "is empty"),
    "other workbook": (workbook(notes=[["a"]]), "is not a report Assay knows: no table of facts"),
    "formula": (
        workbook(apps=[["app_id", "partner_id"], ["a", Formula("A1")]]),
        "is a formula that was never computed",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused(read, case):
    content, message = REFUSED[case]
    with pytest.raises(Refused) as refused:
        read("file", content)
    (issue,) = refused.value.issues
    assert issue.message.startswith(message)
    assert issue.file == "file"


SALES = "transaction_id,partner_id,hosting,sale_date,purchase_price,currency,note\n"
BAD_CELLS = {
    "price": ('t,p,cloud,2025-01-01,"1,234.50",USD,', "purchase_price", "write 1234.50"),
    "day": ("t,p,cloud,31/12/2025,1,USD,", "sale_date", "write 2025-12-31"),
    "currency": ("t,p,cloud,2025-01-01,1,EUR,", "currency", "convert the amounts to USD"),
    "formula": ("=1+1,p,cloud,2025-01-01,1,USD,", "transaction_id", "write the value itself"),
    "no key": (",p,cloud,2025-01-01,1,USD,", "transaction_id", "every row needs a value here"),
    "short": ("t,p", None, "quote cells that hold a comma or a line break"),
    "long": (
        "t,p,cloud,2025-01-01,1,USD,,,x",
        None,
        "quote cells that hold a comma or a line break",
    ),
}


@pytest.mark.parametrize("case", BAD_CELLS)
def test_a_bad_row_is_rejected_and_the_others_are_kept(read, case):
    row, column, hint = BAD_CELLS[case]
    good = "{},p,cloud,2025-01-01,1,USD,\n"
    reading = read("sales.csv", SALES + good.format("a") + row + "\n" + good.format("b"))
    assert (reading.rows, reading.rejected, reading.staged_rows) == (3, 1, {"transactions": 2})
    assert [(line[0], line[-1]) for line in staged_rows(reading, "transactions")] == [
        ("a", 1),
        ("b", 3),
    ]
    ((number, named, _value, _message, told),) = rejected(reading)
    assert (number, named, told) == (2, column, hint)


def test_where_every_row_is_bad_nothing_is_staged(read):
    reading = read("sales.csv", SALES + "t,p,cloud,2025-01-01,x,USD,\n")
    assert (reading.rows, reading.rejected, dict(reading.staged)) == (1, 1, {})


def test_rejected_rows_can_be_mended_and_imported_again(read, tmp_path):
    rows = 't,"p, q",cloud,31/12/2025,1,USD,"two\nlines"\nu,p\n'
    write_rejects(read("sales.csv", SALES + rows), tmp_path / "rejects.csv")
    written = (tmp_path / "rejects.csv").read_text()
    assert written.replace("\r\n", "\n") == (
        SALES.strip() + ",assay_row,assay_column,assay_problem,assay_hint\n"
        'u,p,,,,,,2,,"has 2 cells, the header has 7",'
        "quote cells that hold a comma or a line break\n"
        't,"p, q",cloud,31/12/2025,1,USD,"two\nlines",1,sale_date,'
        "is not a date of the form YYYY-MM-DD,write 2025-12-31\n"
    )
    mended = written.replace("31/12/2025", "2025-12-31").replace(
        "u,p,,,,,,", "u,p,cloud,2025-12-31,2,USD,,"
    )
    again = read("mended.csv", mended)
    assert (again.rows, again.rejected) == (2, 0)
    assert [row[0] for row in staged_rows(again, "transactions")] == ["u", "t"]
    assert again.notes == ("Columns of mended.csv that are not used: note.",)


def test_rejected_rows_of_json_are_written_as_the_csv_form_of_the_report(read, tmp_path):
    text = '[{"transactionId": "A", "purchaseDetails": {"purchasePrice": 10.005}}]'
    reading = read("report.json", text, partner_id="p1")
    write_rejects(reading, tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_text().splitlines() == [
        (
            "transactionLineItemId,transactionId,vendorId,addonKey,hosting,saleDate,saleType,"
            "purchasePrice,vendorAmount,currency,lastUpdated,"
            "assay_row,assay_column,assay_problem,assay_hint"
        ),
        (
            ',A,,,,,,10.005,,,,1,hosting,"is empty; also look at saleDate, purchasePrice",'
            "every row needs a value here"
        ),
    ]
