"""The walls of the house that no linter checks."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
WRITTEN_BY_DJANGO = "migrations"
MODULES = {
    str(path.relative_to(SOURCE)): path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.parent.name != WRITTEN_BY_DJANGO
}

FUNCTION_LINES = 50
FILE_LINES = 400
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "manager", "managers", "util", "utils"}


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every piece of syntax with the module it stands in."""
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield name, node


def lines_of_functions() -> Iterator[tuple[str, int]]:
    """Yield where each function stands and its lines, from first decorator to last statement."""
    for name, node in nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min(part.lineno for part in (node, *node.decorator_list))
            yield f"{name}:{first} {node.name}", node.end_lineno - first + 1


def imported_packages() -> Iterator[str]:
    """Yield the first word of every absolute import."""
    for _, node in nodes():
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def distribution(requirement: str) -> str:
    """Cut a requirement down to the name that PyPI knows: `ruamel_yaml>=0.19` is `ruamel-yaml`."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_the_walls_stand_around_every_room():
    assert "assay/core/__init__.py" in MODULES


def test_a_function_fits_a_screen():
    too_long = {place: lines for place, lines in lines_of_functions() if lines > FUNCTION_LINES}
    assert too_long == {}


def test_a_file_fits_a_sitting():
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_a_module_is_named_for_what_it_holds():
    nameless = {name for name in MODULES if NAMES_THAT_SAY_NOTHING & {*Path(name[:-3]).parts}}
    assert nameless == set()


def test_a_page_writes_dates_as_its_reader_does():
    written = re.compile(r"\b(DateColumn|DateTimeColumn|strftime)\b|\|(date:(?!'c'|'Y)|time\b)")
    pages = (SOURCE / "assay/portal").rglob("*.*")
    texts = {path: path.read_text("utf-8") for path in pages if path.suffix in (".py", ".html")}
    assert [path.name for path, text in texts.items() if written.search(text)] == []


def test_an_imported_package_is_a_declared_dependency():
    declared = {distribution(requirement) for requirement in requires("assay")}
    imported = set(imported_packages()) - sys.stdlib_module_names - {"assay"}
    providers = packages_distributions()
    given = {
        name: {distribution(provider) for provider in providers.get(name, [])} for name in imported
    }
    assert {name for name, distributions in given.items() if not distributions & declared} == set()
