"""Measure one thing in this process and print what it took as JSON.

    python -m tests.bench.one MODULE FUNCTION JSON-ARGUMENTS

Imports are done before the clock starts; programs are read, files opened and results made after.
"""

import importlib
import json
import re
import sys
import time
from pathlib import Path


def main():
    """Run the function of a module of this package that the command line names."""
    module, function, arguments = sys.argv[1:]
    if module == "ours":
        importlib.import_module("tests.bench.without_pandas")
    measured = getattr(importlib.import_module(f"tests.bench.{module}"), function)
    started, started_cpu = time.perf_counter(), time.process_time()
    outcome = measured(**json.loads(arguments))
    seconds, cpu = time.perf_counter() - started, time.process_time() - started_cpu
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    outcome = outcome if isinstance(outcome, dict) else {}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mib": peak, "outcome": outcome}))


if __name__ == "__main__":
    main()
