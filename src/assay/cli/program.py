"""`assay program`: check, show and compare programs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

import typer

from assay.core.issues import Issue, Severity

if TYPE_CHECKING:
    from assay.jobs.programs.run_cases import CaseResult

program = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Reference = Annotated[
    str,
    typer.Argument(
        metavar="PROGRAM", help="A folder, a file, or NAME@VERSION of a shipped program."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WidthOption = Annotated[
    int | None, typer.Option("--width", min=60, max=160, help="Characters a line.")
]


@program.callback()
def _commands() -> None:
    """Check, show, compare and test programs."""


@program.command()
def check(reference: Reference, as_json: AsJson = False) -> None:
    """Say everything that is wrong with a program, with line and remedy.

    Exit status 1 where there is an error, 0 where there are only warnings.
    """
    from assay.jobs.programs.check_program import check_program

    issues = check_program(reference)
    if as_json:
        typer.echo(json.dumps([asdict(issue) for issue in issues], indent=2, ensure_ascii=False))
    else:
        for issue in issues:
            typer.echo(issue)
        typer.echo(_counted(issues))
    if any(issue.severity is Severity.ERROR for issue in issues):
        raise typer.Exit(1)


@program.command()
def show(reference: Reference, as_json: AsJson = False, width: WidthOption = None) -> None:
    """Print a program as a person reads it: tables of requirements, benefits and measures."""
    from assay.documents.programs import load_program
    from assay.words.program_document import program_document
    from assay.words.program_text import program_text

    shown = load_program(reference)
    if as_json:
        typer.echo(json.dumps(program_document(shown), indent=2, ensure_ascii=False))
    else:
        typer.echo(program_text(shown, width=width or _terminal_width()), nl=False)


@program.command()
def diff(
    old: Reference, new: Reference, as_json: AsJson = False, width: WidthOption = None
) -> None:
    """Say in words what one version of a program changes of another."""
    from assay.documents.programs import load_program
    from assay.words.program_diff import changes_text, program_changes

    before, after = load_program(old), load_program(new)
    changes = program_changes(before, after)
    if as_json:
        typer.echo(json.dumps([asdict(c) for c in changes], indent=2, ensure_ascii=False))
        return
    typer.echo(f"From {before.label} to {after.label}")
    typer.echo(changes_text(changes, width=width or _terminal_width()), nl=False)


@program.command(name="test")
def cases(
    reference: Reference,
    as_json: AsJson = False,
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb, spark://HOST:PORT or sc://HOST:PORT.")
    ] = "duckdb",
) -> None:
    """Run a program's golden cases: a line for each that fails, and how many there are.

    Exit status 1 where one fails.
    """
    from assay.jobs.programs.run_cases import case_document, run_cases

    results = run_cases(reference, engine=engine)
    failed = [result for result in results if not result.passed]
    if as_json:
        told = [case_document(result) for result in results]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for result in failed:
            typer.echo(_failure(result))
        typer.echo(f"{len(results)} cases, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)


@program.command()
def schema() -> None:
    """Print the JSON Schema of program files, for editors."""
    found = files("assay") / "programs" / "program.schema.json"
    typer.echo(found.read_text(encoding="utf-8"), nl=False)


def _failure(result: CaseResult) -> str:
    """Tell a failed case in a line, and what was measured in a second one."""
    case = result.case
    differences = "; ".join(str(difference) for difference in result.differences)
    measured = ", ".join(f"{name} {value}" for name, value in result.measured.items())
    return f"{case.file}:{case.line}: {case.name}: {differences}\n  measured: {measured}"


def _terminal_width() -> int:
    return shutil.get_terminal_size().columns


def _counted(issues: Sequence[Issue]) -> str:
    errors = sum(issue.severity is Severity.ERROR for issue in issues)
    warnings = len(issues) - errors
    return (
        f"{errors} {'error' if errors == 1 else 'errors'}, "
        f"{warnings} {'warning' if warnings == 1 else 'warnings'}"
    )
