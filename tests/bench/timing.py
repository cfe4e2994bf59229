"""Measure by turns: each thing in a fresh process, A B A B, and medians of what they took."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A function of a module of this package, and its arguments."""

    module: str
    function: str
    arguments: dict = field(default_factory=dict)

    def run(self):
        """Run it once in a process of its own; returns what `tests.bench.one` prints."""
        command = [sys.executable, "-m", "tests.bench.one", self.module, self.function]
        done = subprocess.run(
            [*command, json.dumps(self.arguments)], check=True, stdout=subprocess.PIPE
        )
        return json.loads(done.stdout)


@dataclass(frozen=True, kw_only=True)
class Command:
    """The `assay` command with its arguments: measured from outside, start of Python included."""

    arguments: tuple

    def run(self):
        """Run it once; the peak of its memory is not known."""
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "tests.bench.command", *self.arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"seconds": seconds, "cpu": cpu, "peak_mib": None, "outcome": {}}


@dataclass(frozen=True)
class Took:
    """What the runs of one thing took: seconds, those of all cores, peak memory in MiB.

    `outcome` is what the last run told.
    """

    seconds: list
    cpu: list
    peaks: list
    outcome: dict

    @property
    def median(self):
        return median(self.seconds)

    @property
    def peak(self):
        return max(self.peaks) if self.peaks else None


def took(runs):
    """Put runs of one thing together."""
    peaks = [run["peak_mib"] for run in runs if run["peak_mib"] is not None]
    return Took(
        [run["seconds"] for run in runs], [run["cpu"] for run in runs], peaks, runs[-1]["outcome"]
    )


def by_turns(things, *, runs):
    """Run things (by name) one after the other, `runs` times over; returns Took by name."""
    found = {name: [] for name in things}
    for _ in range(runs):
        for name, thing in things.items():
            found[name].append(thing.run())
    return {name: took(done) for name, done in found.items()}
