import os
import pty
import sys
from subprocess import DEVNULL, Popen

CODE = """
import sys
from assay.cli.bars import import_bar
from assay.jobs.imports.import_reports import Stage, Step

with import_bar() as show:
    show(Step(file="january.csv", stage=Stage.READING, rows=500, expected=1000))
    show(Step(file="january.csv", stage=Stage.READING, rows=1000, expected=1000))
    show(Step(file="january.csv", stage=Stage.KEEPING, rows=1000, expected=1000))
"""


def test_a_terminal_sees_what_is_read_and_kept():
    ours, theirs = pty.openpty()
    with Popen(
        [sys.executable, "-c", CODE],
        stdout=DEVNULL,
        stderr=theirs,
        env=os.environ | {"COLUMNS": "120"},
    ) as shown:
        os.close(theirs)
        told = b""
        while piece := read(ours):
            told += piece
    os.close(ours)
    assert shown.returncode == 0
    assert b"january.csv" in told
    assert b"1,000 rows" in told


def read(terminal: int) -> bytes:
    """What the terminal is told next; nothing once the other side is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
