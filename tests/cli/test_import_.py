import json

import pytest
import typer
from typer.testing import CliRunner

from assay.cli.import_ import import_
from assay.cli.ledger import ledger_app

HEADER = "transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount\n"
GOOD = HEADER + "a,app,2025-01-02,Cloud,1.00,0.80\nb,app,2025-01-03,Cloud,2.50,1.60\n"

app = typer.Typer()
app.command("import")(import_)
app.add_typer(ledger_app, name="ledger")


@pytest.fixture
def assay(tmp_path):
    """Run a command on the ledger of this test: its status, what it printed, what it warned of."""

    def run(*arguments: str):
        told = CliRunner().invoke(app, [*arguments, "--ledger", str(tmp_path / "ledger")])
        return told.exit_code, told.stdout.splitlines(), told.stderr.splitlines()

    return run


@pytest.fixture
def january(tmp_path):
    path = tmp_path / "january.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_counts_of_every_file_are_printed_and_add_up(assay, january):
    status, printed, _ = assay("import", "--source", "shop", "--partner", "p1", str(january))
    assert status == 0
    assert [line.split() for line in printed] == [
        ["file", "read", "kept", "already", "held", "restatements", "rejected"],
        ["january.csv", "2", "2", "0", "0", "0"],
    ]


def test_a_file_imported_again_is_told_to_be_held(assay, january):
    assay("import", "--source", "shop", "--partner", "p1", str(january))
    status, printed, _ = assay("import", "--source", "shop", "--partner", "p1", str(january))
    assert status == 0
    assert printed[1].split() == (
        ["january.csv", "2", "0", "2", "0", "0", "already", "held", "as", "batch", "1"]
    )


def test_the_first_twenty_rejected_rows_are_told_and_how_to_get_the_others(assay, january):
    january.write_text(GOOD + "x,app,2025-01-02,Cloud,much,0.80\n" * 25, encoding="utf-8")
    status, printed, warned = assay("import", "--source", "s", "--partner", "p1", str(january))
    assert (status, printed[1].split()[-1]) == (0, "25")
    assert sum("column purchasePrice" in line for line in warned) == 20
    assert "january.csv: 5 more rows rejected; --rejects FILE.csv lists them all" in warned


def test_rejected_rows_go_to_the_file_asked_for(assay, january, tmp_path):
    january.write_text(GOOD + "x,app,2025-01-02,Cloud,much,0.80\n" * 25, encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    arguments = ["--source", "s", "--partner", "p1", "--rejects", str(rejects), str(january)]
    _, _, warned = assay("import", *arguments)
    assert f"january.csv: rejected rows are in {rejects}; mend and import them" in warned
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 26


def test_a_file_that_cannot_be_read_is_status_1(assay, january, tmp_path):
    bad = tmp_path / "novel.txt"
    bad.write_text("Call me Ishmael.\n", encoding="utf-8")
    arguments = ["--source", "s", "--partner", "p1", "--as-of", "2025-02-01"]
    status, printed, warned = assay("import", *arguments, str(bad), str(january))
    assert status == 1
    assert [line.split() for line in printed[1:]] == [
        [str(bad), "refused"],
        ["january.csv", "2", "2", "0", "0", "0"],
    ]
    assert "novel.txt" in warned[0]


def test_a_ledger_is_shown_as_tables(assay, january):
    assay("import", "--source", "shop", "--partner", "p1", str(january))
    status, printed, _ = assay("ledger", "show")
    assert status == 0
    (sales,) = (line.split() for line in printed if line.startswith("transactions"))
    assert sales == (
        ["transactions", "2", "0", "2025-01-03", "purchase_price", "3.50,", "vendor_amount", "2.40"]
    )
    assert printed[-3].endswith("january.csv (shop)")
    assert printed[-1] == (
        "2 rows of transactions name an unknown app_id: 'app' (january.csv, row 1)"
    )


def test_a_ledger_is_shown_as_json_as_it_was_known(assay, january):
    assay("import", "--source", "shop", "--partner", "p1", str(january))
    _, printed, _ = assay("ledger", "show", "--json", "--known-at", "2025-01-01")
    told = json.loads("\n".join(printed))
    assert list(told) == ["tables", "batches", "unresolved"]
    assert (told["tables"]["transactions"]["rows"], told["batches"]) == (0, [])


def test_a_batch_is_undone_by_its_number_once(assay, january):
    assay("import", "--source", "shop", "--partner", "p1", str(january))
    assert assay("ledger", "undo", "1") == (
        0,
        ["Batch 1 (january.csv) is undone by batch 2."],
        [],
    )
    _, printed, _ = assay("ledger", "show", "--json")
    told = json.loads("\n".join(printed))
    assert told["tables"]["transactions"]["rows"] == 0
    assert assay("ledger", "undo", "1")[1] == [
        "Batch 1 (january.csv) was undone already, by batch 2."
    ]
