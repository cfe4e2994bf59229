"""Write what was measured: as a table on the terminal and as a section of docs/benchmarks.md."""

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.bench.timing import Took

PARTS = ("duckdb", "pyarrow", "deltalake", "polars", "pandas")
HEAD = """# Benchmarks

Written by `make bench` (`make bench ROWS=100m`): one run, medians of five unless a row says
otherwise, each thing in a fresh process, baseline and subject by turns. Ratios count; seconds
depend on the machine and on what else it does. What is measured, and how, is in `tests/bench/`.

- The facts are made up: 10,000 partners whose sizes, prices and cloud shares differ by orders of
  magnitude, 30,000 apps, two years of sales in no order, half of them in the review's window.
- "DuckDB reads five columns" is `max()` of the key, the partner, the hosting, the date and the
  price of the window's rows, from the same files, nothing else. Four columns are those without
  the key, which are all that a sum of sales needs.
- A review in process is the job `assay review` does, from opening the facts to findings, without
  the start of Python and its imports. The row of the command has those, and the written files.
- pandas and the first Polars compute the same requirements from the same folder, but check no cell,
  no key and no reference, write no findings and name no digest. "Facts checked" is Polars with
  these; it has no outcome "unknown" and tells no row's place. The decisions and outcomes of all
  three are compared with Assay's before anything is timed.
- CPU seconds are those of all cores together: they tell less of what else the machine does.
- Assay runs without pandas, as it is installed (`make bench` installs pandas to compare with).
- Peak memory is the highest resident size of the process (VmHWM) in any run.
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the report; `of` is what its time is divided by, `most` the target."""

    what: str
    took: Took
    of: Took | None = None
    most: float | None = None

    @property
    def ratio(self):
        return None if self.of is None else self.took.median / self.of.median

    def cells(self):
        seconds, ratio, peak = self.took.seconds, self.ratio, self.took.peak
        spread = f" ({min(seconds):.2f}–{max(seconds):.2f})" if len(seconds) > 1 else " (once)"
        target = ""
        if self.most is not None:
            target = f"≤ {self.most}: {'met' if ratio <= self.most else 'missed'}"
        return (
            self.what,
            f"{self.took.median:.2f}{spread}",
            "" if ratio is None else f"{ratio:.2f}",
            target,
            f"{median(self.took.cpu):.2f}",
            "" if peak is None else f"{peak:,.0f}",
        )


COLUMNS = ("what", "seconds", "ratio", "target", "CPU seconds", "peak MiB")


def section(title, tables, *, on, notes, columns=COLUMNS):
    """Write a section: when, where, with what; a table a topic, of rows with cells."""
    lines = [f"## {title}", "", f"Measured on {on} on {machine()}.", ""]
    for topic, rows in tables.items():
        lines += [f"### {topic}", "", _line(columns), _line(("---",) * len(columns))]
        lines += [_line(row.cells()) for row in rows]
        lines.append("")
    return "\n".join([*lines, *(f"- {note}" for note in notes)]) + "\n"


def _line(cells):
    return f"| {' | '.join(cells)} |"


def machine():
    """Tell processor, cores, memory and versions."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    return (
        f"{model[1] if model else platform.machine()}, {len(os.sched_getaffinity(0))} cores, "
        f"{memory:.0f} GiB; Python {platform.python_version()}, {parts}"
    )


def write_section(path, text):
    """Put a section into the page `path`, in the place of the one with the same title."""
    old = path.read_text(encoding="utf-8") if path.exists() else HEAD
    kept = re.split(r"^(?=## )", old, flags=re.MULTILINE)[1:]
    title = text.partition("\n")[0]
    sections = [one.rstrip() + "\n" for one in kept if one.partition("\n")[0] != title]
    path.write_text("\n".join([HEAD, *sorted([*sections, text])]), encoding="utf-8")
