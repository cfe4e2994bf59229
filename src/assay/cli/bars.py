"""Progress on standard error: a bar, rows per second, time left; silent where no terminal is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from assay.tables.watch import OnWork, Work


class _RowsPerSecond(ProgressColumn):
    """Rows per second, where the rows of a work are known."""

    def render(self, task: Task) -> Text:
        """Write the speed of a task."""
        rows = task.fields.get("rows")
        speed = (task.speed or 0) * rows if rows else 0
        return Text(f"{speed:,.0f} rows/s" if speed else "")


@contextmanager
def work_bar() -> Iterator[OnWork | None]:
    """Show a bar for each long work of a review."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        _RowsPerSecond(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def show(work: Work) -> None:
            if work.what not in tasks:
                tasks[work.what] = progress.add_task(work.what, total=1.0, rows=work.rows)
            progress.update(tasks[work.what], completed=work.done)

        yield show
