"""Progress on standard error: a bar for what takes long; silent where no terminal is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Task

    from assay.jobs.imports.import_reports import Step
    from assay.tables.watch import OnWork, Work

    Show = Callable[[str, float, float | None], Task]


@contextmanager
def work_bar() -> Iterator[OnWork | None]:
    """Show a bar for each long work of a review: its share, and its speed where rows are known."""
    with _bars() as show:
        if show is None:
            yield None
            return

        def on_work(work: Work) -> None:
            task = show(work.what, work.done, 1.0)
            task.fields["beside"] = f"{work.done:.0%}{_speed(task, work.rows)}"

        yield on_work


@contextmanager
def import_bar() -> Iterator[Callable[[Step], None] | None]:
    """Show a bar for each file while it is read and while it is kept: its rows, their speed."""
    with _bars() as show:
        if show is None:
            yield None
            return

        def on_step(step: Step) -> None:
            total = step.expected if step.stage == "reading" else None
            task = show(f"{step.stage} {step.file}", step.rows, total)
            task.fields["beside"] = f"{step.rows:,} rows{_speed(task, 1)}"

        yield on_step


@contextmanager
def step_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each step, of which so much is done and so much there is."""
    with _bars(transient=False) as show:

        def on_step(what: str, done: int, total: int) -> None:
            if show is not None:
                show(what, done, total).fields["beside"] = f"{done}/{total}"

        yield on_step


@contextmanager
def _bars(*, transient: bool = True) -> Iterator[Show | None]:
    """Lend a function that shows how much of a named task is done, and returns the task."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    with Progress(
        "{task.description}",
        BarColumn(),
        "{task.fields[beside]}",
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=transient,
    ) as progress:

        def show(name: str, done: float, total: float | None) -> Task:
            task = next((task for task in progress.tasks if task.description == name), None)
            if task is None:
                progress.add_task(name, total=total, beside="")
                task = progress.tasks[-1]
            progress.update(task.id, completed=done)
            return task

        yield show


def _speed(task: Task, rows: int | None) -> str:
    """Tell rows per second, once they are known; the task's unit is so many `rows`."""
    return f", {task.speed * rows:,.0f} rows/s" if task.speed and rows else ""
