"""What tests of documents start from: the shipped vocabulary, folders of files, no facts yet."""

import pytest

from assay.documents.folder import open_folder
from assay.documents.reports.read import read_report
from assay.documents.vocabularies import load_vocabulary
from assay.tables.duck import connect


@pytest.fixture(scope="session")
def vocabulary():
    return load_vocabulary("marketplace-1")


@pytest.fixture
def folder(tmp_path):
    """Write files by name into a folder and give its path."""

    def write(**files):
        path = tmp_path / "facts"
        path.mkdir(exist_ok=True)
        for name, content in files.items():
            encoded = content if isinstance(content, bytes) else content.encode()
            (path / f"{name}.csv").write_bytes(encoded)
        return path

    return write


@pytest.fixture
def opened(tmp_path, vocabulary):
    """Open a folder of facts in USD."""

    def open_it(path):
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return open_folder(path, vocabulary=vocabulary, currency="USD", scratch=scratch)

    return open_it


@pytest.fixture
def held(folder, opened):
    """Give facts held already, from CSV texts by table."""

    def hold(**files):
        return opened(folder(**files))

    return hold


@pytest.fixture
def read(tmp_path, vocabulary, held):
    """Read a report, given by its name and bytes."""
    steps = iter(range(100))

    def read_it(name, content, *, facts=None, partner_id=None, as_of=None, on_progress=None):
        scratch = tmp_path / f"reading-{next(steps)}"
        scratch.mkdir()
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_report(
            path,
            name=path.name,
            vocabulary=vocabulary,
            currency="USD",
            partner_id=partner_id,
            as_of=as_of,
            held=facts or held(),
            scratch=scratch,
            on_progress=on_progress,
        )

    return read_it


def rows_of(table):
    """Give the rows of a held table, sorted."""
    with connect() as connection:
        return connection.sql(table.sql).order("ALL").fetchall()


def staged_rows(reading, table):
    """Give what a reading staged for a table, in its order."""
    with connect() as connection:
        return [
            row
            for path in reading.staged[table]
            for row in connection.execute(f"FROM read_parquet('{path}')").fetchall()
        ]


def rejected(reading):
    """Give row, column, value, message and hint of the rejected rows."""
    columns = '"row", "column", "value", message, hint'
    with connect() as connection:
        rejects = connection.read_parquet(str(reading.rejects))
        return rejects.project(columns).order("1").fetchall()
