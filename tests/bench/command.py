"""Run the `assay` command as it is installed: `python -m tests.bench.command review …`."""

import tests.bench.without_pandas  # noqa: F401 - before anything imports PyArrow
from assay.cli.main import main

if __name__ == "__main__":
    main()
