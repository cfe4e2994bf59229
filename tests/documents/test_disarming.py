import csv

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.documents.causes import causes
from assay.documents.disarming import disarmed, rearmed, rearmed_sql
from assay.documents.reading import write_rejects
from assay.tables.duck import connect, quoted

_CELLS = st.text("=+-@'\t\r\n＝＋－＠1.,a", max_size=6)  # noqa: RUF001 - full-width forms


@settings(max_examples=50, deadline=None)
@given(_CELLS)
@example("=1+1")
@example("'=1+1")
@example("-5.00")
def test_a_cell_comes_back_as_it_was(cell):
    assert rearmed(disarmed(cell)) == cell
    with connect() as duck:
        read = duck.execute(f"SELECT {rearmed_sql(quoted(disarmed(cell)))}").fetchall()
    assert read == [(cell,)]


@pytest.mark.parametrize("cell", ["=1", "+1", "-a", "@x", "\tx", "＝1", "'=1"])  # noqa: RUF001
def test_a_cell_that_may_be_computed_gets_an_apostrophe(cell):
    assert disarmed(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5.00", "12", "a=1", "", "O'Neil", "'quoted'"])
def test_other_cells_stay_as_they_are(cell):
    assert disarmed(cell) == cell


APPS = "app_id,partner_id,=head\na,p1,=1+1\n@b,p1,x\n,p1,-x\n"


def test_rejected_rows_are_read_again_as_they_were(read, tmp_path):
    reading = read("apps.csv", APPS)
    write_rejects(reading, tmp_path / "rejects.csv")
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][:3] == ["app_id", "partner_id", "'=head"]
    assert [row[:3] for row in rows[1:]] == [["'@b", "p1", "x"], ["", "p1", "'-x"]]
    again = read("rejects.csv", text)
    assert again.header[:3] == ("app_id", "partner_id", "=head")
    assert [cause.first[0].value for cause in causes(again, most=1)] == ["@b", None]
    assert again.unused == ("=head",)
