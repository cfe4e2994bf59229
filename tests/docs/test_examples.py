"""What the documentation tells people to type runs, and prints what the page says.

A `console` block holds commands after `$ ` and what they print; a `python` block holds doctests.
`...` stands for anything. Blocks of one page follow each other in one folder, which has the
documentation's example in it.
"""

import doctest
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, blocks

LENIENT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CONSOLE = [page for page in PAGES if any(blocks(page, "console"))]
PYTHON = [page for page in PAGES if any(blocks(page, "python"))]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "docs/example", tmp_path / "docs/example")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def commands(block):
    """Yield each command of a console block with what it is to print."""
    for part in block.removeprefix("$ ").split("\n$ "):
        command, _, printed = part.partition("\n")
        while command.endswith("\\"):
            more, _, printed = printed.partition("\n")
            command = f"{command}\n{more.removeprefix('> ')}"
        yield command, printed


@pytest.mark.parametrize("page", CONSOLE)
def test_commands_print_what_the_page_says(page, folder):
    for block in blocks(page, "console"):
        for command, expected in commands(block):
            ran = subprocess.run(  # noqa: S602 - the page's own command
                command, shell=True, cwd=folder, capture_output=True, text=True, check=False
            )
            printed = ran.stdout + ran.stderr
            assert_same(command, expected, printed)


def assert_same(command, expected, printed):
    same = doctest.OutputChecker().check_output(expected or "\n", printed or "\n", LENIENT)
    assert same, f"$ {command}\n{printed}"


@pytest.mark.parametrize("page", PYTHON)
@pytest.mark.usefixtures("folder")
def test_python_examples_give_what_the_page_says(page):
    code = "\n".join(blocks(page, "python"))
    test = doctest.DocTestParser().get_doctest(code, {}, page, page, 0)
    assert test.examples, f"{page} has a python block without a prompt"
    failures, _ = doctest.DocTestRunner(optionflags=LENIENT).run(test)
    assert failures == 0
