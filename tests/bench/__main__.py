"""Run the benchmark: `python -m tests.bench --rows 10m`."""

import argparse
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import PROGRAM, REVIEW_ON, inputs
from tests.bench.ours import ledger_files
from tests.bench.report import Row, section, write_section
from tests.bench.timing import Command, Thing, by_turns, took

SIZES = {"1m": 1_000_000, "10m": 10_000_000, "100m": 100_000_000}
PIECE = 10_000_000  # transactions in one report
MIDDLING, LARGEST = "1215000", "1210000"
OTHERS = {  # by the module here that computes the same requirements
    "in_polars": "Polars: the same decisions",
    "checked_in_polars": "Polars: the same, facts checked",
    "in_pandas": "pandas: the same decisions",
}
MOST_MEMORY = 1536  # MiB


def main():
    """Measure everything at one size and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", choices=SIZES, default="10m")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    chosen = parser.parse_args()
    bench = Bench(home=chosen.dir, rows=SIZES[chosen.rows], runs=chosen.runs)
    tables = bench.measured()
    text = section(
        f"{chosen.rows.removesuffix('m')} million transactions",
        tables,
        on=datetime.now(UTC).date(),  # noqa: TID251 - an edge: the page says when it was measured
        notes=[*bench.notes, memory_note(tables), load_note()],
    )
    write_section(chosen.out, text)
    print(f"\n{text}\nwritten to {chosen.out}")


def memory_note(tables):
    """Tell whether import and review stayed within their memory."""
    rows = [row for rows in tables.values() for row in rows]
    peak = max(row.took.peak for row in rows if row.what.startswith(("review", "import")))
    kept = "met" if peak < MOST_MEMORY else "missed"
    return f"Peak memory of every import and review: {peak:,.0f} MiB (under {MOST_MEMORY}: {kept})."


def load_note():
    """Tell how busy the machine was: one process of ours at a time keeps at most its cores busy."""
    return "Load average at the end (one, five, fifteen minutes): {:.1f}, {:.1f}, {:.1f}.".format(
        *os.getloadavg()
    )


class Bench:
    """One run at one size, topic by topic."""

    def __init__(self, *, home, rows, runs):
        self.home = home
        self.rows = rows
        self.runs = runs
        self.ledger = home / "ledger"
        self.notes = []
        self.explained_early = {}

    def measured(self):
        """Measure every topic; returns the rows of each."""
        self.folder = inputs.facts_folder(self.home, rows=self.rows)
        tables = {}
        for topic, measure in {
            "Review of a facts folder (Parquet, rows in no order)": self.folder_reviews,
            "Import of the CSV transactions report": self.imports,
            "Review of the ledger": self.ledger_reviews,
            "Explanation of one partner, on the ledger": self.explanations,
        }.items():
            tell(topic)
            tables[topic] = measure()
            for row in tables[topic]:
                tell(f"  {' · '.join(cell for cell in row.cells() if cell)}")
        shutil.rmtree(self.ledger)
        return tables

    def folder_reviews(self):
        """Review a folder against reading it, pandas and Polars."""
        folder = {"folder": str(self.folder)}
        files = {"files": [str(self.folder / "transactions.parquet")]}
        things = {
            "five": Thing(module="reading", function="five_columns", arguments=files),
            "review": Thing(module="ours", function="review_folder", arguments=folder),
            "four": Thing(module="reading", function="four_columns", arguments=files),
            "command": self.command("--facts", str(self.folder)),
        }
        if self.rows <= PIECE:
            agreement = Thing(module="agreement", function="same_decisions", arguments=folder).run()
            compared = agreement["outcome"]["compared"]
            self.notes.append(
                f"pandas and Polars agree with Assay on all {compared:,} tiers and outcomes."
            )
            things |= {
                module: Thing(module=module, function="review", arguments=folder)
                for module in OTHERS
            }
        found = self.by_turns(things)
        self.folder_told = found["review"].outcome
        five = found["five"]
        rows = [
            Row(what="DuckDB reads five columns", took=five, of=five),
            Row(what="DuckDB reads four columns", took=found["four"], of=five),
            Row(what="review, in process", took=found["review"], of=five, most=2.5),
            Row(what="`assay review`, the command", took=found["command"], of=five),
        ]
        return rows + [
            Row(what=what, took=found[module], of=five)
            for module, what in OTHERS.items()
            if module in found
        ]

    def imports(self):
        """Import reports, each after DuckDB's own CSV to Parquet of the same file.

        Up to ten million rows a report: one, imported afresh each time. Beyond, report after
        report goes into one ledger, and explaining is measured after the first, too.
        """
        pieces = max(self.rows // PIECE, 1)
        copies, imports = [], []
        for number in range(self.runs if pieces == 1 else pieces):
            tell(f"  report {number + 1}")
            first = 0 if pieces == 1 else number * PIECE
            report = inputs.report(self.home, first=first, last=first + min(self.rows, PIECE))
            if pieces == 1 or number == 0:
                self.new_ledger(self.ledger)
            copies.append(self.copied(report))
            imports.append(self.imported([report], into=self.ledger))
            if pieces > 1:
                report.unlink()
            if pieces > 1 and number == 0:
                self.explained_early = self.by_turns(self.explaining())
        copied = took(copies)
        rows = [
            Row(what="DuckDB, CSV to Parquet", took=copied, of=copied),
            Row(what="import", took=took(imports), of=copied, most=3.0),
        ]
        if pieces > 1:
            rows += self.growing(copies, imports)
        return rows

    def growing(self, copies, imports):
        """Tell how an import takes longer as a ledger grows, and one file with every row."""
        count = len(imports)
        self.notes.append(
            f"The ledger was made of {count} CSV reports of {PIECE:,} rows, one batch each, so "
            f"each partner's sales stand in {count} places; import is the median of these {count}."
        )
        whole = self.home / "ledger-of-one-file"
        self.new_ledger(whole)
        tell("  one file with every row")
        one = self.imported([self.folder / "transactions.parquet"], into=whole)
        shutil.rmtree(whole)
        return [
            Row(what="import, the first report", took=took(imports[:1]), of=took(copies[:1])),
            Row(what="import, the last report", took=took(imports[-1:]), of=took(copies[-1:])),
            Row(what=f"import of {self.rows:,} rows in one Parquet file", took=took([one])),
        ]

    def new_ledger(self, ledger):
        """Make a ledger that holds everything but transactions."""
        shutil.rmtree(ledger, ignore_errors=True)
        files = [self.folder / f"{name}.parquet" for name in inputs.OTHER_TABLES]
        self.imported(files, into=ledger)

    def imported(self, files, *, into):
        """Import files into a ledger."""
        arguments = {"ledger": str(into), "files": [str(file) for file in files]}
        return Thing(module="ours", function="import_files", arguments=arguments).run()

    def copied(self, report):
        """Let DuckDB write a report as Parquet, and remove that again."""
        to = self.home / "copy.parquet"
        arguments = {"report": str(report), "to": str(to)}
        done = Thing(module="reading", function="csv_to_parquet", arguments=arguments).run()
        to.unlink()
        return done

    def ledger_reviews(self):
        """Review the ledger from rows and from monthly totals, against reading its files."""
        ledger = {"ledger": str(self.ledger)}
        files = {"files": ledger_files(self.ledger)}
        found = self.by_turns(
            {
                "five": Thing(module="reading", function="five_columns", arguments=files),
                "rows": Thing(module="ours", function="review_ledger_rows", arguments=ledger),
                "four": Thing(module="reading", function="four_columns", arguments=files),
                "totals": Thing(module="ours", function="review_ledger", arguments=ledger),
                "command": self.command("--ledger", str(self.ledger)),
            }
        )
        told = (found["rows"].outcome, found["totals"].outcome)
        if told != (self.folder_told, self.folder_told):
            raise SystemExit(f"the ledger decides something else: {told}, {self.folder_told}")
        self.notes.append(
            "Folder, ledger rows and ledger totals give the same counts by tier "
            f"({told[0]['counts']}) and the same digest of facts; the ledger has "
            f"{len(files['files'])} files of transactions."
        )
        five = found["five"]
        return [
            Row(what="DuckDB reads five columns", took=five, of=five),
            Row(what="DuckDB reads four columns", took=found["four"], of=five),
            Row(what="review from the rows", took=found["rows"], of=five, most=2.0),
            Row(what="review from monthly totals", took=found["totals"], of=five, most=0.4),
            Row(what="`assay review`, the command", took=found["command"], of=five),
        ]

    def explanations(self):
        """Explain a middling partner and the largest, and how that grows with the ledger."""
        found = self.by_turns(self.explaining())
        earlier = self.explained_early
        if not earlier:
            return [Row(what=what, took=one) for what, one in found.items()]
        rows = []
        for what, one in found.items():
            rows.append(Row(what=f"{what}, {PIECE:,} sales", took=earlier[what], of=earlier[what]))
            rows.append(Row(what=f"{what}, {self.rows:,} sales", took=one, of=earlier[what]))
        return rows

    def explaining(self):
        """Name what is explained."""
        return {
            what: Thing(
                module="ours",
                function="explain",
                arguments={"ledger": str(self.ledger), "partner": partner},
            )
            for what, partner in (("a middling partner", MIDDLING), ("the largest", LARGEST))
        }

    def command(self, *source):
        """Name the command that reviews the facts and writes the outcome."""
        out = str(self.home / "out")
        return Command(
            arguments=("review", PROGRAM, *source, "--on", REVIEW_ON.isoformat(), "--out", out)
        )

    def by_turns(self, things):
        """Run things by turns, once before without counting, so that files are in memory."""
        next(iter(things.values())).run()
        return by_turns(things, runs=self.runs)


def tell(text):
    """Tell what is being done, while it takes long."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
