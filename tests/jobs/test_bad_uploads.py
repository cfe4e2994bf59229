"""Files that are broken, huge or hostile: told, never a crash, never a row that is stuck."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from assay.gateways.installation import Installation
from assay.jobs.imports.preview_upload import preview_upload
from assay.jobs.imports.receive_upload import Said, receive_upload
from assay.jobs.imports.uploads import ledger
from assay.store.models import Person

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
HEADER = "transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount\n"
GOOD = HEADER + "a,app,2025-01-02,Cloud,1.00,0.80\n"
LONG = "x" * 10_000_000
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path / "installation")


@pytest.fixture
def previewed(tmp_path):
    def preview(content, name="report.csv"):
        ann = Person.objects.create_user("ann@demo.example", joined_at=AT)
        path = tmp_path / "sent"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = Said(source="marketplace", partner_key="p1")
        upload = receive_upload(path, name, said, by=ann, at=AT)
        preview_upload(upload.pk, now=lambda: AT)
        upload.refresh_from_db()
        return upload

    return preview


def workbook(*rows, sheet="apps"):
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(number, place, cell)
    return held.getvalue()


def bomb():
    """A workbook whose one sheet unpacks to 300 MB."""
    held = io.BytesIO(workbook(["app_id", "partner_id"]))
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet2.xml", "w") as sheet,
    ):
        for _ in range(300):
            sheet.write(b" " * 1_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "empty.csv", "is empty"),
        ("\n\n\n", "lines.csv", "is empty"),
        (b"\x00\x01\x02" * 100, "nul.csv", "has NUL bytes: it is not a text file"),
        (GOOD.encode("utf-16"), "utf16.csv", "is UTF-16"),
        (HEADER.encode() + b"\xff\xfe\xfa,app,x,y,z,w\n", "latin.csv", "is not UTF-8 text"),
        (",".join(f"c{n}" for n in range(20_000)) + "\n1\n", "wide.csv", "has 20,000 columns"),
        (HEADER + LONG + "\n", "cell.csv", "has a line longer than 1,048,576 characters"),
        ('[{"transactionId": "a", "x": "' + LONG, "cut.json", "is not whole JSON: "),
        ('{"a": 1}', "other.json", "is JSON, but neither a transactions report"),
        (b"PAR1" + b"x" * 100, "broken.parquet", "cannot be read: "),
        (b"PK\x03\x04" + b"x" * 100, "broken.xlsx", "is not a whole XLSX workbook: "),
        (gzip.compress(b"x" * 100_000_000), "bomb.csv.gz", "unpacks to more than 60 times its"),
        (gzip.compress(GOOD.encode())[:-9], "cut.csv.gz", "cannot be unpacked: "),
        (bomb(), "bomb.xlsx", "unpacks to more than 256 MiB"),
        ("a,b\n1,2\n", "novel.csv", "is not a report Assay knows"),
        ("<html>", "page.html", "is not a report Assay knows"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-9:] else "-",
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(previewed, content, name, message):
    upload = previewed(content, name)
    assert upload.state == "refused"
    assert upload.trouble[0]["message"].startswith(message)
    assert len(upload.trouble[0]["message"]) < 400
    assert ledger().batches() == ()


def test_formula_cells_are_refused_row_by_row(previewed):
    upload = previewed("app_id,partner_id,name\na,p1,=1+1\nb,p1,@x\nc,p1,good\n", "apps.csv")
    assert (upload.state, upload.new, upload.refused) == ("ready", 1, 2)
    assert [cause["message"] for cause in upload.preview["causes"]] == ["looks like a formula"]


def test_a_long_cell_is_shortened_where_it_is_told(previewed):
    upload = previewed(HEADER + f"a,app,{'9' * 900_000},Cloud,1.00,0.80\n")
    (cause,) = upload.preview["causes"]
    assert len(cause["first"][0]["value"]) == 201


def test_a_nul_in_a_cell_is_told(previewed):
    rows = "".join(f"a{n},app,2025-01-02,Cloud,1.00,0.80\n" for n in range(3_000))
    upload = previewed(HEADER + rows + "b\0b,app,2025-01-02,Cloud,1.00,0.80\n")
    assert (upload.state, upload.new, upload.refused) == ("ready", 3_000, 1)
    assert upload.preview["causes"][0]["first"][0]["value"] == "b␀b"


def test_a_formula_in_a_workbook_counts_by_its_computed_value(previewed):
    content = workbook(["app_id", "partner_id"], ["a", "=1+1"])
    upload = previewed(content, "apps.xlsx")
    assert (upload.state, upload.new) == ("ready", 1)


def test_a_thousand_causes_are_bounded(previewed):
    wide = ",".join(f"c{n}" for n in range(900))
    rows = "".join("x," * n + "\n" for n in range(950))
    upload = previewed(f"app_id,partner_id,{wide}\n{rows}", "apps.csv")
    assert (upload.rows, upload.refused) == (949, 947)
    assert len(upload.preview["causes"]) == 100


def test_an_empty_list_of_transactions_can_be_imported_and_holds_nothing(previewed):
    upload = previewed("[]", "june.json")
    assert (upload.state, upload.rows) == ("ready", 0)
